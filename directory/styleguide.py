"""Every component in every state on one page, for whoever changes templates or styles; not in production.

The templates are those of the site, filled with made-up values: long names, missing facts, large numbers. The words are
not marked for translation, as no visitor sees them.
"""

import datetime
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from conditions.models import Picture
from conditions.search import marked
from directory.suggestions import Suggestion
from specialists import outlines
from specialists.cards import Card
from specialists.comparison import Group, Line, Row
from specialists.filters import Option
from specialists.listing import ActiveFilter, PlaceChoice, WayOut
from specialists.map import Dot, Map
from specialists.models import OpeningHours
from specialists.selection import Selection
from specialists.shortlist import Column, Hit
from specialists.templatetags.specialists import Found, QuickFilter

# Links of examples lead nowhere else.
HERE = "#main"
LONG_NAME = "Univ.-Prof. Dr. med. univ. Maximiliane Freifrau von Hohenlohe-Schwarzenfels, MHBA, FEBS"
LONG_WORD = "Strahlentherapiezentrumsverwaltungsgesellschaft"
DAY = datetime.date(2026, 6, 1)
CARD = Card(
    profile=1,
    slug="dr-ada-example",
    name="Dr. Ada Example",
    url=HERE,
    focus="Surgery of the liver and the bile ducts",
    initials="AE",
    photo=None,
    is_clinic=False,
    works_at="Clinic Am Park",
    places="Heidelberg",
    far="",
    specialties="Visceral surgery, Gastroenterology",
    offers=[("Liver resection", "120 cases in 2025"), ("Thermal ablation", "")],
    more_offers="",
    accepting="Accepting new patients",
    takes_patients=True,
    verified="Verified on 1 June 2026",
    is_verified=True,
    is_sample=False,
)
NO_SELECTION = Selection()


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """The page; 404 in production."""
    if not settings.DEVELOPMENT:
        raise Http404
    context = {**_cards(), **_list(), **_article(), **_profile(), **_shortlist(), "map": _map(), "form": _form()}
    return render(request, "directory/styleguide.html", context)


def _picture(alt: str = "The liver from the front, drawn in two colours", **changed: str) -> SimpleNamespace:
    mark = static("img/mark.svg")
    texts = {"caption": "The liver has two lobes.", "credit": "A. Drawer, CC BY 4.0", **changed}
    return SimpleNamespace(src=mark, srcset=f"{mark} 320w", alt=alt, width=320, height=320, **texts)


def _cards() -> dict[str, Any]:
    cards = {
        "A physician": CARD,
        "With a photo": replace(CARD, photo=cast(Picture, _picture("Dr. Ada Example"))),
        "A clinic, near a place": replace(CARD, name="Clinic Am Park", is_clinic=True, works_at="", far="12 km away"),
        "Long names": replace(
            CARD,
            name=LONG_NAME,
            works_at=f"University Hospital, Department of Visceral and Transplant Surgery, {LONG_WORD}",
            focus=f"Cancers of the liver, the bile ducts and the pancreas; {LONG_WORD}",
        ),
        "Nothing is known": replace(
            CARD,
            focus="",
            works_at="",
            places="",
            specialties="Not stated",
            offers=[],
            accepting="Not known",
            takes_patients=False,
            verified="Not verified yet",
            is_verified=False,
        ),
        "Four hundred treatments, of the sample": replace(
            CARD,
            specialties="Visceral surgery, Radiology, Oncology and 12 more",
            more_offers="and 397 more",
            is_sample=True,
        ),
    }
    filters = [QuickFilter("Physicians", 12, HERE), QuickFilter(LONG_WORD, 1_234_567, HERE)]
    return {
        "cards": cards,
        "found": Found(1_234_567, [CARD, CARD], HERE, filters),
        "found_one": Found(1, [CARD], HERE, []),
        "found_nobody": Found(0, [], HERE, []),
    }


def _option(value: str, label: str, count: int, *, is_chosen: bool = False) -> Option:
    return Option(value, label, count, is_chosen)


def _facet(name: str, label: str, options: list[Option], **state: Any) -> SimpleNamespace:
    chosen = sum(option.is_chosen for option in options)
    field = {"options": options, "chosen_count": chosen, "is_open": False, "hidden_count": 0, "all_url": HERE, **state}
    return SimpleNamespace(html_name=name, label=label, field=SimpleNamespace(**field))


def _facets() -> Iterator[SimpleNamespace]:
    yield _facet("folded", "Folded", [_option("one", "One option", 1)])
    states = [
        _option("chosen", "Chosen", 21, is_chosen=True),
        _option("chosen-empty", "Chosen, finds nobody", 0, is_chosen=True),
        _option("free", "To choose", 1_234_567),
        _option("empty", "Finds nobody, cannot be chosen", 0),
        _option("long", f"A long name: {LONG_WORD}", 7),
    ]
    yield _facet("unfolded", "Unfolded", states, is_open=True)
    many = [_option(f"many-{number}", f"Option {number}", 40 - number) for number in range(20)]
    yield _facet("many", "Many options", many, is_open=True, hidden_count=380)


def _list() -> dict[str, Any]:
    active = [
        ActiveFilter("Condition", "Liver metastases", HERE, NO_SELECTION),
        ActiveFilter("Clinic", LONG_WORD, HERE, NO_SELECTION),
    ]
    ways_out = [WayOut("within 50 km", HERE, 3), WayOut("without Treatment “Mastectomy”", HERE, 21)]
    places = [PlaceChoice("Frankfurt am Main, Hesse", HERE), PlaceChoice("Frankfurt (Oder), Brandenburg", HERE)]
    meaning = SimpleNamespace(words="liver mets", names=["Liver metastases"], more=2)
    read = SimpleNamespace(selection=SimpleNamespace(text="leever mets"), literal_url=HERE)
    return {
        "facets": _facets(),
        "active": SimpleNamespace(active_filters=active, clear_url=HERE),
        "pages": {"First page": _pages(1), "In the middle": _pages(7), "Last page": _pages(12)},
        "nothing": SimpleNamespace(ways_out=ways_out),
        "nothing_helps": SimpleNamespace(ways_out=[], is_filtered=True, clear_url=HERE),
        "places": SimpleNamespace(place_choices=places),
        "other_places": SimpleNamespace(other_places=places),
        "no_place": SimpleNamespace(is_place_unknown=True, shown_near="Frankfrut", place_suggestions=places),
        "read": SimpleNamespace(shown="liver mets", meanings=[meaning], **vars(read)),
        "suggestions": _suggestions(),
    }


def _pages(current: int, last: int = 12) -> SimpleNamespace:
    near = {1, last, current - 1, current, current + 1} & set(range(1, last + 1))
    links: list[dict[str, Any]] = []
    for number in sorted(near):
        if links and number - links[-1]["label"] > 1:
            links.append({"label": "…", "url": "", "is_current": False})
        links.append({"label": number, "url": HERE, "is_current": number == current})
    return SimpleNamespace(
        page=SimpleNamespace(has_other_pages=True),
        page_links=links,
        previous_url=HERE if current > 1 else "",
        next_url=HERE if current < last else "",
    )


def _suggestions() -> list[Suggestion]:
    return [
        Suggestion(marked("Liver metastases", ["liver"]), "Condition", "liver metastases", url=HERE),
        Suggestion(marked("Liver cancer", ["liver"]), "Condition", "liver cancer", "Also called: hepatoma", HERE),
        Suggestion(marked(LONG_NAME, []), "Physician", LONG_NAME, f"Clinic Am Park, {LONG_WORD}", HERE),
    ]


def _article() -> dict[str, Any]:
    dates = {"edited_at": DAY, "reviewed_on": DAY, "review_due": DAY.replace(year=2028)}
    section = SimpleNamespace(anchor="prose", heading="What is it?")
    return {
        "bylines": {
            "Reviewed": SimpleNamespace(author="Dr. Ada Writer", reviewer="Prof. Dr. Bo Reviewer", **dates),
            "Not reviewed, nobody named": SimpleNamespace(author=None, edited_at=DAY, reviewed_on=None),
        },
        "points": ["Two thirds of the liver can be removed; it grows again.", f"A long word: {LONG_WORD}"],
        "urgent": SimpleNamespace(signs=["Yellow skin or eyes", "Vomiting blood, or black stool"]),
        "treating": [
            SimpleNamespace(url=HERE, name="Visceral surgery", count=21, practitioner="surgeon of the belly"),
            SimpleNamespace(url=HERE, name=f"Radiology and {LONG_WORD}", count=1, practitioner="radiologist"),
        ],
        "sources": [
            (
                1,
                SimpleNamespace(
                    citation="A guideline", url="https://example.org/guideline", year=2025, section=section
                ),
            ),
            (2, SimpleNamespace(citation=f"A book, {LONG_WORD}", url="", year=None, section=None)),
        ],
        "words": [SimpleNamespace(slug="stent", term="Stent", explanation="A small tube that holds a vessel open.")],
        "condition": SimpleNamespace(slug="example"),
        "pictures": {
            "With caption and credit": _picture(),
            "Without either": _picture(caption="", credit=""),
        },
        "table": "<table><thead><tr>{}</tr></thead><tbody><tr>{}</tr></tbody></table>".format(
            "".join(f"<th>Column {number}</th>" for number in range(9)), f"<td>{LONG_WORD}</td>" * 9
        ),
        "terms": [
            SimpleNamespace(get_absolute_url=HERE, local=SimpleNamespace(name="Liver resection", summary="")),
            SimpleNamespace(get_absolute_url=HERE, local=SimpleNamespace(name=LONG_WORD, summary="What it is. " * 12)),
        ],
    }


def _profile() -> dict[str, Any]:
    hours = [OpeningHours(weekday=day, opens=datetime.time(8), closes=datetime.time(16)) for day in range(4)]
    location = {"street": "Parkweg 1", "postcode": "69115", "city": "Heidelberg", "get_country_display": "Germany"}
    step, certificate = "Specialist exam in surgery", {"name": "Liver centre", "issuer": "A society"}
    treatment = SimpleNamespace(get_absolute_url=HERE, local=SimpleNamespace(name="Liver resection"))
    bare_offer = {"treatment": treatment, "annual_cases": None, "source": "", "verified_on": None}
    cited = {"annual_cases": 120, "year": 2025, "source": "Quality report", "verified_on": DAY}
    return {
        "contact": SimpleNamespace(phone="+49 (0)6221 / 56-1", website=f"https://{LONG_WORD.lower()}.example/liver/"),
        "location": SimpleNamespace(
            name="House B",
            region="Baden",
            directions="Tram 21.\n\nRing twice.",
            hours=SimpleNamespace(all=hours),
            **location,
        ),
        "bare_location": SimpleNamespace(hours=SimpleNamespace(all=[]), **location),
        "offers": [SimpleNamespace(**{**bare_offer, **cited}), SimpleNamespace(**bare_offer)],
        "career": [
            SimpleNamespace(since=2019, until=None, text="Head of department"),
            SimpleNamespace(since=2010, until=2019, text=f"Consultant, {LONG_WORD}"),
            SimpleNamespace(since=2009, until=2009, text=step),
        ],
        "certificates": [
            SimpleNamespace(url="https://example.org/", valid_until=DAY, **certificate),
            SimpleNamespace(url="", valid_until=None, **certificate),
        ],
    }


def _shortlist() -> dict[str, Any]:
    names = ["Dr. Ada Example", LONG_NAME, LONG_WORD, *(f"Clinic {number}" for number in range(4, 9))]
    columns = [Column(f"slug-{number}", name, HERE, number == 1, HERE) for number, name in enumerate(names)]
    empty: tuple[Line, ...] = ()
    cases = (Line("120 cases", "Verified on 1 June 2026"), Line("A page", "", HERE))
    group = Group("Treatments offered", [Row("Liver resection", [cases, empty, *[cases] * 6], HERE)])
    groups = [Group("Who and where", [Row("Specialty", [(Line(LONG_WORD),), *[empty] * 7])]), group]
    return {
        "shortlist": SimpleNamespace(
            columns=columns, comparison=SimpleNamespace(groups=groups), full_url="/en/shortlist/"
        ),
        "hits": [Hit("Dr. Ada Example", "Clinic Am Park", HERE), Hit(LONG_NAME, LONG_WORD, "")],
    }


def _map() -> Map:
    outline = outlines.outlines()["dach"]
    towns = {"Berlin": (52.52, 13.41, 400), "Heidelberg": (49.41, 8.69, 21), "Bern": (46.95, 7.45, 1)}
    dots = [
        Dot(*outline.project(latitude, longitude), outlines.radius(count), HERE, f"{town}: {count} specialists")
        for town, (latitude, longitude, count) in towns.items()
    ]
    return Map(outline.view_box, outline.paths, dots, 12, "Something that the map leaves out.")


class ExampleForm(forms.Form):
    """Filled in wrongly, so that its errors show."""

    plain = forms.CharField(label="A plain field", required=False)
    hinted = forms.CharField(label="A field with a hint", required=False, help_text="What to write here.")
    chosen = forms.ChoiceField(label="A choice", choices=[("one", "One"), ("two", LONG_WORD)])
    wrong = forms.EmailField(label="A field with an error", help_text="An address for mails.")

    @cached_property
    def helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_method = "get"
        helper.form_action = HERE
        helper.layout = Layout(*self.fields)
        helper.add_input(Submit("", "Send"))
        return helper


def _form() -> ExampleForm:
    wrong = {"plain": "Some words", "chosen": "two", "wrong": "nobody@nowhere@"}
    return ExampleForm(wrong, use_required_attribute=False)
