"""Logs: JSON lines on standard error, without personal data."""

import logging
import sys

import structlog

log = structlog.get_logger("commune_hub")


def configure(level: str) -> None:
    """Write JSON lines of this level and above to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        # Looked up for each line: a standard error that has been replaced meanwhile may be closed.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
