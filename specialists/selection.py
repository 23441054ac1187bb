"""What a visitor asks the directory for, apart from how it is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from conditions import names
from conditions.search import Span


@dataclass(frozen=True)
class Circle:
    """Around a point (degrees, WGS 84) as far as ``radius`` kilometres; addresses write the point as ``value``."""

    latitude: float
    longitude: float
    radius: int
    value: str = ""


@dataclass(frozen=True)
class Selection:
    """Facet name → the values ticked in it (slugs or codes), words searched for, and a circle on the map.

    ``spans`` is how the words were understood; without it they are words of a name.
    """

    facets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    text: str = ""
    near: Circle | None = None
    spans: tuple[Span, ...] = ()

    def without(self, facet: str, value: str | None = None) -> "Selection":
        """The selection with all of ``facet`` left out, or only ``value`` in it."""
        kept = self.facets.get(facet, frozenset()) - {value} if value is not None else frozenset()
        return replace(self, facets={**self.facets, facet: kept})

    def with_only(self, facet: str, value: str) -> "Selection":
        """The selection with ``value`` as the only one ticked in ``facet``."""
        return replace(self, facets={**self.facets, facet: frozenset([value])})

    def without_text(self) -> "Selection":
        return replace(self, text="", spans=())

    def anywhere(self) -> "Selection":
        """The selection without a circle."""
        return replace(self, near=None)

    def near_to(self, latitude: float, longitude: float, radius: int, value: str) -> "Selection":
        """The selection within ``radius`` kilometres of a point."""
        return replace(self, near=Circle(latitude, longitude, radius, value))

    def within(self, radius: int) -> "Selection":
        """The selection with another radius, in kilometres; there must be a circle."""
        assert self.near is not None  # noqa: S101 - for the type checker
        return replace(self, near=replace(self.near, radius=radius))

    @property
    def parts(self) -> tuple[Span, ...]:
        """The words by what they mean."""
        if self.spans:
            return self.spans
        return tuple(Span((word,)) for word in names.search_words(self.text))

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.near or any(self.facets.values()))
