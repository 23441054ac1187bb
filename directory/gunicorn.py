"""How gunicorn serves the site: ``gunicorn --config python:directory.gunicorn directory.wsgi``."""

from pathlib import Path
from typing import Any

from directory import environment, preload

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn makes its files there with mkstemp

bind = f"{environment.text('BIND_ADDRESS', '127.0.0.1')}:{environment.integer('PORT', default=8000, minimum=1)}"
workers = environment.integer("WEB_WORKERS", default=2, minimum=1)
threads = environment.integer("WEB_THREADS", default=4, minimum=1)
worker_class = "gthread"
# Loaded once before the fork: workers share its memory, and a wrong setting stops the start instead of each worker.
preload_app = True
# 0 is no limit: directory.middleware answers a long address in the site's look, gunicorn in a bare line.
limit_request_line = 0
# Workers show that they live by touching a file; on a disk that can stall, the arbiter would kill them for it.
worker_tmp_dir = str(SHARED_MEMORY) if SHARED_MEMORY.is_dir() else None
# A command socket in the home directory, which the container's user does not have.
control_socket_disable = True
# Paths and queries tell what a person is worried about: no access log, and no warnings, which quote bad requests.
accesslog = None
loglevel = "error"


def on_starting(_server: Any) -> None:
    """Before the fork, so that all workers share the memory of the facet index."""
    preload.preload()
