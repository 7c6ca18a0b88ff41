"""Logs: one JSON object a line on stderr, whoever writes it; no line break of a value breaks a line."""

import json
import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_BREAKS = {c: f"\\u{c:04x}" for c in (0x7F, 0x85, 0x2028, 0x2029, *range(0xD800, 0xE000))}
"""Line breaks that JSON lets through, and halves of characters that no encoding takes."""


def _line(event: Any, **how: Any) -> str:
    return json.dumps(event, ensure_ascii=False, **how).translate(_BREAKS)


def _short(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Say the event first."""
    return {"event": event.pop("event", ""), **event}


_ALWAYS: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    structlog.processors.format_exc_info,
    _short,
)
_JSON = structlog.processors.JSONRenderer(serializer=_line)


def configure() -> None:
    """Let structlog write JSON to stderr; what is told on the way is not mixed with what scripts read on stdout."""
    structlog.configure(
        processors=[*_ALWAYS, _JSON],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def formatter() -> logging.Formatter:
    """The same form for those who log by the standard library."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=list(_ALWAYS), processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _JSON]
    )


STANDARD: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "logs.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
"""For uvicorn, Flask and every other library (logging.config)."""
