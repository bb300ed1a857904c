"""Letters: written in the reader's language, kept, then sent."""
