"""ZLMediaKit."""
