"""The site's search: what was found in each part of the directory, and why."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conditions import names, search
from conditions.search import Term
from specialists import cards, catalogue, finding, links, queries, reading
from specialists.enums import ProfileKind, Sort
from specialists.selection import Selection

TEXT_LENGTH = 100
SHOWN = 5
MOST_REASONS = 3


@dataclass(frozen=True)
class Hit:
    """One entry: its name with the matched words marked, its page, and why it is here."""

    name: SafeString
    url: str
    note: str | SafeString = ""


@dataclass(frozen=True)
class Group:
    """The hits of one kind; ``total`` may be more than are shown, ``more_url`` leads to all of them."""

    kind: str
    title: str
    hits: list[Hit]
    total: int
    more_url: str = ""


class SearchResults:
    """Everything that ``text``, as a visitor typed it, finds."""

    def __init__(self, text: str) -> None:
        self.text = tidy(text)
        self.finder = finding.finder()
        asked = Selection(text=self.text, spans=search.understand(self.text))
        self.reading = reading.read(self.finder, asked)
        self.selection = self.reading.selection

    @property
    def literal_url(self) -> str:
        """Where nothing is corrected."""
        return links.search_url(f'"{self.text[: TEXT_LENGTH - 2]}"')

    @property
    def looked_for(self) -> str:
        return self.reading.shown or self.text

    @cached_property
    def groups(self) -> list[Group]:
        """The kinds with any hit, in the order a patient most likely asks for."""
        if not names.search_words(self.text):
            return []
        groups = [*self._terms(), self._articles(), *self._profiles()]
        return [group for group in groups if group.hits]

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)

    def _terms(self) -> Iterable[Group]:
        meant = search.names_meant(self.selection.spans)
        titles = {"condition": _("Conditions"), "treatment": _("Treatments"), "specialty": _("Specialties")}
        for kind, title in titles.items():
            labels = catalogue.labels(kind)
            found = [(labels[slug], (facet, slug)) for facet, slug in meant if facet == kind and slug in labels]
            ordered = sorted(found, key=lambda entry: self._rank(*entry))
            hits = [self._term(name, term, meant[term]) for name, term in ordered[:SHOWN]]
            yield Group(kind, title, hits, len(found))

    def _rank(self, name: str, term: Term) -> tuple[int, bool, str]:
        """First what more of the words mean, then what has them in its name."""
        explained = max((len(span.words) for span in self.selection.spans if term in span.terms), default=0)
        return -explained, "<mark>" not in search.marked(name, self._words), names.sort_key(name)

    @cached_property
    def _words(self) -> list[str]:
        return names.search_words(self.looked_for)

    def _term(self, name: str, term: Term, matched: str) -> Hit:
        kind, slug = term
        note = "" if names.fold(matched) == names.fold(name) else _("also called “%(name)s”") % {"name": matched}
        return Hit(search.marked(name, self._words), reverse(f"conditions:{kind}", args=(slug,)), note)

    def _articles(self) -> Group:
        total, passages = search.passages(self.looked_for, get_language() or "en", SHOWN)
        labels = catalogue.labels("condition")
        hits = [
            Hit(
                search.marked(f"{labels[passage.slug]}: {passage.heading}", self._words),
                f"{reverse('conditions:condition', args=(passage.slug,))}#{passage.anchor}",
                search.excerpt_html(passage.excerpt),
            )
            for passage in passages
        ]
        return Group("article", _("In patient information"), hits, total)

    def _profiles(self) -> Iterable[Group]:
        titles = {ProfileKind.PHYSICIAN: _("Physicians"), ProfileKind.CLINIC: _("Clinics")}
        for kind, title in titles.items():
            selection = self.selection.with_only("kind", kind)
            total = self.finder.total(selection)
            ids = self.finder.page(selection, Sort.NAME, 0, SHOWN) if total else []
            hits = self._people(ids)
            yield Group(kind, title, hits, total, links.list_url(selection))

    def _people(self, ids: list[int]) -> list[Hit]:
        reasons = self._reasons(ids)
        return [
            Hit(
                search.marked(card.name, self._words),
                card.url,
                " · ".join(filter(None, (card.focus, card.places, reasons[card.profile]))),
            )
            for card in cards.cards(ids)
        ]

    def _reasons(self, ids: list[int]) -> dict[int, str]:
        """Which of the terms that were looked for each profile has; nothing when its name says enough."""
        having = {
            catalogue.labels(facet).get(slug, slug): set(queries.having(facet, slug, ids))
            for facet, slug in sorted({term for span in self.selection.spans for term in span.terms})[:MOST_REASONS]
        }
        return {profile: ", ".join(name for name, who in having.items() if profile in who) for profile in ids}


def tidy(text: str) -> str:
    """What a visitor typed, without what PostgreSQL cannot take, and no longer than a search is."""
    return " ".join(text.replace("\x00", "").split())[:TEXT_LENGTH]
