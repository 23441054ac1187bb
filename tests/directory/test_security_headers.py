"""What every answer promises a visitor: nothing inline, nothing from elsewhere, no cookie, no framing, no sniffing."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from conditions import workflow
from tests.directory.conftest import SOURCE, WEBSITE, SmallSite
from tests.pages import file_in, is_elsewhere, read

pytestmark = pytest.mark.django_db
MACHINE_ADDRESSES = ["/healthz", "/robots.txt", "/sitemap.xml", "/sitemap-pages-en.xml", "/sitemap-profiles-de.xml"]
ERROR_ADDRESSES = ["/en/nothing/", "/nothing", "/en/%00/", "/en/?" + "a" * 20_000, "/media/pictures/secret.txt"]
PROSEMIRROR_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"
THIS_SITE_ONLY = {
    "default-src": {"'self'"},
    "script-src": {"'self'"},
    "style-src": {"'self'", PROSEMIRROR_STYLE},
    "img-src": {"'self'", "data:"},
    "object-src": {"'none'"},
    "base-uri": {"'none'"},
    "form-action": {"'self'"},
    "frame-ancestors": {"'none'"},
}


def fetch(client: Client, address: str) -> Any:
    """The answer; a file is read to its end, which closes it."""
    response = client.get(address)
    if response.streaming:
        assert len(file_in(response)) > 0
    return response


def policy(response: Any) -> dict[str, set[str]]:
    """The content security policy: directive → its sources."""
    directives = [part.split() for part in response["Content-Security-Policy"].split(";")]
    assert len({name for name, *_ in directives}) == len(directives), "a browser ignores a repeated directive"
    return {name: set(sources) for name, *sources in directives}


def all_public(site: SmallSite) -> list[str]:
    return [*site.pages.values(), *MACHINE_ADDRESSES, *ERROR_ADDRESSES, "/", "/conditions/", "/en/conditions"]


def admin_addresses(site: SmallSite) -> list[str]:
    article = site.condition.articles.get()
    draft = workflow.open_draft(article)
    return [
        reverse("admin:index"),
        reverse("admin:conditions_condition_changelist"),
        reverse("admin:conditions_condition_change", args=(site.condition.pk,)),
        reverse("admin:conditions_article_change", args=(article.pk,)),
        reverse("admin:conditions_revision_change", args=(draft.pk,)),
        reverse("admin:conditions_picture_add"),
        reverse("admin:specialists_clinic_change", args=(site.clinic.pk,)),
        reverse("admin:specialists_physician_change", args=(site.physician.pk,)),
        reverse("admin:auth_user_changelist"),
    ]


def test_policy_of_every_public_answer_allows_this_site_only(client: Client, small_site: SmallSite) -> None:
    addresses = [*all_public(small_site), "/admin/", "/admin/login/", small_site.picture.src]

    policies = {address: policy(fetch(client, address)) for address in addresses}

    assert policies == dict.fromkeys(addresses, THIS_SITE_ONLY)


def test_policy_of_the_admin_is_as_strict(admin_client: Client, small_site: SmallSite) -> None:
    addresses = admin_addresses(small_site)
    responses = {address: admin_client.get(address) for address in addresses}

    assert {address: response.status_code for address, response in responses.items()} == dict.fromkeys(addresses, 200)
    for response in responses.values():
        directives = policy(response)
        assert directives["default-src"] == {"'self'"}
        assert directives["style-src"] == {"'self'", PROSEMIRROR_STYLE}
        assert {source for source in directives["script-src"] if not source.startswith("'nonce-")} == {"'self'"}
        assert directives["frame-ancestors"] == {"'none'"}
        assert "unsafe" not in response["Content-Security-Policy"]


def test_editors_inline_import_map_carries_the_nonce_of_its_response(
    admin_client: Client, small_site: SmallSite
) -> None:
    draft = workflow.open_draft(small_site.condition.articles.get())
    address = reverse("admin:conditions_revision_change", args=(draft.pk,))
    nonces = []
    for response in (admin_client.get(address), admin_client.get(address)):
        [import_map] = [script for script in read(response).all("script") if script.get("type") == "importmap"]
        assert policy(response)["script-src"] == {"'self'", f"'nonce-{import_map['nonce']}'"}
        nonces.append(import_map["nonce"])

    assert nonces[0] != nonces[1]
    assert min(map(len, nonces)) >= 16


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("X-Frame-Options", "DENY"),
    ],
)
def test_header_of_every_answer(admin_client: Client, small_site: SmallSite, header: str, value: str) -> None:
    visitor = Client()
    addresses = all_public(small_site)
    answers = {address: fetch(visitor, address) for address in [*addresses, "/admin/", small_site.picture.src]}
    answers |= {address: admin_client.get(address) for address in admin_addresses(small_site)}
    # A redirect has nothing to show in a frame.
    expected = {
        address: value
        for address, answer in answers.items()
        if not (header == "X-Frame-Options" and 300 <= answer.status_code < 400)
    }

    assert {address: answers[address].headers.get(header) for address in expected} == expected


def test_static_files_are_not_sniffed(client: Client) -> None:
    response = client.get("/static/css/base.css")

    assert file_in(response).startswith(b"/*")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_visitor_gets_no_cookie_on_any_public_page(client: Client, small_site: SmallSite) -> None:
    addresses = all_public(small_site)

    cookies = {address: client.get(address).cookies.output() for address in addresses}

    assert cookies == dict.fromkeys(addresses, "")
    assert client.cookies.output() == ""
    # Where people sign in there is one: the test would see it.
    assert "csrftoken" in client.get("/admin/login/").cookies.output()


def test_visitor_gets_no_cookie_when_asking_twice_from_a_link(client: Client, small_site: SmallSite) -> None:
    headers = {"referer": "https://search.example/?q=liver", "accept-language": "de", "cookie": "other=1"}

    cookies = {address: client.get(address, headers=headers).cookies.output() for address in all_public(small_site) * 2}

    assert set(cookies.values()) == {""}


def test_public_pages_load_and_send_to_this_site_only(client: Client, small_site: SmallSite) -> None:
    elsewhere: set[tuple[str, str]] = set()
    own: set[tuple[str, str]] = set()
    for path in [*small_site.pages.values(), "/en/nothing/"]:
        for tag, address in read(client.get(path)).addresses():
            (elsewhere if is_elsewhere(address) else own).add((tag, address))

    assert elsewhere == {("a", SOURCE), ("a", WEBSITE), ("a", "https://physician.example/"), ("a", "tel:+496221000")}
    assert {"a", "form", "img", "link"} <= {tag for tag, _ in own}
    assert any(address.endswith("/320.webp") for _, address in own)


def test_links_that_lead_elsewhere_take_nothing_along(client: Client, small_site: SmallSite) -> None:
    links = [
        link
        for path in small_site.pages.values()
        for link in read(client.get(path)).all("a")
        if link.get("href", "").startswith("https://")
    ]

    assert {link["href"] for link in links} == {SOURCE, WEBSITE, "https://physician.example/"}
    assert {link.get("rel") for link in links} == {"noopener noreferrer"}
    assert {link.get("target") for link in links} == {None}


def test_public_pages_hold_no_inline_code(client: Client, small_site: SmallSite) -> None:
    paths = [*small_site.pages.values(), "/en/nothing/", "/en/?" + "a" * 20_000]

    found = {path: read(client.get(path)).inline_code() for path in paths}

    assert found == {path: [] for path in paths}


def test_page_that_only_editors_see_is_kept_apart_by_cookie(client: Client, small_site: SmallSite) -> None:
    client.force_login(User.objects.create_superuser("boss"))

    response = client.get(small_site.hidden_profiles[0].get_absolute_url())

    assert "Not public." in read(response).text
    assert "Cookie" in response["Vary"]
