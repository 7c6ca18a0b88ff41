"""The demo town: a deterministic world that reaches the store only through a connector."""
