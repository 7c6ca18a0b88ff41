"""What may become a photo."""

MOST_BYTES = 12_000_000
MOST_PIXELS = 50_000_000
"""Told by the header before anything is decoded: more than any phone takes."""

LONGEST_SIDE = 2_048
QUALITY = 82
KINDS = ("before", "after", "evidence")
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
"""JPEG reads MPO too, in which some phones keep two pictures."""
