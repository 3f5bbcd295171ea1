"""How gunicorn serves the site; read by itself where it is started in this folder (`gunicorn pixlpix.wsgi`).

Variables of the environment are the operator's (.env.example); WEB_CONCURRENCY is gunicorn's own. The access log is the
site's (pixlpix/watching/middleware.py): gunicorn's would write down the address of everybody.
"""

import os
import shutil
import tempfile

from prometheus_client import multiprocess

# A photo comes in slow parts: threads, so that one does not keep others waiting, and time. Each holds a connection to the
# database: "Connections" in docs/deploying.md.
threads = int(os.environ.get("WEB_THREADS") or 4)
timeout = 120  # seconds
accesslog = None
control_socket_disable = True  # a door to the processes that nobody here uses
# gunicorn's own lines quote the address of who sent nonsense.
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "pixlpix.watching.logs.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}

# Where the processes add up what they count; prometheus_client looks at the variable when it is first imported, in each.
_counts = tempfile.mkdtemp(prefix="pixlpix-counts-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = _counts


def child_exit(server, worker):
    multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    shutil.rmtree(_counts, ignore_errors=True)
