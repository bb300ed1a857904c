"""Webhooks out: people's own programs are told when something public happens to a petition."""
