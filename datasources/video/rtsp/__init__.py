"""Cameras over RTSP, named one by one."""
