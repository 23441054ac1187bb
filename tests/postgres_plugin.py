"""Gives every test run a PostgreSQL server of its own, before Django reads its settings; loaded early (``-p``).

Runs beside each other never meet, and a run that was killed is cleaned away by the next one. A DATABASE_URL that is
set already is used instead. Workers of pytest-xdist inherit all of it from the process that started them.
"""

import os
import shutil
import signal
import tempfile
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

from directory.embedded_postgres import Cluster, ClusterError
from directory.embedded_postgres.account import locked, try_lock

# Root's server runs as another user, who must get through to its files.
ENTER_ONLY = 0o711
RUNS = f"specialist-directory-tests-{os.geteuid()}"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """A wrapper, as pytest-django reads the settings in this very hook."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        cleaning = ExitStack()
        early_config.add_cleanup(cleaning.close)
        prepare(cleaning)
    yield


def prepare(cleaning: ExitStack) -> None:
    """Sets the environment of the run; ``cleaning`` takes all of it back."""
    interrupt_on_termination()
    folder = run_folder(cleaning)
    os.environ["DEVELOPMENT"] = "1"
    os.environ["VAR_DIR"] = str(folder / "var")
    # What a workstation may have set for `make run` must not change what the tests see.
    for name in ("DEBUG", "SAMPLE_PASSWORD"):
        os.environ.pop(name, None)
    if not (os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE")):
        cluster = Cluster(folder / "postgres", durable=False)
        cleaning.callback(cluster.destroy)
        try:
            os.environ["DATABASE_URL"] = cluster.start()
        except (ClusterError, OSError) as error:
            raise pytest.UsageError(f"No PostgreSQL for the tests: {error}") from error
        cleaning.callback(os.environ.pop, "DATABASE_URL", None)


def interrupt_on_termination() -> None:
    """SIGTERM and a closed terminal end the run as Ctrl-C does: with its cleaning up."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


def run_folder(cleaning: ExitStack) -> Path:
    """A new folder that is deleted after the run; its lock tells other runs that it is in use."""
    runs = Path(tempfile.gettempdir()) / RUNS
    runs.mkdir(exist_ok=True)
    if runs.is_symlink() or runs.stat().st_uid != os.geteuid():
        raise pytest.UsageError(f"{runs} belongs to somebody else: remove it, or set TMPDIR to another folder.")
    runs.chmod(ENTER_ONLY)
    with locked(runs / "lock"):
        delete_leftovers(runs)
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=runs))
        folder.chmod(ENTER_ONLY)
        lock = try_lock(folder / "lock")
    if lock is not None:
        cleaning.callback(os.close, lock)
    cleaning.callback(shutil.rmtree, folder)
    return folder


def delete_leftovers(runs: Path) -> None:
    """Stops the servers and deletes the files of runs that were killed: nobody holds their locks any more."""
    for leftover in runs.glob("run-*"):
        lock = try_lock(leftover / "lock")
        if lock is not None:
            os.close(lock)
            if (leftover / "postgres").exists():
                Cluster(leftover / "postgres").destroy()
            shutil.rmtree(leftover)
