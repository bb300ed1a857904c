"""Measuring and replaying: nothing here is imported by the product."""
