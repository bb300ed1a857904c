"""Deeds: shifts with places and a waiting list, checking in, and whether a promise was kept."""
