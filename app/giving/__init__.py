"""Giving: the thanks that an organizer owes for gifts, sent, marked and counted."""
