"""Two people at once, each on a connection of their own."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection, transaction

SOMEBODY_WAITS_FOR_US = """
    SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))
"""
PATIENCE = 10.0

Action = Callable[[], Any]


def on_own_connection(action: Action) -> Any:
    try:
        return action()
    finally:
        connection.close()


def behind(first: Action, second: Action) -> Future[Any]:
    """Start ``second`` while the transaction of ``first`` is open, commit when it waits or is done; its outcome."""
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        first()
        outcome = pool.submit(on_own_connection, second)
        until = time.monotonic() + PATIENCE
        while not outcome.done() and not somebody_waits_for_us():
            assert time.monotonic() < until
            time.sleep(0.005)
    return outcome


def somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(SOMEBODY_WAITS_FOR_US)
        return cursor.fetchone()[0]


def together(*actions: Action) -> list[Future[Any]]:
    """Start all at the same moment, wait for all."""
    start = Barrier(len(actions))

    def run(action: Action) -> Any:
        connection.ensure_connection()
        start.wait(PATIENCE)
        return action()

    with ThreadPoolExecutor(len(actions)) as pool:
        return [pool.submit(on_own_connection, lambda action=action: run(action)) for action in actions]
