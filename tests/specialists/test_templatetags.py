"""Specialists on other apps' pages: exact numbers, quick filters that keep their promise, cards in the right order."""

from typing import Any

import pytest
from django.http import QueryDict
from django.template import Context, Template
from hypothesis import given, settings
from hypothesis import strategies as st

from conditions.models import Condition
from specialists.filters import Option
from specialists.listing import Listing
from specialists.models import Profile
from specialists.templatetags import specialists as tags
from specialists.templatetags.specialists import QuickFilter
from tests import factories
from tests.pages import Page
from tests.specialists import oracle
from tests.specialists.oracle import Wish, built

pytestmark = pytest.mark.django_db

LIST = "/en/specialists/"
PART = Template(
    "{% load specialists %}{% specialists_for facet value as found %}"
    '{% include "components/found.html" with found=found only %}'
)


def rendered(facet: str, value: str) -> Page:
    return Page(PART.render(Context({"facet": facet, "value": value})))


def total_behind(url: str) -> int:
    return Listing(QueryDict(url.partition("?")[2])).total


def names_of(found: tags.Found) -> list[str]:
    return [card.name for card in found.cards]


# Found


@settings(deadline=None, max_examples=25)
@given(oracle.worlds(), st.sampled_from(["condition", "treatment", "specialty"]), st.data())
def test_specialists_for_is_exact(world, facet, data):
    value = data.draw(st.sampled_from(oracle.VALUES[facet]))
    with built(world) as keys:
        result = tags.specialists_for(facet, value)

        expected = oracle.found(world, Wish({facet: frozenset([value])}))
        assert result.total == len(expected)
        in_order = [keys[number] for number in oracle.in_order(world, expected, "name")]
        urls = {profile.pk: profile.get_absolute_url() for profile in Profile.objects.all()}
        assert [card.url for card in result.cards] == [urls[profile] for profile in in_order[:6]]
        assert [quick.count for quick in result.quick_filters] == [
            total_behind(quick.url) for quick in result.quick_filters
        ]
        assert all(0 < quick.count < result.total for quick in result.quick_filters)


def test_specialists_for_shows_six_cards_and_counts_all():
    condition = factories.make_condition()
    for letter in "HGFEDCBA":
        factories.make_clinic(letter, conditions=[condition])
    factories.make_clinic("0 Draft", conditions=[condition], status="draft")
    factories.make_clinic("0 Other")

    found = tags.specialists_for("condition", condition.slug)

    assert (found.total, names_of(found)) == (8, list("ABCDEF"))
    assert found.url == f"{LIST}?condition=liver-metastases"
    page = rendered("condition", condition.slug)
    assert "8 specialists found" in page.text
    assert "Show and filter all 8 specialists" in page.text
    assert len(page.with_class("card")) == 6


def test_specialists_for_nobody_says_so():
    condition = factories.make_condition()
    factories.make_clinic(conditions=[condition], status="hidden")

    found = tags.specialists_for("condition", condition.slug)

    assert (found.total, found.cards, found.quick_filters) == (0, [], [])
    page = rendered("condition", condition.slug)
    assert page.text == "0 specialists found No specialist is listed here yet. See all specialists"
    assert page.all("a") == [{"href": LIST}]


def test_specialists_for_a_condition_that_is_not_public_finds_nobody():
    condition = factories.make_condition(is_published=False)
    factories.make_clinic(conditions=[condition])

    assert tags.specialists_for("condition", condition.slug).total == 0


def test_quick_filters_are_the_options_that_narrow_most_usefully():
    condition = factories.make_condition()
    treatments = [factories.make_treatment(name) for name in ("Ablation", "Biopsy", "Catheter", "Drug", "Everywhere")]
    specialties = [factories.make_specialty(name) for name in ("Surgery", "Oncology", "Urology")]
    for number in range(4):
        # Ablation is offered by one, Biopsy by two, Catheter by three; Drug by nobody, the last by everybody.
        offered = [*treatments[number:3][::-1], treatments[4]]
        factories.make_clinic(
            f"Clinic {number}",
            conditions=[condition],
            treatments=offered if number < 3 else treatments[4:],
            specialties=specialties[: max(1, number)],
            accepting="yes" if number else "no",
        )

    found = tags.specialists_for("condition", condition.slug)

    base = f"{LIST}?condition=liver-metastases"
    assert found.quick_filters == [
        QuickFilter("Accepting new patients", 3, f"{base}&accepting=yes"),
        QuickFilter("Catheter", 3, f"{base}&treatment=catheter"),
        QuickFilter("Biopsy", 2, f"{base}&treatment=biopsy"),
        QuickFilter("Oncology", 2, f"{base}&specialty=oncology"),
    ]


def test_quick_filters_tell_physicians_from_clinics():
    condition = factories.make_condition()
    factories.make_clinic(conditions=[condition])
    factories.make_physician("Eins", conditions=[condition])
    factories.make_physician("Zwei", conditions=[condition])

    found = tags.specialists_for("condition", condition.slug)

    assert [(quick.label, quick.count) for quick in found.quick_filters] == [("Physicians", 2), ("Clinics", 1)]


@pytest.mark.parametrize("facet", ["kind", "accepting", "language", "insurance", "country"])
def test_specialists_for_works_for_every_facet(facet):
    factories.make_clinic("Eins", accepting="yes", languages=["de"], insurance=["private"])
    factories.make_clinic("Zwei", accepting="no", country="AT")
    values = {"kind": "clinic", "accepting": "yes", "language": "de", "insurance": "private", "country": "DE"}

    found = tags.specialists_for(facet, values[facet])

    assert names_of(found) == (["Eins", "Zwei"] if facet == "kind" else ["Eins"])


@pytest.mark.parametrize("profiles", [1, 3, 12])
def test_specialists_for_query_count_is_constant(django_assert_num_queries, profiles):
    condition = factories.make_condition()
    treatments = [factories.make_treatment("TACE"), factories.make_treatment("SIRT")]
    condition.treatments.add(treatments[0])
    specialties = [factories.make_specialty("Surgery"), factories.make_specialty("Oncology")]
    linked: dict[str, Any] = {"conditions": [condition], "treatments": treatments, "specialties": specialties}
    clinics = [factories.make_clinic(f"Stern {number:02}", **linked) for number in range(profiles)]
    for number in range(profiles):
        factories.make_physician(f"Stern {number:02}", clinics=clinics, **linked)

    with django_assert_num_queries(23):
        page = rendered("condition", condition.slug)

    assert f"{2 * profiles} specialists found" in page.text


# Tick boxes


def test_option_boxes_say_what_can_be_ticked():
    options = [
        Option("yes", "Accepting", 3, True),
        Option("no", "Not <accepting>", 2, False),
        Option("unknown", "Ask", 0, False),
    ]

    page = Page(tags.option_boxes("accepting", options))

    box = {"class": "option__box", "type": "checkbox", "name": "accepting"}
    assert page.all("input") == [
        {**box, "id": "accepting-yes", "value": "yes", "checked": ""},
        {**box, "id": "accepting-no", "value": "no"},
        {**box, "id": "accepting-unknown", "value": "unknown", "disabled": ""},
    ]
    assert [label["class"] for label in page.all("label")] == ["option", "option", "option option--disabled"]
    assert page.text == "Accepting ( 3 ) Not <accepting> ( 2 ) Ask ( 0 )"


def test_option_boxes_escape_what_they_show():
    page = Page(tags.option_boxes("x", [Option('"><b>', "<i>", 1, False)]))

    assert [box["value"] for box in page.all("input")] == ['"><b>']
    assert page.all("b") + page.all("i") == []


# Small ones


def test_specialist_count_is_of_public_profiles():
    for status in ("published", "draft", "hidden"):
        factories.make_clinic(status, status=status)
        factories.make_physician(status, status=status)

    assert tags.specialist_count() == 2


def test_language_names_keep_their_order():
    assert tags.language_names(["tr", "de"]) == ["Turkish", "German"]
    assert tags.language_names([]) == []


def test_insurance_names_keep_their_order():
    assert tags.insurance_names(["self_pay", "statutory"]) == ["Paying yourself", "Statutory insurance"]


def test_condition_page_uses_the_part(client):
    condition = factories.make_published().article.condition
    factories.make_clinic("Sternhaus", conditions=Condition.objects.all())

    page = Page(client.get(condition.get_absolute_url()).content.decode())

    assert "1 specialist found" in page.text
    assert {"href": f"{LIST}?condition=liver-metastases", "class": "button"} in page.all("a")
    assert {"href": f"{LIST}sternhaus/"} in page.all("a")
