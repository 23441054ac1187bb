"""Connections spread evenly over a server's workers: left to chance, one worker often gets nearly all of them."""

import os
import socket
from collections import Counter
from pathlib import Path

from bench import load
from bench.serving import HOST, Server

# Tries for each connection that is wanted.
TRIES = 40


def balanced(server: Server, connections: int) -> list[socket.socket]:
    """That many open connections, as many to each worker as to any other; ``connections`` is a multiple of them."""
    workers = server.workers
    each = connections // len(workers)
    kept: list[socket.socket] = []
    spare: list[socket.socket] = []
    owners: Counter[int] = Counter()
    for _try in range(connections * TRIES):
        made = load.connected(server.port)
        pid = worker_of(server, made)
        is_wanted = owners[pid] < each
        (kept if is_wanted else spare).append(made)
        owners[pid] += is_wanted
        if len(kept) == each * len(workers):
            break
    for extra in spare:
        extra.close()
    if len(kept) < each * len(workers):
        raise load.LoadError(f"The workers do not share connections: {dict(owners)}.")
    return kept


def worker_of(server: Server, connection: socket.socket) -> int:
    """The process that answers on this connection: asked for a page first, or nobody may have taken it yet."""
    load.ask(connection, load.request("/robots.txt"))
    inode = _inode(server.port, connection.getsockname()[1])
    for pid in server.workers:
        if any(_target(entry) == f"socket:[{inode}]" for entry in Path(f"/proc/{pid}/fd").iterdir()):
            return pid
    raise load.LoadError("No worker has the connection.")


def _inode(port: int, other_port: int) -> str:
    """Of the server's end of the connection between these ports."""
    ends = (f"{_hex_address()}:{port:04X}", f"{_hex_address()}:{other_port:04X}")
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if (fields[1], fields[2]) == ends:
            return fields[9]
    raise load.LoadError("The connection is closed.")


def _hex_address() -> str:
    return socket.inet_aton(HOST)[::-1].hex().upper()


def _target(entry: Path) -> str:
    try:
        return os.readlink(entry)
    except FileNotFoundError:
        return ""
