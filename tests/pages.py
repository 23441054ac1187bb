"""What a test reads from a page: its words, its elements, its addresses, its data and whatever is written inline."""

import json
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse

Attributes = dict[str, str]
# Attributes a browser follows by itself or on a click.
ADDRESSES = ("action", "cite", "data", "formaction", "href", "poster", "src")
WITHOUT_TEXT = ("script", "style", "title")
# A script element of this type is a data block (HTML, "prepare the script element"): a browser never runs it.
DATA = "application/ld+json"
# Links that say what the page is; nothing is loaded from them and nobody follows them.
NAMING = ("canonical", "alternate")


class Page(HTMLParser):
    """The elements of a page with their attributes, in order, and the visible words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, Attributes]] = []
        self._words: list[str] = []
        self._data: list[str] = []
        self._silent = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag in WITHOUT_TEXT:
            self._silent = tag
        if is_data(tag, self.elements[-1][1]):
            self._data.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._words += data.split()
        elif self._silent == "script" and is_data(*self.elements[-1]):
            self._data[-1] += data

    @property
    def text(self) -> str:
        return " ".join(self._words)

    def data(self) -> list[dict[str, Any]]:
        """The page's blocks of JSON-LD."""
        return [json.loads(block) for block in self._data]

    def all(self, tag: str) -> list[Attributes]:
        return [attributes for name, attributes in self.elements if name == tag]

    def with_class(self, name: str) -> list[Attributes]:
        return [attributes for _, attributes in self.elements if name in attributes.get("class", "").split()]

    def addresses(self) -> list[tuple[str, str]]:
        """(tag, address) for everything the page links to, loads or sends to, each picture of a srcset included."""
        found = []
        for tag, attributes in self.elements:
            if attributes.get("rel") in NAMING:
                continue
            found += [(tag, attributes[name]) for name in ADDRESSES if name in attributes]
            sets = (attributes.get("srcset"), attributes.get("imagesrcset"))
            found += [(tag, entry.split()[0]) for value in sets if value for entry in value.split(",")]
        return found

    def foreign_scripts(self) -> list[Attributes]:
        """Scripts that are not files of the site: written into the page, or from elsewhere."""
        return [
            script
            for script in self.all("script")
            if not script.get("src", "").startswith("/static/") and not is_data("script", script)
        ]

    def inline_code(self) -> list[tuple[str, Attributes]]:
        """Elements with code or style written into the page that carry no nonce."""
        return [
            (tag, attributes)
            for tag, attributes in self.elements
            if "style" in attributes
            or any(name.startswith("on") for name in attributes)
            or (tag == "style" and not attributes.get("nonce"))
            or (
                tag == "script"
                and not attributes.get("src")
                and not attributes.get("nonce")
                and not is_data(tag, attributes)
            )
        ]


def is_data(tag: str, attributes: Attributes) -> bool:
    return tag == "script" and attributes.get("type") == DATA


def read(response: HttpResponse | Any) -> Page:
    return Page(response.content.decode())


def is_elsewhere(address: str, host: str = "testserver") -> bool:
    """Whether following ``address`` leads away from ``host``."""
    parts = urlsplit(address)
    return bool(parts.scheme or parts.netloc) and not (parts.scheme in ("http", "https") and parts.netloc == host)


def file_in(response: Any) -> bytes:
    """The file that a response streams; reading it to its end also closes it."""
    return b"".join(response.streaming_content)
