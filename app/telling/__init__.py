"""Telling: who gets which letter when something happens. Each function may run twice; letters go once."""
