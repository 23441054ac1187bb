"""Pages of the project itself: home, errors in the site's look, machine addresses, pictures, language redirects."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from django.urls import reverse

from directory import page_cache, queries
from tests import factories
from tests.directory.conftest import SmallSite, make_picture
from tests.pages import file_in, read

pytestmark = pytest.mark.django_db
SECRET = "the-inside-of-the-site"


@pytest.fixture
def quiet() -> Iterator[None]:
    """Errors provoked on purpose are not worth a traceback in the report."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def assert_looks_like_the_site(response: Any, heading: str) -> None:
    page = read(response)
    assert heading in page.text
    assert len(page.all("h1")) == 1
    assert {"rel": "stylesheet", "href": "/static/css/base.css"} in page.all("link")
    assert {"name": "robots", "content": "noindex"} in page.all("meta")
    assert page.all("html") == [{"lang": "en"}]
    assert reverse("home") in [link.get("href") for link in page.all("a")]
    assert page.inline_code() == []


def test_home_groups_public_conditions_by_body_area_with_their_counts(client: Client) -> None:
    liver = factories.make_condition("Liver cancer", body_area="liver")
    factories.make_condition("Bone metastases", body_area="bone")
    factories.make_condition("Secret condition", body_area="liver", is_published=False)
    factories.make_clinic(conditions=[liver])
    factories.make_physician(conditions=[liver])
    factories.make_physician("Unseen", conditions=[liver], status="draft")

    page = read(client.get("/en/"))

    assert "Liver Liver cancer 2 specialists Bone Bone metastases 0 specialists What you can" in page.text
    assert "Or look through 2 specialists" in page.text
    assert "Secret" not in page.text


def test_home_of_an_empty_directory_says_so(client: Client) -> None:
    text = read(client.get("/en/")).text

    assert "No condition is published yet." in text
    assert "Or look through 0 specialists" in text


def test_home_names_one_body_area_once(client: Client) -> None:
    for name in ("Zebra disease", "Ärzte disease", "apple disease"):
        factories.make_condition(name, body_area="lung")

    areas = queries.conditions_by_body_area()

    assert [(area.label, [(condition.name, found) for condition, found in area.conditions]) for area in areas] == [
        ("Lung", [("apple disease", 0), ("Ärzte disease", 0), ("Zebra disease", 0)])
    ]
    assert [area.more for area in areas] == [0]


def test_home_shows_the_most_treated_conditions_of_a_body_area_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert queries.MOST_SHOWN == 15
    monkeypatch.setattr(queries, "MOST_SHOWN", 2)
    conditions = {name: factories.make_condition(name, body_area="lung") for name in ("A", "B", "C", "D")}
    factories.make_clinic("One", conditions=[conditions["D"], conditions["B"]])
    factories.make_clinic("Two", conditions=[conditions["D"]])

    [area] = queries.conditions_by_body_area()

    assert [(condition.name, found) for condition, found in area.conditions] == [("B", 1), ("D", 2)]
    assert area.more == 2


@pytest.mark.parametrize("address", ["/en/nothing/", "/nothing", "/en/conditions/nothing/", "/admin/nothing/x"])
def test_not_found_in_the_sites_look(client: Client, address: str) -> None:
    client.force_login(User.objects.create_superuser("boss"))

    response = client.get(address)

    assert response.status_code == 404
    assert_looks_like_the_site(response, "This page does not exist")
    assert "URLconf" not in response.content.decode()


def test_not_found_of_a_nul_byte_in_the_path(client: Client) -> None:
    response = client.get("/en/conditions/%00/")

    assert response.status_code == 404
    assert_looks_like_the_site(response, "This page does not exist")


def test_bad_request_of_a_foreign_host(client: Client, quiet: None) -> None:
    response = client.get("/en/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert_looks_like_the_site(response, "We could not read this request")
    assert "evil.example" not in response.content.decode()


def test_bad_request_of_too_many_values(client: Client, quiet: None) -> None:
    response = client.get("/en/specialists/?" + "&".join(["a"] * 6000))

    assert response.status_code == 400
    assert_looks_like_the_site(response, "We could not read this request")


def test_forbidden_in_the_sites_look(client: Client, quiet: None) -> None:
    client.force_login(User.objects.create_user("writer", is_staff=True))

    response = client.get("/admin/conditions/condition/")

    assert response.status_code == 403
    assert_looks_like_the_site(response, "You may not open this page")


def test_forbidden_form_without_its_token_in_the_sites_look(quiet: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "writer"})

    assert response.status_code == 403
    page = read(response)
    assert len(page.all("h1")) == 1
    assert {"rel": "stylesheet", "href": "/static/css/base.css"} in page.all("link")
    assert page.inline_code() == []


@pytest.mark.parametrize(("length", "status"), [(16_384, 200), (16_385, 414)])
def test_address_too_long_only_beyond_the_limit(client: Client, length: int, status: int) -> None:
    response = client.get("/en/?" + "a" * length)

    assert response.status_code == status


def test_address_too_long_in_the_sites_look(client: Client) -> None:
    response = client.get("/en/specialists/?name=" + "a" * 20_000)

    assert_looks_like_the_site(response, "This address is too long")
    assert "aaaa" not in response.content.decode()


def test_own_fault_in_the_sites_look(monkeypatch: pytest.MonkeyPatch, quiet: None) -> None:
    def fail() -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(queries, "conditions_by_body_area", fail)

    response = Client(raise_request_exception=False).get("/en/")

    assert response.status_code == 500
    assert_looks_like_the_site(response, "Something went wrong on our side")
    assert SECRET not in response.content.decode()


def test_own_fault_page_needs_no_database(
    monkeypatch: pytest.MonkeyPatch, quiet: None, django_assert_num_queries: Any
) -> None:
    def fail() -> None:
        raise OperationalError(SECRET)

    monkeypatch.setattr(page_cache, "read_version", fail)

    with django_assert_num_queries(0):
        response = Client(raise_request_exception=False).get("/en/")

    assert response.status_code == 500
    assert_looks_like_the_site(response, "Something went wrong on our side")


def test_healthz_answers_ok_from_the_database(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        response = client.get("/healthz")

    assert (response.status_code, response.content, response["Content-Type"]) == (200, b"ok", "text/plain")


def test_healthz_fails_without_the_database(monkeypatch: pytest.MonkeyPatch, quiet: None) -> None:
    def refuse() -> None:
        raise DatabaseError(SECRET)

    monkeypatch.setattr(connection, "cursor", refuse)

    response = Client(raise_request_exception=False).get("/healthz")

    assert response.status_code == 500
    assert response.content != b"ok"
    assert SECRET.encode() not in response.content


def test_robots_keeps_the_admin_out_and_names_the_sitemap(client: Client) -> None:
    response = client.get("/robots.txt", headers={"host": "localhost"}, secure=True)

    assert response["Content-Type"] == "text/plain"
    assert response.content.decode() == "User-agent: *\nDisallow: /admin/\nSitemap: https://localhost/sitemap.xml\n"


@pytest.mark.parametrize("address", ["/", "/conditions/", "/specialists/?kind=clinic&page=2"])
@pytest.mark.parametrize(
    ("wished", "language"),
    [("en", "en"), ("de-AT,de;q=0.9,en;q=0.5", "de"), ("fr;q=0.9,de;q=0.1", "de"), ("xx;q=0.1", "en"), ("", "en")],
)
def test_bare_path_leads_to_the_language(client: Client, address: str, wished: str, language: str) -> None:
    response = client.get(address, headers={"accept-language": wished})

    assert (response.status_code, response["Location"]) == (302, f"/{language}{address}")
    assert "Accept-Language" in response["Vary"]


def test_condition_without_summary_and_article_has_a_page(client: Client) -> None:
    condition = factories.make_condition("Gallstones", summary="")

    page = read(client.get(condition.get_absolute_url()))

    assert "Specialists in Gallstones" in page.text
    assert "We are still writing the patient information about this condition." in page.text


def test_address_without_its_last_slash_leads_there(client: Client) -> None:
    response = client.get("/en/conditions?q=liver")

    assert (response.status_code, response["Location"]) == (301, "/en/conditions/?q=liver")


def test_head_answers_like_get_without_content(client: Client, small_site: SmallSite) -> None:
    addresses = [*small_site.pages.values(), "/healthz", "/robots.txt", "/sitemap.xml", "/sitemap-profiles-en.xml"]

    got = {address: client.get(address) for address in addresses}
    heads = {address: client.head(address) for address in addresses}

    assert {address: head.status_code for address, head in heads.items()} == dict.fromkeys(addresses, 200)
    assert {address: head.content for address, head in heads.items()} == dict.fromkeys(addresses, b"")
    assert {address: head["Content-Type"] for address, head in heads.items()} == {
        address: response["Content-Type"] for address, response in got.items()
    }


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(client: Client, small_site: SmallSite, method: str, quiet: None) -> None:
    addresses = [*small_site.pages.values(), "/healthz", "/robots.txt", small_site.picture.src]

    refused = {address: client.generic(method, address) for address in addresses}

    assert {address: response.status_code for address, response in refused.items()} == dict.fromkeys(addresses, 405)
    assert {response["Allow"] for response in refused.values()} == {"GET, HEAD"}


def test_picture_shows_a_rendition_and_lets_it_be_kept(client: Client, small_site: SmallSite, media_root: Path) -> None:
    name = small_site.picture.rendition_name(320)

    response = client.get(f"/media/{name}")

    assert file_in(response) == (media_root / name).read_bytes()
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_picture_every_rendition_of_its_page_is_there(client: Client, small_site: SmallSite) -> None:
    page = read(client.get(small_site.condition.get_absolute_url()))
    addresses = {address for tag, address in page.addresses() if tag == "img" and address.startswith("/media/")}

    found = {address: client.get(address) for address in addresses}

    assert {address.rsplit("/")[-1] for address in addresses} == {"320.webp", "640.webp", "700.webp"}
    assert {(response.status_code, response["Content-Type"]) for response in found.values()} == {(200, "image/webp")}
    # "RIFF", the length, "WEBP".
    assert {file_in(response)[8:12] for response in found.values()} == {b"WEBP"}


def test_picture_missing_one_is_not_found_and_not_kept(client: Client, small_site: SmallSite) -> None:
    response = client.get("/media/pictures/00000000-0000-0000-0000-000000000000/320.webp")

    assert response.status_code == 404
    assert not response.has_header("Cache-Control")


@pytest.mark.parametrize(
    "address",
    [
        "/media/secret.txt",
        "/media/320.webp",
        "/media/pictures/secret.txt",
        "/media/pictures/320.webp",
        "/media/pictures/../320.webp",
        "/media/pictures/%2e%2e/320.webp",
        "/media/pictures/..%2f320.webp",
        "/media/pictures/{uid}/../../320.webp",
        "/media/pictures/{uid}/secret.txt",
        "/media/pictures/{uid}/320.webp.bak",
        "/media/pictures/{uid}/320.svg",
        "/media/pictures/{uid}/",
        "/media/pictures/{uid}",
        "/media/pictures/",
        "/media/",
        "/media//{root}/320.webp",
        "/media/pictures//{root}/320.webp",
    ],
)
def test_picture_view_serves_nothing_else(client: Client, media_root: Path, address: str) -> None:
    picture = make_picture()
    folders = (media_root, media_root / "pictures", media_root / "pictures" / str(picture.uid))
    for folder in folders:
        for name in ("secret.txt", "320.webp.bak", "320.svg"):
            (folder / name).write_text(SECRET)
    for folder in folders[:2]:
        (folder / "320.webp").write_text(SECRET)

    response = client.get(address.format(uid=picture.uid, root=media_root))

    assert response.status_code == 404
    assert SECRET not in response.content.decode()
    assert_looks_like_the_site(response, "This page does not exist")


def test_picture_view_lists_no_folder(client: Client, media_root: Path) -> None:
    picture = make_picture()
    (media_root / "pictures" / str(picture.uid) / "7.webp").mkdir()

    response = client.get(f"/media/pictures/{picture.uid}/7.webp")

    assert response.status_code == 404
    assert_looks_like_the_site(response, "This page does not exist")
