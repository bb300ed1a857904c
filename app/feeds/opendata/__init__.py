"""Open data: what is public, as tables for everybody to keep, count and build upon; nobody's person in it."""
