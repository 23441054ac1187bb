"""The pictures beside links: of public pages only, legible, small, whatever the title and the machine's fonts."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from PIL import Image, ImageDraw

from directory import social
from directory.social import Words
from tests import factories
from tests.directory.conftest import SmallSite

MOST_BYTES = 30_000
LONG = "Gastroenteropancreatic neuroendocrine tumours of the small bowel and their metastases " * 3
TITLES = ["Gout", "Überdehnung der Äußeren Bänder – „Łódź“", LONG, "x" * 250, "", "a\u202eb\nc", "肝臓", "W" * 60]


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def ink(content: bytes) -> tuple[int, int, int, int]:
    """The box of everything on the picture that is text: darker than all but the bar on top and the mark."""
    grey = opened(content).convert("L").crop((0, 20, social.WIDTH, social.HEIGHT))
    box = grey.point(lambda value: 255 if value < 60 else 0).getbbox()
    assert box is not None
    return box


@pytest.fixture
def _forgotten() -> Iterator[None]:
    """Fonts that were found are remembered, and pictures too."""
    caches = (social.font, social.has_all_letters, social.drawn)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


@pytest.fixture
def _without_fonts(_forgotten: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the fonts looked for."""
    monkeypatch.setattr(social, "TITLE_FONT", "Nowhere-Bold.ttf")
    monkeypatch.setattr(social, "TEXT_FONT", "Nowhere.ttf")


def check(title: str) -> None:
    content = social.drawn(Words("Patient information", title, "Specialist Directory"))
    picture = opened(content)
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert len(content) <= MOST_BYTES
    if title.strip():
        left, _top, right, bottom = ink(content)
        assert left >= social.MARGIN - 10
        assert right <= social.WIDTH - social.MARGIN + 10
        assert bottom <= social.HEIGHT - 130


@pytest.mark.parametrize("title", TITLES)
def test_picture_of_any_title_is_small_and_within_its_margins(title: str) -> None:
    check(title)


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.usefixtures("_without_fonts")
def test_picture_without_fonts_is_legible_too(title: str) -> None:
    check(title)


@pytest.mark.usefixtures("_without_fonts")
def test_letters_the_font_lacks_are_spelt_out() -> None:
    assert social.legible("Dr. Łukasz Müller – „Süd”\u202e") == 'Dr. Lukasz Mueller - "Sued” '


def test_short_title_is_large_and_long_one_small() -> None:
    draw = ImageDraw.Draw(Image.new("RGB", (social.WIDTH, social.HEIGHT)))

    sizes = [social.fitted(draw, title)[2] for title in ("Gout", LONG[:60], LONG)]

    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0], sizes[-1]) == (92, 56)


def test_title_that_is_too_long_is_cut_with_a_sign() -> None:
    draw = ImageDraw.Draw(Image.new("RGB", (social.WIDTH, social.HEIGHT)))

    _font, lines, _size = social.fitted(draw, LONG)

    assert len(lines) == social.MOST_LINES
    assert lines[-1].endswith("…")


def test_different_titles_make_different_pictures() -> None:
    pictures = {social.drawn(Words("", title, "Site")) for title in ("Gout", "Asthma")}

    assert len(pictures) == 2


@pytest.mark.django_db
def test_picture_is_kept_by_those_who_asked(client: Client, small_site: SmallSite) -> None:
    for path in ("/en/og/site.png", "/en/og/condition/liver-metastases.png", "/de/og/site.png"):
        response = client.get(path)
        assert (response.status_code, response["Content-Type"]) == (200, "image/png")
        assert response["Cache-Control"] == "public, max-age=86400"
        assert not response.cookies
        assert opened(response.content).size == (1200, 630)


@pytest.mark.django_db
def test_picture_says_what_the_page_is(small_site: SmallSite) -> None:
    found = [
        social.words(*shown)
        for shown in (
            ("condition", "liver-metastases"),
            ("treatment", "liver-resection"),
            ("specialty", "visceral-surgery"),
            ("specialist", "clinic-am-park"),
        )
    ]

    assert [(text.over, text.title) for text in found] == [
        ("Patient information and specialists", "Liver metastases"),
        ("Treatment", "Liver resection"),
        ("Specialty", "Visceral surgery"),
        ("Specialists", "Clinic Am Park"),
    ]
    assert {text.foot for text in [*found, social.site_words()]} == {"Specialist Directory"}


@pytest.mark.django_db
def test_what_is_not_public_has_no_picture(admin_client: Client, small_site: SmallSite) -> None:
    hidden = [("condition", small_site.hidden_condition.slug)]
    hidden += [("specialist", profile.slug) for profile in small_site.hidden_profiles]
    unknown = [("condition", "nothing"), ("article", "liver-metastases")]

    codes = {admin_client.get(f"/en/og/{kind}/{slug}.png").status_code for kind, slug in hidden + unknown}

    assert codes == {404}
    assert len(hidden) == 3


@pytest.mark.django_db
def test_picture_is_for_reading_only(client: Client) -> None:
    factories.make_condition("Gout")

    assert client.post("/en/og/condition/gout.png").status_code == 405
    assert client.head("/en/og/condition/gout.png").status_code == 200


@pytest.mark.django_db
def test_picture_asks_for_its_page_once(client: Client, django_assert_num_queries: Any) -> None:
    factories.make_condition("Gout")
    client.get("/en/og/condition/gout.png")

    # The content version, and the condition.
    with django_assert_num_queries(2):
        client.get("/en/og/condition/gout.png")
