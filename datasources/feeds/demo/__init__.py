"""The fictitious 云浦街道."""
