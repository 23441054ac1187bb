"""Who treats a condition: made from the directory, and every number is that of the list behind its link."""

import pytest
from django.utils.translation import override

from conditions import queries
from specialists.templatetags.who_treats import who_treats
from tests.factories import make_clinic, make_condition, make_physician, make_published, make_specialty
from tests.pages import read

pytestmark = pytest.mark.django_db


def test_specialties_are_counted_among_those_who_treat_the_condition(client):
    surgery, oncology = make_specialty("Surgery", practitioner="surgeon"), make_specialty("Oncology")
    unused, foreign = make_specialty("Pathology"), make_specialty("Dentistry")
    gout = make_condition("Gout")
    gout.specialties.set([surgery, oncology, unused])
    make_clinic("A", conditions=[gout], specialties=[surgery, foreign])
    make_physician("B", conditions=[gout], specialties=[surgery, oncology])
    make_clinic("Hidden", conditions=[gout], specialties=[surgery], status="hidden")
    make_clinic("Elsewhere", specialties=[surgery, oncology])

    rows = who_treats(gout)

    assert [(row.name, row.practitioner, row.count) for row in rows] == [
        ("Surgery", "surgeon", 2),
        ("Oncology", "Oncology", 1),
    ]
    for row in rows:
        word = "specialist" if row.count == 1 else "specialists"
        assert f"{row.count} {word} found" in read(client.get(row.url)).text


def test_equals_come_in_alphabetical_order():
    gout = make_condition("Gout")
    gout.specialties.set([make_specialty("B"), make_specialty("A")])
    make_clinic("C", conditions=[gout], specialties=gout.specialties.all())

    assert [row.name for row in who_treats(gout)] == ["A", "B"]


def test_box_is_in_the_article_and_its_contents(client):
    gout = make_condition("Gout")
    surgery = make_specialty("Surgery", practitioner="surgeon")
    gout.specialties.set([surgery])
    make_clinic("A", conditions=[gout], specialties=[surgery])
    make_published(gout)

    page = read(client.get("/en/conditions/gout/"))

    assert "The numbers are those of this directory. Surgery 1 specialist Surgeon" in page.text
    assert [link["href"] for link in page.with_class("who-treats__link")] == [
        "/en/specialists/?condition=gout&specialty=surgery"
    ]
    assert "#who-treats" in {link["href"] for link in page.with_class("contents__link")}


def test_condition_without_specialists_has_no_box(client):
    gout = make_condition("Gout")
    gout.specialties.set([make_specialty("Surgery")])
    make_published(gout)

    page = read(client.get("/en/conditions/gout/"))

    assert "Who treats this" not in page.text


def test_names_are_those_of_the_language(settings):
    gout = make_condition("Gout")
    surgery = make_specialty("Surgery")
    surgery.translations.create(language="de", name="Chirurgie", practitioner="Chirurgin")
    gout.specialties.set([surgery])
    make_clinic("A", conditions=[gout], specialties=[surgery])

    with override("de"):
        [row] = who_treats(queries.with_page_relations(type(gout).objects.all()).get())

    assert (row.name, row.practitioner, row.url) == (
        "Chirurgie",
        "Chirurgin",
        "/de/specialists/?condition=gout&specialty=surgery",
    )
