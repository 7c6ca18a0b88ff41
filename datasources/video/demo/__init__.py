"""Cameras of the fictitious 云浦街道."""
