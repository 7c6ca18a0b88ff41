"""The calendar that people edit. Times are integer epoch seconds in UTC."""
