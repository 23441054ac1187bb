"""Addresses of databases, as they stand in DATABASE_URL."""

import os
from pathlib import Path
from urllib.parse import quote, urlsplit


def given_url() -> str:
    """The address in DATABASE_URL, or in the file that DATABASE_URL_FILE names; "" when neither is set.

    Raises OSError when the file cannot be read.
    """
    if url := os.environ.get("DATABASE_URL"):
        return url
    path = os.environ.get("DATABASE_URL_FILE")
    return Path(path).read_text(encoding="utf-8").strip() if path else ""


def with_database(url: str, name: str) -> str:
    """The address of the database ``name`` on the same server, reached in the same way."""
    return urlsplit(url)._replace(path=f"/{quote(name, safe='')}").geturl()
