"""What the running server leaves to be seen: its pid file, its process, its socket folder."""

import os
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PORT = 5432
SOCKET_NAME = f".s.PGSQL.{PORT}"
SOCKET_PREFIX = "directory-postgres-"
PID_FILE_LINES = 8


@dataclass(frozen=True)
class PidFile:
    """What postmaster.pid says of a server: its process, its socket folder, whether it accepts connections."""

    pid: int
    socket_dir: Path
    ready: bool

    @classmethod
    def read(cls, data: Path) -> "PidFile | None":
        """None when there is no such file, or when it does not name a process."""
        try:
            lines = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
            pid = int(lines[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        lines += [""] * (PID_FILE_LINES - len(lines))
        return cls(pid, Path(lines[4]), lines[7].strip() == "ready") if pid > 0 else None

    def connectable(self) -> bool:
        return self.ready and (self.socket_dir / SOCKET_NAME).is_socket()


def is_server(pid: int, data: Path) -> bool:
    """Whether the process ``pid`` is a PostgreSQL server of the cluster ``data``, and no other program by now.

    A server's working directory is its cluster, which also holds after the checkout was moved.
    """
    process = Path("/proc") / str(pid)
    if not process.parent.joinpath("self").exists():
        return listed_as_server(pid, data)
    try:
        program = (process / "cmdline").read_bytes().split(b"\0")[0]
        return os.path.basename(program) == b"postgres" and (process / "cwd").samefile(data)
    except OSError:
        return False


def listed_as_server(pid: int, data: Path) -> bool:
    """The same for systems without /proc (macOS), from the command line that ``ps`` shows."""
    result = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, errors="replace", check=False
    )
    return f"/postgres -D {data} " in result.stdout


def process_exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def make_socket_dir() -> Path:
    """A new folder (mode 0700) under /tmp: a socket's path may have about 100 characters, a checkout's has more."""
    return Path(tempfile.mkdtemp(prefix=SOCKET_PREFIX, dir="/tmp" if os.access("/tmp", os.W_OK | os.X_OK) else None))


def remove_socket_dir(folder: Path) -> None:
    """Removes what the server puts there and nothing else: the path may come from a file others can write."""
    if folder.name.startswith(SOCKET_PREFIX):
        for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
            (folder / name).unlink(missing_ok=True)
        with suppress(OSError):
            folder.rmdir()
