"""go2rtc."""
