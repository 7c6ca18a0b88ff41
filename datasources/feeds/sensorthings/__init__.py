"""Things, Datastreams and Observations of an OGC SensorThings server."""
