"""What `make` needs on a developer's machine; standard library only."""
