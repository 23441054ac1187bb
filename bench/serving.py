"""Servers to measure, on the loopback address only, ended with the block that started them: gunicorn and nginx."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from directory import gunicorn as settings

HOST = "127.0.0.1"
SITE = "directory.wsgi"
WORKERS = 2
START_SECONDS, STOP_SECONDS = 120, 15
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A running server: its port and the process that was started."""

    port: int
    pid: int

    @property
    def workers(self) -> list[int]:
        """The processes that answer; nginx has others that look after its cache."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [int(pid) for pid in children if b"cache" not in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def cpu_seconds(self) -> float:
        """Used by the workers so far, in user and system mode."""
        fields = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self.workers)
        return sum(int(parts[11]) + int(parts[12]) for parts in fields) / TICKS

    def megabytes(self) -> list[float]:
        """Memory of each worker, shared pages divided among those that share them (PSS)."""
        return [proportional_megabytes(pid) for pid in self.workers]


def proportional_megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


@contextmanager
def gunicorn(environment: Mapping[str, str], application: str = SITE) -> Iterator[Server]:
    """The site, or another application under the same settings of gunicorn; with this environment and no other."""
    port = free_port()
    given = {**environment, "PORT": str(port), "BIND_ADDRESS": HOST, "WEB_WORKERS": str(WORKERS)}
    settings_of = ["--config", "python:directory.gunicorn"] if application == SITE else _same()
    command = [sys.executable, "-m", "gunicorn", *settings_of]
    with _running([*command, "--bind", f"{HOST}:{port}", application], given, port) as process:
        yield Server(port, process.pid)


def _same() -> list[str]:
    """The site's settings for an application that is not the site."""
    return [
        *("--workers", str(WORKERS)),
        *("--threads", str(settings.threads)),
        *("--worker-class", settings.worker_class),
        *("--worker-tmp-dir", str(settings.worker_tmp_dir or tempfile.gettempdir())),
        *("--limit-request-line", str(settings.limit_request_line)),
        *("--log-level", settings.loglevel),
        "--preload",
        "--no-control-socket",
    ]


@contextmanager
def nginx(server_lines: str) -> Iterator[Server]:
    """nginx with ``server_lines`` within its server block; raises FileNotFoundError when it is not installed."""
    program = nginx_program()
    if program is None:
        raise FileNotFoundError("nginx")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="bench-nginx-") as name:
        folder = Path(name)
        configuration = folder / "nginx.conf"
        configuration.write_text(_configuration(folder, port, server_lines))
        with _running([program, "-p", name, "-c", str(configuration)], os.environ, port) as process:
            yield Server(port, process.pid)


def nginx_program() -> str | None:
    """Where it is; also where only administrators have it on their path."""
    return shutil.which("nginx", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin")))


def _configuration(folder: Path, port: int, server_lines: str) -> str:
    # Started as root, nginx answers as the user named here; the folder is ours, and so root must answer itself.
    user = "user root;" if os.geteuid() == 0 else ""
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"""{user}
daemon off; worker_processes {WORKERS}; pid {folder}/pid; error_log stderr error;
events {{ worker_connections 1024; }}
http {{
    access_log off; keepalive_requests 100000000; tcp_nodelay on; sendfile on; open_file_cache max=100;
    {paths}
    proxy_cache_path {folder}/cache keys_zone=pages:10m;
    server {{ listen {HOST}:{port}; {server_lines} }}
}}
"""


@contextmanager
def _running(command: list[str], environment: Mapping[str, str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    # A session of its own: Ctrl-C reaches only us, and we end it, once.
    process = subprocess.Popen(command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL)
    try:
        _wait_until_open(process, port)
        yield process
    finally:
        _stop(process)


def _wait_until_open(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended at once with {process.returncode}.")
        try:
            with socket.create_connection((HOST, port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{process.args!r} does not listen after {START_SECONDS} seconds.")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        # Its workers too: they are in its session.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
