"""The shortlist of a visitor: the specialists whom an address names, as ``?p=slug&p=slug``.

The address is all there is: nothing is stored here. Where scripts run, static/js/shortlist.js keeps the slugs in the
visitor's own browser and makes such an address of them.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.redirects.models import Redirect
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conditions import names, search
from specialists import cards, finding, reading
from specialists.comparison import Comparison
from specialists.enums import Sort
from specialists.filters import TEXT_LENGTH
from specialists.models import Profile
from specialists.selection import Selection

# As many columns as a page in landscape holds; static/js/shortlist.js keeps no more.
MOST = 8
HITS = 10
DIFFERENCES = "differences"
SLUG = re.compile(rf"[-a-zA-Z0-9_]{{1,{names.SLUG_LENGTH}}}")


def address(slugs: Iterable[str], *, is_brief: bool = False) -> str:
    """The page that compares these profiles."""
    parameters = [("p", slug) for slug in slugs]
    if is_brief:
        parameters.append(("only", DIFFERENCES))
    path = reverse("shortlist")
    return f"{path}?{urlencode(parameters)}" if parameters else path


@dataclass(frozen=True)
class Column:
    """The head of a column; ``remove_url`` is the same page without it."""

    slug: str
    name: str
    url: str
    is_sample: bool
    remove_url: str


@dataclass(frozen=True)
class Hit:
    """Somebody whom a search for more found; ``add_url`` is empty when they are in the list already."""

    name: str
    note: str
    add_url: str


class Shortlist:
    """What an address asks to compare: the published profiles among those it names, each once, at most ``MOST``."""

    def __init__(self, data: QueryDict) -> None:
        named = [slug.strip() for slug in data.getlist("p") if slug.strip()]
        once = list(dict.fromkeys(named))
        self.asked = once[:MOST]
        self.is_brief = data.get("only") == DIFFERENCES
        self.query = " ".join(data.get("q", "").replace("\x00", "").split())[:TEXT_LENGTH]
        self._has_doubles = len(once) < len(named)
        self._has_too_many = len(once) > MOST

    @cached_property
    def found(self) -> dict[str, Profile]:
        """Slug, as the address has it → profile. A renamed profile is found under its old slug, too."""
        found = published(self.asked)
        missing = [slug for slug in self.asked if slug not in found and SLUG.fullmatch(slug)]
        moved = renamed(missing) if missing else {}
        present = published(moved.values())
        found |= {old: present[new] for old, new in moved.items() if new in present}
        return {slug: found[slug] for slug in self.asked if slug in found}

    @cached_property
    def profiles(self) -> list[Profile]:
        """In the order of the address."""
        return list({profile.pk: profile for profile in self.found.values()}.values())

    @property
    def slugs(self) -> list[str]:
        return [profile.slug for profile in self.profiles]

    @property
    def columns(self) -> list[Column]:
        return [
            Column(
                profile.slug,
                profile.display_name,
                profile.get_absolute_url(),
                profile.is_sample,
                address((slug for slug in self.slugs if slug != profile.slug), is_brief=self.is_brief),
            )
            for profile in self.profiles
        ]

    @cached_property
    def comparison(self) -> Comparison:
        return Comparison(self.profiles, is_brief=self.is_brief)

    @property
    def can_be_brief(self) -> bool:
        return len(self.profiles) > 1

    @property
    def full_url(self) -> str:
        return address(self.slugs)

    @property
    def brief_url(self) -> str:
        return address(self.slugs, is_brief=True)

    @property
    def has_room(self) -> bool:
        return len(self.profiles) < MOST

    @property
    def notices(self) -> list[str]:
        """What of the address is not shown as it stands there. Nothing of it is repeated: anybody can write one."""
        notices = []
        if gone := len(self.asked) - len(self.found):
            notices.append(_left_out(gone))
        if self._has_doubles or len(self.profiles) < len(self.found):
            notices.append(_("Somebody was named more than once; each specialist is shown once."))
        if self._has_too_many:
            notices.append(_("There is room for %(most)s; those named after them are left out.") % {"most": MOST})
        return notices

    @property
    def moved(self) -> str:
        """JSON for the script: slug that means nothing any more → the present one, or "" where there is none."""
        present = {slug: self.found[slug].slug if slug in self.found else "" for slug in self.asked}
        return json.dumps({old: new for old, new in present.items() if old != new and SLUG.fullmatch(old)})

    @cached_property
    def read(self) -> reading.Reading:
        """How the search for more was understood."""
        asked = Selection(text=self.query, spans=search.understand(self.query))
        return reading.read(finding.finder(), asked)

    @cached_property
    def hits(self) -> list[Hit]:
        """The first ``HITS`` whom the search for more finds."""
        if not names.search_words(self.query):
            return []
        ids = finding.finder().page(self.read.selection, Sort.NAME, 0, HITS)
        return [self._hit(card) for card in cards.cards(ids)]

    def _hit(self, card: cards.Card) -> Hit:
        note = " · ".join(filter(None, (card.focus, card.places)))
        is_in = card.slug in self.slugs
        return Hit(card.name, note, "" if is_in else address([*self.slugs, card.slug], is_brief=self.is_brief))


def _left_out(gone: int) -> str:
    words = ngettext(
        "%(count)s specialist of this list is not, or no longer, in the directory and was left out.",
        "%(count)s specialists of this list are not, or no longer, in the directory and were left out.",
        gone,
    )
    return words % {"count": gone}


def published(slugs: Iterable[str]) -> dict[str, Profile]:
    """Slug → profile, for the public ones; whatever cannot be a slug is no one's."""
    possible = [slug for slug in slugs if SLUG.fullmatch(slug)]
    if not possible:
        return {}
    found = Profile.objects.published().filter(slug__in=possible).select_related("clinic")
    return {profile.slug: profile for profile in found}


def renamed(slugs: Sequence[str]) -> dict[str, str]:
    """Former slug → present one, for profiles whose address has changed."""
    paths = {reverse("specialists:profile", args=(slug,)): slug for slug in slugs}
    redirects = Redirect.objects.filter(site_id=settings.SITE_ID, old_path__in=paths)
    return {
        paths[old]: new.rstrip("/").rpartition("/")[2] for old, new in redirects.values_list("old_path", "new_path")
    }
