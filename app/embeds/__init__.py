"""Widgets for other sites: no cookie, no login, honest about their age."""
