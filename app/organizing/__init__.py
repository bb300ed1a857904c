"""The organizer: launch, desk, news."""
