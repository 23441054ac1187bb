"""Nodes of JSON-LD, and how they are printed so that no text can break out of their element."""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

Node = dict[str, Any]

CONTEXT = "https://schema.org"
# Within JSON strings only: an HTML parser must see neither an end tag nor a comment, whatever an editor has written.
ESCAPED = {ord(letter): f"\\u{ord(letter):04X}" for letter in "<>&\u2028\u2029"}
NOTHING: tuple[Any, ...] = (None, "", [])


def node(kind: str | list[str], iri: str = "", **properties: Any) -> Node:
    """A node of type ``kind``; ``iri`` identifies it on other pages too. Properties without a value are left out."""
    identity = {"@id": iri} if iri else {}
    return {"@type": kind, **identity, **{name: value for name, value in properties.items() if value not in NOTHING}}


def member(name: str) -> str:
    """The address of a member of an enumeration: "Monday" → "https://schema.org/Monday"."""
    return f"{CONTEXT}/{name}"


def absolute(path: str) -> str:
    """The full address of a path on this site; full ones stay as they are."""
    return f"{settings.SITE_URL.rstrip('/')}{path}" if path.startswith("/") else path


def item_list(entries: Iterable[tuple[str, str]], total: int, iri: str = "", **properties: Any) -> Node:
    """An ItemList of (name, path) pairs, the first of ``total``."""
    elements = [
        node("ListItem", position=position, name=name, url=absolute(path))
        for position, (name, path) in enumerate(entries, start=1)
    ]
    return node("ItemList", iri, numberOfItems=total, itemListElement=elements, **properties)


def script(nodes: list[Node]) -> SafeString:
    """The data block with these nodes; "" for none. Browsers never run it, so it needs no nonce."""
    if not nodes:
        return SafeString("")
    content = nodes[0] if len(nodes) == 1 else {"@graph": nodes}
    text = json.dumps({"@context": CONTEXT, **content}, ensure_ascii=False, separators=(",", ":"))
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text.translate(ESCAPED)))
