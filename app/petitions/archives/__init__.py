"""Reading the archives of other petition platforms: Cheong Wa Dae, UK Parliament, the White House."""

from app.petitions.archives.reading import count_records, read_archives
from app.petitions.archives.records import ArchivedPetition, BadLine, Place

__all__ = ["ArchivedPetition", "BadLine", "Place", "count_records", "read_archives"]
