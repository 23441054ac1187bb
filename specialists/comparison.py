"""A few specialists side by side: one column each, one row for each fact, grouped as a patient asks for them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from conditions import names
from specialists import cards
from specialists.cards import Facts
from specialists.enums import Accepting, ClinicKind, Insurance, Language, ProfileKind
from specialists.models import Profile
from specialists.phones import tel


class Line(NamedTuple):
    """One statement in a cell, with a remark or a link where there is one."""

    text: str
    note: str = ""
    href: str = ""


# Nothing in it: not known.
Cell = tuple[Line, ...]
Fill = Callable[[Profile, Facts], Iterable[Line]]


@dataclass(frozen=True)
class Row:
    """A fact about each of the profiles, in their order."""

    label: str
    cells: list[Cell]
    href: str = ""

    @property
    def differs(self) -> bool:
        return len(set(self.cells)) > 1


@dataclass(frozen=True)
class Group:
    title: str
    rows: list[Row]


class Comparison:
    """The table of these published profiles; ``is_brief`` leaves out the rows in which all of them are alike."""

    def __init__(self, profiles: Sequence[Profile], *, is_brief: bool = False) -> None:
        self.profiles = profiles
        self.is_brief = is_brief

    @cached_property
    def groups(self) -> list[Group]:
        """The groups with any row. Four queries for any number of profiles."""
        facts = cards.gathered([profile.pk for profile in self.profiles])
        groups = (
            Group(_("Who and where"), self._rows(facts, _who())),
            Group(_("Treatments offered"), self._kept(self._treatments(facts))),
            Group(_("Contact"), self._rows(facts, _contact())),
        )
        return [group for group in groups if group.rows]

    def _rows(self, facts: Facts, fills: dict[str, Fill]) -> list[Row]:
        return self._kept(
            Row(label, [tuple(fill(profile, facts)) for profile in self.profiles]) for label, fill in fills.items()
        )

    def _kept(self, rows: Iterable[Row]) -> list[Row]:
        return [row for row in rows if row.differs or not self.is_brief]

    def _treatments(self, facts: Facts) -> list[Row]:
        """A row for each treatment that any of them offers: first what most of them do, then by name."""
        offers = [{offer.slug: offer for offer in facts.offers.get(profile.pk, [])} for profile in self.profiles]
        labels = {slug: offer.name for of in offers for slug, offer in of.items()}
        common = {slug: sum(slug in of for of in offers) for slug in labels}
        return [
            Row(
                labels[slug],
                [_offered(of.get(slug)) for of in offers],
                reverse("conditions:treatment", args=(slug,)),
            )
            for slug in sorted(labels, key=lambda slug: (-common[slug], names.sort_key(labels[slug]), slug))
        ]


def _offered(offer: cards.Offer | None) -> Cell:
    return (Line(_("Offered"), cards.cases(offer) or _("number of cases not stated")),) if offer else ()


def _who() -> dict[str, Fill]:
    return {
        _("Kind"): _kind,
        _("Focus"): lambda profile, _facts: _lines(profile.focus),
        _("Specialties"): lambda profile, facts: _lines(*facts.specialties.get(profile.pk, [])),
        _("Places"): _places,
        _("New patients"): lambda profile, _facts: _lines(str(Accepting(profile.accepting).label)),
        _("Insurance"): lambda profile, _facts: _lines(*_label(Insurance, profile.insurance)),
        _("Languages"): lambda profile, _facts: _lines(*sorted(_label(Language, profile.languages))),
    }


def _contact() -> dict[str, Fill]:
    return {
        _("Telephone"): _phone,
        _("Website"): lambda profile, _facts: [Line(profile.website, href=profile.website)] if profile.website else [],
        _("Verified"): lambda profile, _facts: _lines(cards.verified(profile)),
    }


def _lines(*texts: str) -> list[Line]:
    return [Line(text) for text in texts if text]


def _label(choices: type[Insurance] | type[Language], codes: list[str]) -> list[str]:
    """What the codes mean, in the order of the choices: two profiles with the same ones then read the same."""
    return [str(choice.label) for choice in choices if choice.value in codes]


def _kind(profile: Profile, _facts: Facts) -> list[Line]:
    is_clinic = profile.kind == ProfileKind.CLINIC
    return _lines(str(ClinicKind(profile.clinic.clinic_kind).label if is_clinic else ProfileKind.PHYSICIAN.label))


def _places(profile: Profile, facts: Facts) -> list[Line]:
    """A clinic's towns; a physician's clinics with theirs."""
    posts = dict(facts.posts.get(profile.pk, []))
    if not posts:
        return _lines(*_towns(profile.pk, facts))
    return [Line(clinic, ", ".join(_towns(pk, facts))) for pk, clinic in posts.items()]


def _towns(clinic: int, facts: Facts) -> list[str]:
    return list(dict.fromkeys(city for city, _latitude, _longitude in facts.places.get(clinic, [])))


def _phone(profile: Profile, _facts: Facts) -> list[Line]:
    return [Line(profile.phone, href=f"tel:{tel(profile.phone)}")] if profile.phone else []
