"""Holds nodes against schema.org's own definitions (schema_org.json): types, domains, ranges, members.

A value counts when its type is one of the property's or lies below it. Strings have to be what a data type of the
range asks for, or the address of a member of an enumeration in it; an address alone is no Thing.
"""

import datetime
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

Node = dict[str, Any]

DEFINITIONS: dict[str, Any] = json.loads((Path(__file__).parent / "schema_org.json").read_text(encoding="utf-8"))
PREFIX = "https://schema.org/"
YEAR = re.compile(r"\d{4}")
# "query-input" says of "query" that a client may fill it in (schema.org/docs/actions.html).
INPUT = "-input"


@cache
def ancestry(kind: str) -> frozenset[str]:
    """The type and all that it is below."""
    above = (ancestry(parent) for parent in DEFINITIONS["parents"].get(kind, []))
    return frozenset({kind}).union(*above)


@cache
def enumerations_of(name: str) -> frozenset[str]:
    """The enumerations that have this member, and all that they are below."""
    owners = [kind for kind, members in DEFINITIONS["members"].items() if name in members]
    return frozenset().union(*map(ancestry, owners))


def types_of(node: Node) -> list[str]:
    kind = node["@type"]
    return [kind] if isinstance(kind, str) else kind


def problems(node: Node) -> list[str]:
    """Everything about the node and those within it that schema.org does not know; [] when all is right."""
    return list(_problems(node, "/".join(types_of(node))))


def _problems(node: Node, where: str) -> Iterator[str]:
    kinds = types_of(node)
    yield from (f"{where}: no type {kind}" for kind in kinds if kind not in DEFINITIONS["parents"])
    have = frozenset().union(*map(ancestry, kinds))
    for name, value in node.items():
        if name.startswith("@"):
            continue
        inner = f"{where}.{name}"
        known = name.removesuffix(INPUT)
        if known not in DEFINITIONS["domains"] or known in DEFINITIONS["superseded"]:
            yield f"{inner}: no such property"
        elif not have.intersection(DEFINITIONS["domains"][known]):
            yield f"{inner}: not for this type"
        else:
            yield from _of_values(value, ["Text"] if name.endswith(INPUT) else DEFINITIONS["ranges"][known], inner)


def _of_values(value: Any, ranges: list[str], where: str) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            if not any(ancestry(kind).intersection(ranges) for kind in types_of(one)):
                yield f"{where}: {types_of(one)} is none of {ranges}"
            yield from _problems(one, where)
        elif not any(is_a(one, kind) for kind in ranges):
            yield f"{where}: {one!r} is none of {ranges}"


def is_a(value: Any, kind: str) -> bool:
    """Whether a plain value is one of a data type, or names a member of the enumeration ``kind``."""
    if isinstance(value, bool):
        return kind == "Boolean"
    if isinstance(value, int | float):
        return kind == "Number" or (kind == "Integer" and isinstance(value, int))
    if not value:
        return False
    checks = {"Text": lambda _: True, "URL": is_address, "Date": is_date, "Time": is_time}
    if kind in checks:
        return bool(checks[kind](value))
    return value.startswith(PREFIX) and kind in enumerations_of(value.removeprefix(PREFIX))


def is_address(value: str) -> bool:
    return value.startswith(("https://", "http://"))


def is_date(value: str) -> bool:
    """ISO 8601, to the day or the year."""
    return bool(YEAR.fullmatch(value)) or _is_read(datetime.date.fromisoformat, value)


def is_time(value: str) -> bool:
    return _is_read(datetime.time.fromisoformat, value)


def _is_read(read: Any, value: str) -> bool:
    try:
        read(value)
    except ValueError:
        return False
    return True
