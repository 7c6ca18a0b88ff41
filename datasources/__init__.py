"""Everything that comes in from outside: contract, mapping, poller and the connectors."""
