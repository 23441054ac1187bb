"""Public pages are rendered once for each content version, kept in this process, and confirmed by ETag.

The version is read from PostgreSQL for every request, before anything is taken from the cache: what was published a
moment ago is on the next page that any worker sends. Visitors have no cookies; who is signed in gets pages that are
never kept.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from cachetools import LRUCache
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags, parse_http_date_safe

from conditions import content_version
from conditions.content_version import ContentVersion
from directory.compression import encoding
from directory.release import release, released_at

MEGABYTE = 1024 * 1024
METHODS = ("GET", "HEAD")
WEAK = "W/"
VARIES = ("Accept-Encoding", "Cookie")
# What the dictionaries and keys of a kept page cost beside its text, roughly.
OVERHEAD = 2_000
# Two changes within one second share a Last-Modified: it is sent only when no other change can get the same any more.
SETTLED_SECONDS = 2

# (host, is it HTTPS, path with query, encoding)
Key = tuple[str, bool, str, str]


@dataclass(frozen=True)
class Page:
    """A rendered page as it was sent."""

    content: bytes
    headers: dict[str, str]

    @property
    def size(self) -> int:
        return len(self.content) + OVERHEAD


class Pages:
    """The pages of one content version, the longest unused forgotten first when they are too many bytes."""

    def __init__(self, most_bytes: int) -> None:
        self.lock = Lock()
        self.version = 0
        self.kept: LRUCache[Key, Page] = LRUCache(most_bytes, getsizeof=lambda page: page.size)

    def get(self, version: int, key: Key) -> Page | None:
        with self.lock:
            return self.kept.get(key) if version == self.version else None

    def put(self, version: int, key: Key, page: Page) -> None:
        """Keep a page, and only pages of its version, unless a later version has come already."""
        with self.lock:
            if version > self.version:
                self.kept.clear()
                self.version = version
            if version == self.version and page.size <= self.kept.maxsize:
                self.kept[key] = page


class PageCacheMiddleware:
    """Answers from the cache, or lets the page be rendered and keeps it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.pages = Pages(settings.PAGE_CACHE_MEGABYTES * MEGABYTE)
        self.prefixes = tuple(f"/{code}/" for code, _name in settings.LANGUAGES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS or not request.path_info.startswith(self.prefixes):
            return self.get_response(request)
        if is_personal(request):
            return private(self.get_response(request))
        version = read_version()
        with content_version.known(version):
            if version is None or not self.pages.kept.maxsize:
                return self.get_response(request)
            headers = validators(version)
            if has_it(request, headers):
                return not_modified(headers)
            return self._page(request, version, headers)

    def _page(self, request: HttpRequest, version: ContentVersion, headers: dict[str, str]) -> HttpResponse:
        key = (request.get_host(), request.is_secure(), request.get_full_path(), encoding(request))
        kept = self.pages.get(version.number, key)
        if kept is not None:
            return not_modified(headers) if is_unchanged(request, headers) else rebuilt(kept, request)
        response = self.get_response(request)
        if not is_public_page(response):
            return response
        for name, value in {**headers, **caching()}.items():
            response.headers.setdefault(name, value)
        patch_vary_headers(response, VARIES)
        page = Page(response.content, dict(response.headers))
        self.pages.put(version.number, key, page)
        if is_unchanged(request, headers):
            return not_modified(headers)
        return rebuilt(page, request) if request.method == "HEAD" else response


def read_version() -> ContentVersion | None:
    """The version, by a query that also shows whether the connection kept from the last request still works.

    Django would ask another one for that, and the time of a kept page is mostly that of its query.
    """
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        return content_version.read()
    except (InterfaceError, OperationalError):
        connection.close()
        return content_version.read()


def is_personal(request: HttpRequest) -> bool:
    """Whether the visitor may be somebody who is signed in, or is owed a message."""
    if "HTTP_COOKIE" not in request.META:
        return False
    return settings.SESSION_COOKIE_NAME in request.COOKIES or "messages" in request.COOKIES


def private(response: HttpResponse) -> HttpResponse:
    response.headers.setdefault("Cache-Control", "private, no-cache")
    patch_vary_headers(response, ["Cookie"])
    return response


def is_public_page(response: HttpResponse) -> bool:
    """A whole page that everybody may see and that no view has said otherwise about."""
    return (
        response.status_code == HttpResponse.status_code
        and not response.streaming
        and not response.cookies
        and "Cache-Control" not in response.headers
    )


def validators(version: ContentVersion) -> dict[str, str]:
    """ETag and Last-Modified of every page as of ``version``. The ETag is weak: compressed or not, it is one page."""
    headers = {"ETag": f'{WEAK}"{version.number:x}-{release()}"'}
    changed = max(version.seconds, released_at())
    if time.time() >= changed + SETTLED_SECONDS:
        headers["Last-Modified"] = http_date(changed)
    return headers


def caching() -> dict[str, str]:
    """A browser asks each time, and mostly hears 304; a proxy or CDN may answer by itself for a moment."""
    return {"Cache-Control": f"public, max-age=0, s-maxage={settings.SHARED_CACHE_SECONDS}, must-revalidate"}


def not_modified(headers: dict[str, str]) -> HttpResponse:
    return HttpResponseNotModified(headers={**headers, **caching(), "Vary": ", ".join(VARIES)})


def has_it(request: HttpRequest, headers: dict[str, str]) -> bool:
    """Whether the visitor's copy bears this ETag, weak or not: then it is a public page, as nothing else ever does."""
    known = {etag.removeprefix(WEAK) for etag in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))}
    return headers["ETag"].removeprefix(WEAK) in known


def is_unchanged(request: HttpRequest, headers: dict[str, str]) -> bool:
    """Whether the visitor's copy of a public page, without this ETag, is good all the same.

    That is any copy for "*", or one of the date (RFC 9110, section 13: the date counts only without ETags).
    """
    known = request.META.get("HTTP_IF_NONE_MATCH")
    if known:
        return "*" in parse_etags(known)
    since = request.META.get("HTTP_IF_MODIFIED_SINCE")
    changed = headers.get("Last-Modified")
    if not since or not changed:
        return False
    seen, now = parse_http_date_safe(since), parse_http_date_safe(changed)
    return seen is not None and now is not None and seen >= now


def rebuilt(page: Page, request: HttpRequest) -> HttpResponse:
    """The kept page as a response of its own; for HEAD without its content."""
    headers = {**page.headers, "Content-Length": str(len(page.content))}
    return HttpResponse(page.content if request.method == "GET" else b"", headers=headers)
