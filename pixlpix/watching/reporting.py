"""Reports of errors to a collector (Sentry, or GlitchTip on a machine of the team's), where ERROR_REPORTING_DSN names one.

Off by default; the library is imported only then. What leaves is where in our code an error was raised and of what kind,
and nothing of who met it: no request, no values of variables, no lines of the log before it. Not even the message, which
may quote what somebody wrote: the line of the log with the same request has it, scrubbed.
"""

import sys

from django.conf import settings

from .context import request_id, task_id

# All that is kept of an event, and of each place in a traceback: whatever the library adds later stays here.
KEPT = frozenset({"event_id", "timestamp", "platform", "level", "logger", "environment", "release", "sdk", "exception"})
KEPT_OF_ERROR = frozenset({"type", "module", "stacktrace", "mechanism"})
KEPT_OF_FRAME = frozenset({"filename", "module", "function", "lineno", "in_app"})


def start():
    """Report errors from now on, where a collector is named."""
    if not settings.ERROR_REPORTING_DSN:
        return
    import sentry_sdk
    from sentry_sdk.integrations.django import DjangoIntegration

    sentry_sdk.init(
        dsn=settings.ERROR_REPORTING_DSN,
        environment=settings.SITE_URL,
        before_send=before_send,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        server_name="",
        auto_session_tracking=False,
        traces_sample_rate=None,
        send_client_reports=False,
        auto_enabling_integrations=False,
        default_integrations=False,
        integrations=[DjangoIntegration(middleware_spans=False, signals_spans=False)],
    )
    connect()


def connect():
    """Report what tasks raise, which the queue catches."""
    from django_tasks.signals import task_finished

    task_finished.connect(report_task, dispatch_uid="pixlpix.watching.report_task")


def report_task(sender, task_result, **kwargs):
    """Sent by the queue inside the `except` of a task that failed: the error is still at hand."""
    import sentry_sdk

    if (error := sys.exc_info()[1]) is not None:
        sentry_sdk.capture_exception(error)


def before_send(event, hint):
    """What of `event` may leave."""
    kept = {name: value for name, value in event.items() if name in KEPT}
    kept["tags"] = {"request": request_id.get(), "task": task_id.get()}
    errors = (event.get("exception") or {}).get("values") or []
    kept["exception"] = {"values": [bare(error) for error in errors]}
    return kept


def bare(error):
    """One error of an event: its kind, and the places in the code that it went through."""
    kept = {name: value for name, value in error.items() if name in KEPT_OF_ERROR}
    kept["mechanism"] = {"type": "generic", "handled": bool((kept.get("mechanism") or {}).get("handled", True))}
    frames = (kept.get("stacktrace") or {}).get("frames") or []
    kept["stacktrace"] = {"frames": [{k: v for k, v in frame.items() if k in KEPT_OF_FRAME} for frame in frames]}
    return kept
