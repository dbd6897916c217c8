"""The log: a line for each thing that happened, as JSON, or readable where somebody looks on in a terminal.

No line says whose request it was: no address, no name, no email, no path (paths hold private links). What failed is
told by its kind and by the lines of the program that it went through, never by its own words, which may be somebody's.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter

Event = MutableMapping[str, Any]


def configure(stream: TextIO = sys.stderr) -> None:
    """Write everything that any library or room logs to a stream; the site's own from `info` on, others' warnings."""
    known: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=known,
            processors=[ProcessorFormatter.remove_processors_meta, tell_failure, _renderer(is_read=stream.isatty())],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("tribute").setLevel(logging.INFO)


def _renderer(*, is_read: bool) -> Any:
    if is_read:
        return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def tell_failure(_logger: Any, _name: str, event: Event) -> Event:
    """Put what failed in place of the failure."""
    failure = event.pop("exc_info", None)
    error = failure[1] if isinstance(failure, tuple) else failure
    if isinstance(error, BaseException):
        event["exception"] = "".join(_told(error)).rstrip()
    return event


def _told(error: BaseException) -> Iterator[str]:
    """The causes first, as Python tells them, without what any of them says."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _told(cause)
        yield "\nfrom which came:\n\n"
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    kind = type(error)
    code = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None) or getattr(error, "errno", None)
    yield f"{kind.__module__}.{kind.__qualname__}{f' ({code})' if code else ''}\n"
