"""Frigate: detections of things."""
