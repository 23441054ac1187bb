"""Which code this process runs, in a few letters: pages rendered by other code are other pages."""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("conditions", "directory", "specialists", "templates", "static", "locale")
SUFFIXES = {".py", ".html", ".css", ".js", ".svg", ".mo", ".json"}
LETTERS = 10


@cache
def release() -> str:
    """The same on every machine with the same sources."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:LETTERS]


@cache
def released_at() -> int:
    """When the newest of the sources was written here, in whole seconds since 1970."""
    return int(max(path.stat().st_mtime for path in _sources()))


def _sources() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in SUFFIXES and path.is_file():
                yield path
