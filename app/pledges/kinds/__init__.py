"""One module of pure rules per kind of pledge."""
