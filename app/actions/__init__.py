"""Actions: the funded collective action a petition becomes."""
