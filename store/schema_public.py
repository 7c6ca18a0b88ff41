"""Places with a code, reporters, photos. Times are integer epoch seconds in UTC."""
