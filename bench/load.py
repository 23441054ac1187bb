"""A load generator: keep-alive connections over plain sockets, each with one request under way, in one thread.

It is the same for every server it is turned on, and cheap: requests are encoded before, responses are only measured.
"""

import re
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import cycle, islice

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
HEAD_END = b"\r\n\r\n"
RECEIVED = 262_144
STALLED_SECONDS = 60
NOT_MODIFIED = 304


class LoadError(Exception):
    """The server answered with another status than expected, or not at all."""


@dataclass
class Outcome:
    """Seconds each response took, in the order of arrival; ``size`` is the bytes of the last one with its headers."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    size: int = 0

    @property
    def rate(self) -> float:
        """Responses a second."""
        return len(self.latencies) / self.seconds


def connected(port: int) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port))
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


class Client:
    """A connection with at most one request under way; ``expected`` is the status that each response must have."""

    def __init__(self, connection: socket.socket, expected: int | None) -> None:
        self.socket = connection
        self.expected = b"HTTP/1.1 %d" % expected if expected else b"HTTP/1.1 "
        self.is_empty = expected == NOT_MODIFIED
        self.buffer = bytearray()
        self.wanted = 0
        self.began = 0.0

    def send(self, request: bytes) -> None:
        self.buffer.clear()
        self.wanted = 0
        self.began = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Take what has come; whether the response is complete."""
        piece = self.socket.recv(RECEIVED)
        if not piece:
            raise LoadError(f"The server hung up after {bytes(self.buffer[:80])!r}.")
        self.buffer += piece
        if not self.wanted:
            self.wanted = self._whole_length()
        return 0 < self.wanted <= len(self.buffer)

    def _whole_length(self) -> int:
        """Bytes of head and body; 0 as long as the head is not complete."""
        end = self.buffer.find(HEAD_END)
        if end < 0:
            return 0
        if not self.buffer.startswith(self.expected):
            raise LoadError(f"Expected {self.expected.decode()}, got {bytes(self.buffer[:200])!r}.")
        if self.is_empty:
            return end + len(HEAD_END)
        length = LENGTH.search(self.buffer, 0, end + 2)
        if length is None:
            raise LoadError("A response without Content-Length cannot be measured.")
        return end + len(HEAD_END) + int(length[1])


def request(path: str, **headers: str) -> bytes:
    """A GET request as a browser behind the TLS proxy would send it; underscores in names stand for hyphens."""
    lines = {"Host": "localhost", "Accept-Encoding": "gzip", "X-Forwarded-Proto": "https"}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"GET {path} HTTP/1.1\r\n{head}\r\n".encode()


def run(
    connections: Sequence[socket.socket],
    requests: Sequence[bytes],
    *,
    seconds: float | None = None,
    count: int | None = None,
    expected: int = 200,
) -> Outcome:
    """Send ``requests`` in turn for so many seconds, or ``count`` of them; the connections are closed at the end.

    Raises LoadError on any other status than ``expected``.
    """
    outcome = Outcome()
    waiting = islice(cycle(requests), count)
    clients = [Client(connection, expected) for connection in connections]
    with ExitStack() as stack:
        selector = stack.enter_context(selectors.DefaultSelector())
        for client in clients:
            stack.enter_context(client.socket)
            selector.register(client.socket, selectors.EVENT_READ, client)
        began = time.perf_counter()
        _drive(selector, clients, waiting, began + seconds if seconds else float("inf"), outcome)
        outcome.seconds = time.perf_counter() - began
    return outcome


def _drive(
    selector: selectors.BaseSelector, clients: list[Client], waiting: Iterator[bytes], deadline: float, outcome: Outcome
) -> None:
    """Until every request was answered, or the deadline passed and what was under way is answered."""
    under_way = sum(_send_next(client, waiting) for client in clients)
    while under_way:
        events = selector.select(STALLED_SECONDS)
        if not events:
            raise LoadError(f"No response within {STALLED_SECONDS} seconds.")
        for key, _mask in events:
            client: Client = key.data
            if not client.receive():
                continue
            now = time.perf_counter()
            outcome.latencies.append(now - client.began)
            outcome.size = client.wanted
            if now >= deadline or not _send_next(client, waiting):
                under_way -= 1


def _send_next(client: Client, waiting: Iterator[bytes]) -> bool:
    following = next(waiting, None)
    if following is None:
        return False
    client.send(following)
    return True


def ask(connection: socket.socket, request: bytes, expected: int | None = None) -> bytes:
    """The whole response, head included, with any status, or only with the one that is expected."""
    client = Client(connection, expected)
    client.send(request)
    while not client.receive():
        pass
    return bytes(client.buffer)


def fetch(port: int, path: str) -> tuple[dict[str, str], bytes]:
    """(Headers in lower case, body as it was sent) of a response with status 200."""
    with connected(port) as connection:
        head, _separator, body = ask(connection, request(path), 200).partition(HEAD_END)
    pairs = (line.partition(": ") for line in head.decode("latin-1").split("\r\n")[1:])
    return {name.lower(): value for name, _colon, value in pairs}, body
