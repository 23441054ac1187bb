"""One cluster: made, started, joined, stopped. Safe for several processes at once, and after each of them was killed.

Two locks, which the system frees when a process dies: ``setup.lock`` is held while anything is changed,
``users.lock`` is shared by all who use the server, so that the last of them knows to stop it.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from directory.embedded_postgres.account import (
    Account,
    ClusterError,
    account_for,
    copy_package,
    locked,
    open_private,
    reachable_binaries,
    reachable_home,
    say,
)
from directory.embedded_postgres.process import (
    PORT,
    PidFile,
    is_server,
    make_socket_dir,
    process_exists,
    remove_socket_dir,
)

DATABASE = "directory"
START_SECONDS = 60
STOP_SECONDS = 60
POLL_SECONDS = 0.02
LOG_TAIL_LINES = 8
SHELL_SPECIAL = set('"$`\\')
# Nothing of the caller's environment: PGPORT, PGOPTIONS, TZ or a locale would change what the server does.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}
# The built-in locale folds case for all of Unicode wherever it runs; the system's own "C" leaves ÄÖÜ alone.
INITDB = (
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--no-locale",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0")
# The lock makes this wait for the same statement of a launcher that was killed meanwhile.
CREATE_DATABASE = rf"""
SELECT pg_advisory_lock(1);
SELECT 'CREATE DATABASE {DATABASE}' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \gexec
"""
# After kill -9 of the server its helpers hold the shared memory for a moment longer; after kill -9 of a launcher
# its server may write its pid file after we looked.
PASSING = ("shared memory block", '"postmaster.pid" already exists')
# A server may outlive the Cluster that started it; its handle is kept, or Python would warn of a lost child.
_left_running: list[subprocess.Popen[bytes]] = []


class Cluster:
    """One PostgreSQL cluster under ``home``, shared by all processes that start it; the last to stop ends the server.

    ``durable=False`` is for throw-away data: faster, and lost when the machine stops.
    """

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = self._given_home = home.resolve()
        self.durable = durable
        self.url = ""
        self._account = Account()
        self._binaries = Path()
        self._users: int | None = None

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    def __enter__(self) -> str:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> str:
        """The URL of the database, its server running; makes the cluster on first use, or joins a running one.

        Raises ClusterError with a message for the person at the terminal, and OSError when files cannot be written.
        """
        if self._users is not None:
            return self.url
        self._settle()
        with self._alone():
            self._initialise()
            self._users = open_private(self.home / "users.lock")
            try:
                flock(self._users, LOCK_SH)
                self._ensure_server()
                self._ensure_database()
            except BaseException:
                self._leave()
                raise
        return self.url

    def stop(self) -> None:
        """Ends the server unless others still use it. Does nothing when not started."""
        if self._users is not None:
            with self._alone():
                self._leave()

    def destroy(self) -> None:
        """Ends the server, used or not, and deletes all of its files."""
        self.home = reachable_home(self._given_home)
        with self._alone():
            self._stop_server()
            self._close_users()
            for folder in {self.home, self._given_home}:
                shutil.rmtree(folder)

    def pid(self) -> int | None:
        """The process of the running server."""
        found = self._running()
        return found.pid if found else None

    def _settle(self) -> None:
        self.home = reachable_home(self._given_home)
        self._account = account_for(self.home)
        if self.home != self._given_home:
            say(f"{self._account.name} cannot enter {self._given_home}; the database is kept in {self.home}")
        self._binaries = reachable_binaries(self._account)

    def _alone(self) -> AbstractContextManager[None]:
        return locked(self.home / "setup.lock")

    def _initialise(self) -> None:
        """Makes the cluster beside its place and moves it there whole, so that an interrupted initdb leaves none."""
        if self.data.exists():
            return
        for leftover in self.home.glob("draft-*"):
            # The initdb of a launcher that was killed may still write there; then the next start deletes it.
            shutil.rmtree(leftover, ignore_errors=True)
        draft = Path(tempfile.mkdtemp(prefix="draft-", dir=self.home))
        try:
            self._account.own(draft)
            self._initdb(draft)
            draft.rename(self.data)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        sync_folder(self.home)

    def _initdb(self, draft: Path) -> None:
        with shell_safe(self._binaries, self._account) as binaries:
            command = [str(binaries / "initdb"), "-D", str(draft), *INITDB, *([] if self.durable else ["--no-sync"])]
            # A session of its own keeps Ctrl-C from it: initdb then ends whole, and the launcher stops after it.
            result = subprocess.run(
                command,
                env=ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                start_new_session=True,
                **self._account.options,
            )
        if result.returncode:
            raise ClusterError(f"cannot make a cluster in {self.home}: {first_fault(result.stderr)}")

    def _ensure_server(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._adopt(deadline):
            self._clear_leftovers()
            if self._launch(deadline):
                return
            report = last_lines(self.log.read_bytes())
            if not any(sign in report for sign in PASSING) or time.monotonic() > deadline:
                raise ClusterError(f"the server does not start; the end of {self.log}:\n{report}")
            time.sleep(POLL_SECONDS * 10)

    def _adopt(self, deadline: float) -> bool:
        """Whether a server runs already, left by a killed launcher or used by another one; waits until it is ready."""
        while found := self._running():
            if found.connectable():
                self._set_url(found.socket_dir)
                return True
            if found.ready:
                # Something emptied /tmp: nobody can reach this server any more.
                self._stop_server()
            if time.monotonic() > deadline:
                raise ClusterError(
                    f"the server (process {found.pid}) is not ready after {START_SECONDS} s; see {self.log}"
                )
            time.sleep(POLL_SECONDS)
        return False

    def _launch(self, deadline: float) -> bool:
        """Starts the server; False when it ended by itself, with the reason in its log."""
        socket_dir = make_socket_dir()
        self._account.own(socket_dir)
        process = self._spawn(socket_dir)
        _left_running.append(process)
        while process.poll() is None:
            found = PidFile.read(self.data)
            if found and found.pid == process.pid and found.connectable():
                self._set_url(socket_dir)
                return True
            if time.monotonic() > deadline:
                self._stop_server()
                raise ClusterError(f"the server is not ready after {START_SECONDS} s; see {self.log}")
            time.sleep(POLL_SECONDS)
        remove_socket_dir(socket_dir)
        return False

    def _spawn(self, socket_dir: Path) -> subprocess.Popen[bytes]:
        settings = ["listen_addresses=", f"unix_socket_directories={socket_dir}", f"port={PORT}"]
        if not self.durable:
            settings += NOT_DURABLE
        command = [str(self._binaries / "postgres"), "-D", str(self.data)]
        for setting in settings:
            command += ["-c", setting]
        log = open_private(self.log, os.O_WRONLY | os.O_TRUNC)
        try:
            return subprocess.Popen(
                command,
                env=ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._account.options,
            )
        finally:
            os.close(log)

    def _set_url(self, socket_dir: Path) -> None:
        self.url = f"postgresql://postgres@{quote(str(socket_dir), safe='')}:{PORT}/{DATABASE}"

    def _ensure_database(self) -> None:
        server = self.url.rpartition("/")[0]
        command = [str(self._binaries / "psql"), "-Xq", "-v", "ON_ERROR_STOP=1", f"{server}/postgres"]
        result = subprocess.run(
            command,
            env=ENVIRONMENT,
            input=CREATE_DATABASE.encode(),
            capture_output=True,
            check=False,
            start_new_session=True,
        )
        if result.returncode:
            raise ClusterError(f"cannot create the database {DATABASE}: {last_lines(result.stderr)}")

    def _running(self) -> PidFile | None:
        found = PidFile.read(self.data)
        return found if found and is_server(found.pid, self.data) else None

    def _clear_leftovers(self) -> None:
        """Removes what a killed server left. Its process number may be another program's by now: never signal it."""
        found = PidFile.read(self.data)
        if found and not is_server(found.pid, self.data):
            remove_socket_dir(found.socket_dir)
            if process_exists(found.pid):
                (self.data / "postmaster.pid").unlink()

    def _leave(self) -> None:
        try:
            if self._users is not None:
                flock(self._users, LOCK_EX | LOCK_NB)
                self._stop_server()
        except BlockingIOError:
            pass  # Somebody else still uses the server.
        finally:
            self._close_users()

    def _close_users(self) -> None:
        if self._users is not None:
            os.close(self._users)
            self._users = None

    def _stop_server(self) -> None:
        found = self._running()
        if found is None:
            self._clear_leftovers()
            return
        # "Fast": connections are cut, everything committed is written. "Immediate" leaves that to the next start.
        for order, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 10)):
            with suppress(ProcessLookupError):
                os.kill(found.pid, order)
            if self._gone(found.pid, seconds):
                remove_socket_dir(found.socket_dir)
                return
        raise ClusterError(f"the server (process {found.pid}) does not stop; see {self.log}")

    def _gone(self, pid: int, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            _left_running[:] = [process for process in _left_running if process.poll() is None]
            if not is_server(pid, self.data):
                return True
            time.sleep(POLL_SECONDS)
        return False


@contextmanager
def shell_safe(binaries: Path, account: Account) -> Iterator[Path]:
    """The binaries under a path that a shell reads as it stands: initdb passes its own place through one."""
    if not SHELL_SPECIAL & set(str(binaries)):
        yield binaries
        return
    package = binaries.parent.parent
    folder = Path(tempfile.mkdtemp(prefix="directory-initdb-"))
    try:
        copy_package(package, folder / "copy")
        account.own(folder)
        yield folder / "copy" / package.name / "pginstall" / "bin"
    finally:
        shutil.rmtree(folder)


def sync_folder(folder: Path) -> None:
    """Makes a rename inside ``folder`` last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def first_fault(output: bytes) -> str:
    """The line that says why initdb gave up; what follows it are consequences."""
    lines = output.decode(errors="replace").strip().splitlines() or ["no reason given"]
    return next((line for line in lines if "FATAL" in line or "error" in line), lines[0])


def last_lines(output: bytes) -> str:
    return "\n".join(output.decode(errors="replace").strip().splitlines()[-LOG_TAIL_LINES:])
