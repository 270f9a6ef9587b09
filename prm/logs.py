"""Structured logs: one JSON object a line in production, readable lines elsewhere."""

from typing import Any

import structlog

from core.secret_links import WithoutSecretLinks

SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def rendering(log_format: str) -> list[Any]:
    """The console writes tracebacks itself; in JSON they are one more value. Plain ones: with the
    values of all variables they would take half a second each, and tell secrets."""
    if log_format == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]


def logging_config(log_format: str, level: str) -> dict[str, Any]:
    """Python's logging configuration for `log_format` "json" or "plain"."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *rendering(log_format),
                ],
                "foreign_pre_chain": SHARED,
            }
        },
        "filters": {"links": {"()": WithoutSecretLinks}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.request": {"filters": ["links"]},
            "django.security.csrf": {"filters": ["links"]},
            "fontTools": {"level": "ERROR"},
            "weasyprint": {"level": "ERROR"},
            "kombu": {"level": "WARNING"},
        },
    }
