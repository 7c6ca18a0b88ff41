"""The one way out over HTTP: only to hosts that the settings name, capped in size and time, never to this machine's link."""

from datasources.outgoing.answer import Answer
from datasources.outgoing.client import Caps, Outgoing
from datasources.outgoing.hosts import NotNamedError, authority, named, require_named

__all__ = ["Answer", "Caps", "NotNamedError", "Outgoing", "authority", "named", "require_named"]
