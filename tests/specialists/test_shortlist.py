"""The page of the shortlist: whom its address names, what it says of those it cannot show, and its cost."""

import json
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.http import QueryDict

from specialists import spelling
from specialists.shortlist import MOST, Shortlist, address
from tests import factories
from tests.pages import read

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = "1 specialist of this list is not, or no longer, in the directory and was left out."
TWO_LEFT_OUT = "2 specialists of this list are not, or no longer, in the directory and were left out."
TWICE = "Somebody was named more than once; each specialist is shown once."
TOO_MANY = "There is room for 8; those named after them are left out."
EMPTY = "Nobody is in this list yet."


def shortlist(query: str) -> Shortlist:
    return Shortlist(QueryDict(query))


def page_of(client, query: str = ""):
    return read(client.get(f"/en/shortlist/?{query}"))


# Whom it shows


def test_address_names_the_columns_in_their_order(client):
    for name in ("Apfelbach", "Birnbach", "Cedernbach"):
        factories.make_physician(name)

    page = page_of(client, "p=aurelia-cedernbach&p=aurelia-apfelbach")

    assert [link["href"] for link in page.with_class("comparison__name")] == [
        "/en/specialists/aurelia-cedernbach/",
        "/en/specialists/aurelia-apfelbach/",
    ]
    assert "Birnbach" not in page.text
    assert len(page.with_class("notice")) == 0


def test_table_says_which_head_is_whose(client):
    factories.make_clinic("Sternhaus", treatments=[factories.make_treatment("TACE")])

    heads = page_of(client, "p=sternhaus").all("th")

    assert [head["scope"] for head in heads].count("col") == 2
    assert [head["scope"] for head in heads].count("rowgroup") == 3
    assert [head["scope"] for head in heads].count("row") == 11


@pytest.mark.parametrize(
    ("query", "slugs", "notices"),
    [
        ("p=one&p=two", ["one", "two"], []),
        ("p=one&p=nobody&p=two", ["one", "two"], [LEFT_OUT]),
        ("p=one&p=two&p=one", ["one", "two"], [TWICE]),
        ("p=one&p=hidden", ["one"], [LEFT_OUT]),
        ("p=draft", [], [LEFT_OUT]),
        ("p=&p=+one+", ["one"], []),
        ("p=%00&p=one", ["one"], [LEFT_OUT]),
        ("p=%3Cb%3E&p=" + "a" * 4000, [], [TWO_LEFT_OUT]),
        ("q=x&only=everything", [], []),
    ],
)
def test_what_cannot_be_shown_is_said_and_the_rest_shown(query, slugs, notices):
    for name in ("one", "two"):
        factories.make_clinic(name)
    for status in ("hidden", "draft"):
        factories.make_clinic(status, status=status)

    found = shortlist(query)

    assert found.slugs == slugs
    assert found.notices == notices


def test_more_than_there_is_room_for_are_left_out():
    for number in range(MOST + 1):
        factories.make_clinic(f"clinic {number}")

    found = shortlist("&".join(f"p=clinic-{number}" for number in range(MOST + 1)))

    assert found.slugs == [f"clinic-{number}" for number in range(MOST)]
    assert found.notices == [TOO_MANY]
    assert found.has_room is False


def test_renamed_profile_is_found_under_its_old_slug(client):
    physician = factories.make_physician("Apfelbach", slug="old")
    physician.slug = "new"
    physician.save()

    found = shortlist("p=old&p=new&p=nobody&p=%3Cb%3E")

    assert found.slugs == ["new"]
    assert found.notices == [TWO_LEFT_OUT, TWICE]
    assert json.loads(found.moved) == {"old": "new", "nobody": ""}


def test_hidden_profile_is_shown_to_nobody_not_even_editors(client):
    factories.make_clinic("Geheimnis", status="hidden")
    editor = User.objects.create_user("editor", is_staff=True)
    editor.user_permissions.add(Permission.objects.get(codename="view_profile"))
    client.force_login(editor)

    page = page_of(client, "p=geheimnis&q=geheimnis")

    assert "Geheimnis" not in page.text
    assert EMPTY in page.text
    assert "Nobody was found." in page.text


def test_nothing_of_a_false_address_is_repeated_as_text(client):
    page = page_of(client, "p=call-0900-now&only=call-0900-now&p=<script>alert(1)</script>")

    assert "0900" not in page.text
    assert page.inline_code() == []


def test_empty_page_tells_how_to_fill_it(client):
    page = page_of(client)

    assert EMPTY in page.text
    assert page.all("table") == []
    assert page.with_class("notice") == []


# Its links


def test_links_remove_one_and_keep_the_rest():
    factories.make_clinic("one")
    factories.make_clinic("two")

    everything, brief = shortlist("p=one&p=two&p=nobody"), shortlist("p=one&p=two&only=differences")

    assert [column.remove_url for column in everything.columns] == ["/en/shortlist/?p=two", "/en/shortlist/?p=one"]
    assert [column.remove_url for column in brief.columns] == [
        "/en/shortlist/?p=two&only=differences",
        "/en/shortlist/?p=one&only=differences",
    ]
    assert (brief.full_url, brief.brief_url) == (
        "/en/shortlist/?p=one&p=two",
        "/en/shortlist/?p=one&p=two&only=differences",
    )
    assert address([]) == "/en/shortlist/"


def test_differences_alone_are_shown_on_demand(client):
    factories.make_clinic("one", city="Bonn")
    factories.make_clinic("two", city="Ulm")

    everything = page_of(client, "p=one&p=two")
    brief = page_of(client, "p=one&p=two&only=differences")
    alone = page_of(client, "p=one")

    assert "Show only the differences" in everything.text
    assert "Hospital" in everything.text
    assert "Show everything" in brief.text
    assert "Hospital" not in brief.text
    assert "Bonn" in brief.text
    assert "Show only the differences" not in alone.text


def test_twins_are_said_to_be_alike(client):
    factories.make_clinic("one")
    factories.make_clinic("two")

    assert "As far as we know, they are alike in everything." in page_of(client, "p=one&p=two&only=differences").text


def test_address_to_pass_on_is_whole(client):
    factories.make_clinic("one")

    page = read(client.get("/en/shortlist/?p=one&p=nobody&q=x", secure=True))

    [field] = [field for field in page.all("input") if field.get("id") == "shortlist-address"]
    assert field["value"] == "https://testserver/en/shortlist/?p=one"
    assert "readonly" in field


def test_profile_page_leads_to_a_comparison_without_script(client):
    public = factories.make_clinic("one")

    links = {link["href"] for link in read(client.get(public.get_absolute_url())).all("a")}

    assert "/en/shortlist/?p=one" in links


def test_profile_that_is_not_public_has_no_button(admin_client):
    page = read(admin_client.get(factories.make_clinic("one", status="draft").get_absolute_url()))

    assert page.with_class("remember") == []


# To add somebody


def test_search_offers_to_add_who_is_not_in_the_list(client):
    factories.make_physician("Apfelbach", focus="Kidneys", clinics=[factories.make_clinic("Sternhaus", city="Bonn")])
    factories.make_physician("Apfelbach", given_name="Berta")
    factories.make_physician("Birnbach")

    found = shortlist("p=aurelia-apfelbach&q=apfelbach&only=differences")

    assert [(hit.name, hit.note, hit.add_url) for hit in found.hits] == [
        ("Aurelia Apfelbach", "Kidneys · Bonn", ""),
        ("Berta Apfelbach", "", "/en/shortlist/?p=aurelia-apfelbach&p=berta-apfelbach&only=differences"),
    ]


def test_search_corrects_a_slip(client):
    factories.make_physician("Apfelbach")
    spelling.refresh()

    page = page_of(client, "q=apfelbch")

    assert "Showing results for apfelbach ." in page.text
    assert "/en/shortlist/?p=aurelia-apfelbach" in [link["href"] for link in page.all("a")]


@pytest.mark.parametrize("query", ["q=%00", "q=...", "q=+"])
def test_search_for_nothing_finds_nobody(query):
    factories.make_clinic("one")

    assert shortlist(query).hits == []


def test_form_keeps_the_list_and_the_view(client):
    factories.make_clinic("one")

    fields = [
        (field["name"], field["value"])
        for field in page_of(client, "p=one&only=differences").all("input")
        if field.get("type") == "hidden"
    ]

    assert fields == [("p", "one"), ("only", "differences")]


def test_full_list_has_no_form(client):
    for number in range(MOST):
        factories.make_clinic(f"clinic {number}")

    page = page_of(client, "&".join(f"p=clinic-{number}" for number in range(MOST)))

    assert "This list is full." in page.text
    assert [field for field in page.all("input") if field.get("id") == "shortlist-q"] == []


# Privacy and cost


def test_page_is_kept_nowhere(client):
    factories.make_clinic("one")

    response = client.get("/en/shortlist/?p=one")

    assert response["Cache-Control"] == "private, no-store"
    assert "ETag" not in response
    assert not response.cookies
    assert {"name": "robots", "content": "noindex"} in read(response).all("meta")


def test_page_cannot_be_written_to(client):
    assert client.post("/en/shortlist/?p=one").status_code == 405


@pytest.mark.parametrize("items", [1, 3, MOST])
def test_query_count_is_constant(client, django_assert_num_queries, items):
    clinic = factories.make_clinic("Sternhaus")
    for number in range(items):
        factories.make_physician(
            f"Name{number}",
            clinics=[clinic],
            specialties=[factories.make_specialty(f"Specialty {number}")],
            treatments=[factories.make_treatment(f"Treatment {number}")],
        )
    query = "&".join(f"p=aurelia-name{number}" for number in range(items))

    with django_assert_num_queries(9):
        page = page_of(client, query)

    assert len(page.with_class("comparison__name")) == items


def test_script_and_page_have_room_for_as_many():
    script = (ROOT / "static/js/shortlist.js").read_text(encoding="utf-8")
    status = (ROOT / "templates/components/shortlist_status.html").read_text(encoding="utf-8")

    assert re.findall(r"const MOST = (\d+);", script) == [str(MOST)]
    assert f"It has room for {MOST}:" in status
