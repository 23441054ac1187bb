"""Names of countries and of their states, cantons and provinces, which city lists give as codes only."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from conditions.names import fold

DATA = Path(__file__).resolve().parent.parent / "data"
PLACES = DATA / "places.toml"


class Area(NamedTuple):
    """A country, or a part of it where ``region`` is not ""."""

    country: str
    region: str = ""


@cache
def own_words() -> dict[str, Any]:
    """The content of ``data/places.toml``."""
    return tomllib.loads(PLACES.read_text(encoding="utf-8"))


def region_name(country: str, code: str) -> str:
    """ "Hessen" for DE and "05"; "" for a code that is not known."""
    names: list[str] = own_words()["regions"].get(country, {}).get(code, [])
    return names[0] if names else ""


@cache
def areas() -> dict[str, frozenset[Area]]:
    """What folded words mean as a country or region; "de" is both Germany and Delaware."""
    found: dict[str, set[Area]] = {}
    for country, names in own_words()["countries"].items():
        for name in names:
            found.setdefault(fold(name), set()).add(Area(country))
    for country, regions in own_words()["regions"].items():
        for names in regions.values():
            for name in names:
                found.setdefault(fold(name), set()).add(Area(country, names[0]))
    return {name: frozenset(meanings) for name, meanings in found.items()}
