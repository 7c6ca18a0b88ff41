"""A mapping service of the fictitious town."""
