"""What other programs read by themselves: Atom feeds, calendars, and the open data."""
