"""Nodes are printed so that whatever an editor writes stays a string within its element."""

import json
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from directory.structured_data import graph
from tests.pages import Page

HOSTILE = "</script><script>alert(1)</script><!-- <script> ]]> &lt;/script&gt; \u2028 \\ \" '"


def test_node_leaves_out_what_has_no_value() -> None:
    node = graph.node("Clinic", "#it", name="A", url="", beds=None, items=[], zero=0, no=False)

    assert node == {"@type": "Clinic", "@id": "#it", "name": "A", "zero": 0, "no": False}


def test_address_is_that_of_the_site(settings: Settings) -> None:
    settings.SITE_URL = "https://directory.example/"

    assert graph.absolute("/en/") == "https://directory.example/en/"
    assert graph.absolute("https://pictures.example/1.webp") == "https://pictures.example/1.webp"


def test_item_list_counts_from_one_and_knows_the_total(settings: Settings) -> None:
    settings.SITE_URL = "https://directory.example"

    assert graph.item_list([("A", "/a/"), ("B", "/b/")], 7, "#list") == {
        "@type": "ItemList",
        "@id": "#list",
        "numberOfItems": 7,
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "A", "url": "https://directory.example/a/"},
            {"@type": "ListItem", "position": 2, "name": "B", "url": "https://directory.example/b/"},
        ],
    }


def test_script_of_one_node_and_of_several() -> None:
    one, several = graph.script([{"@type": "Thing"}]), graph.script([{"@type": "Thing"}, {"@type": "Person"}])

    assert one == '<script type="application/ld+json">{"@context":"https://schema.org","@type":"Thing"}</script>'
    assert Page(several).data() == [
        {"@context": "https://schema.org", "@graph": [{"@type": "Thing"}, {"@type": "Person"}]}
    ]
    assert graph.script([]) == ""


def test_script_cannot_be_left() -> None:
    page = Page(graph.script([graph.node("Thing", name=HOSTILE)]))

    assert page.elements == [("script", {"type": "application/ld+json"})]
    assert page.text == ""
    assert page.data() == [{"@context": "https://schema.org", "@type": "Thing", "name": HOSTILE}]


@given(st.text(alphabet=st.sampled_from("<>/!-&\\\"'scriptSCRIPT \n\t\u2028\u2029é\U0001f600")))
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    printed = graph.script([{"@type": "Thing", "name": text}])

    content = printed.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert {"<", ">", "&"}.isdisjoint(content)
    assert json.loads(content)["name"] == text
    assert isinstance(Page(printed), HTMLParser)
    assert [tag for tag, _ in Page(printed).elements] == ["script"]
