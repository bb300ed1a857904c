"""Pledges: conditional promises of one kind each."""
