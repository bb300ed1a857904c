"""Widgets on other people's sites: two origins over TLS in a real browser."""
