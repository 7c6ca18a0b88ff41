"""What others push to /hooks."""
