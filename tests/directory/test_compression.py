"""What pages are packed in: brotli or gzip as the browser asks, and gzip alone where a cookie is involved."""

import gzip
from hashlib import sha256
from typing import Any

import brotli
import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from directory.compression import CompressionMiddleware, encoding

TEXT = b"The liver is the largest gland of the body. " * 20
BROWSER = "gzip, deflate, br, zstd"


def answer(accepted: str, content: bytes = TEXT, *, cookie: str = "", **headers: str) -> Any:
    request = RequestFactory().get("/", headers={"Accept-Encoding": accepted, **({"Cookie": cookie} if cookie else {})})
    return CompressionMiddleware(lambda _request: HttpResponse(content, headers=headers))(request)


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        (BROWSER, "br"),
        ("br", "br"),
        ("gzip", "gzip"),
        ("gzip;q=0.5, br;q=1.0", "br"),
        ("gzip, br;q=0", "gzip"),
        ("gzip, br; q=0.00", "gzip"),
        ("gzip, br;q=0.01", "br"),
        ("gzip;q=0, br ; q=0", ""),
        ("brotli, gzipped", ""),
        ("identity", ""),
        ("", ""),
    ],
)
def test_encoding_is_the_best_that_is_accepted(accepted: str, expected: str) -> None:
    assert encoding(RequestFactory().get("/", headers={"Accept-Encoding": accepted})) == expected


def test_page_is_packed_with_its_headers() -> None:
    response = answer(BROWSER, ETag='W/"1"')

    assert brotli.decompress(response.content) == TEXT
    assert (response["Content-Encoding"], response["Content-Length"]) == ("br", str(len(response.content)))
    assert (response["Vary"], response["ETag"]) == ("Accept-Encoding", 'W/"1"')


def test_who_has_a_cookie_gets_gzip_of_a_length_that_differs() -> None:
    answers = [answer(BROWSER, cookie="sessionid=1") for _ in range(40)]

    assert {gzip.decompress(response.content) for response in answers} == {TEXT}
    assert {response["Content-Encoding"] for response in answers} == {"gzip"}
    assert len({len(response.content) for response in answers}) > 1


@pytest.mark.parametrize("content", [b"Short.", b"".join(sha256(bytes([number])).digest() for number in range(9))])
def test_what_packing_would_not_shorten_stays_as_it_is(content: bytes) -> None:
    response = answer(BROWSER, content)

    assert (response.content, response.get("Content-Encoding")) == (content, None)


def test_what_is_packed_already_is_not_packed_again() -> None:
    response = answer(BROWSER, TEXT, **{"Content-Encoding": "zstd"})

    assert (response.content, response["Content-Encoding"]) == (TEXT, "zstd")


def test_streams_go_out_as_gzip() -> None:
    request = RequestFactory().get("/", headers={"Accept-Encoding": BROWSER})

    response: Any = CompressionMiddleware(lambda _request: StreamingHttpResponse([TEXT, TEXT]))(request)

    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(b"".join(response.streaming_content)) == TEXT * 2


@pytest.mark.django_db
def test_pages_of_the_site_are_packed(client: Client) -> None:
    packed = client.get("/en/", headers={"Accept-Encoding": BROWSER})
    plain = client.get("/en/")

    assert brotli.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content) / 3
