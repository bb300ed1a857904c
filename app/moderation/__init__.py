"""Moderation: decisions with reasons, all of them on record."""
