"""What is known of a case that is worked here. Times are integer epoch seconds in UTC."""
