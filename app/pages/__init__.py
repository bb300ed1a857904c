"""Pages that compose several concepts."""
