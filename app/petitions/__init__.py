"""Petitions: a demand, its signatures and its thresholds."""
