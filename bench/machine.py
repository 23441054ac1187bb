"""What the figures were measured on: the machine and the programs, nothing that names it or who runs it."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

import psycopg

from bench.serving import nginx_program


def describe(database_url: str) -> dict[str, str]:
    """Name → value, for people."""
    with psycopg.connect(database_url) as connection:
        postgres = connection.info.parameter_status("server_version") or ""
        row = connection.execute("SHOW shared_buffers").fetchone()
    return {
        "processor": f"{_model()}, {os.cpu_count()} cores",
        "memory": f"{gigabytes():.0f} GB",
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "Python": platform.python_version(),
        "PostgreSQL": f"{postgres.partition(' ')[0]}, shared_buffers {row[0] if row else ''}, on the same machine",
        "nginx": _nginx(),
        **{name: version(name) for name in ("Django", "gunicorn", "pyroaring", "numpy", "tantivy")},
    }


def gigabytes() -> float:
    """Of memory."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9


def _model() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _nginx() -> str:
    program = nginx_program()
    if program is None:
        return "not installed, so left out"
    said = subprocess.run([program, "-v"], capture_output=True, text=True, check=True)
    return said.stderr.strip().rpartition("/")[2]
