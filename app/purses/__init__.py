"""Purses: money that came back to a person, to be paid out to their account or promised again."""
