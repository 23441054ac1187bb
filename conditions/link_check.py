"""Links in articles: those within the site are resolved before submission, those to other sites are tried by a command.

Only public addresses are asked (an editor must not make the server knock at the hospital's own doors), redirects are
followed by hand so that each hop is checked, and nothing of an answer but its status is read.
"""

import http.client
import ipaddress
import re
import socket
import ssl
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.encoding import iri_to_uri, punycode
from django.utils.translation import get_language_from_path, override
from django.utils.translation import gettext as _

from conditions.models import Condition, LinkCheck, Revision, Section, Source, Specialty, Treatment
from conditions.models.vocabulary import Slugged

HREF = re.compile(r'<a href="([^"]*)"')
PAGES: dict[str, type[Slugged]] = {
    "conditions:condition": Condition,
    "conditions:treatment": Treatment,
    "conditions:specialty": Specialty,
}
TIMEOUT = 10.0  # seconds, for each of connecting and answering
MAX_REDIRECTS = 5
LONGEST = 500  # characters that the report stores; longer addresses are not tried
WORKERS = 8
# Some sites refuse programs, or this method: no fault of the link.
TOLERATED = {401, 403, 405, 406, 429, 451, 999}
AGENT = "SpecialistDirectory link check"


@dataclass(frozen=True)
class BrokenLink:
    section: str
    href: str
    fault: str


def hrefs(section: Section) -> list[str]:
    return [href.replace("&amp;", "&") for href in HREF.findall(section.body)]


def broken_links(revision: Revision) -> list[BrokenLink]:
    """The links of a text that lead nowhere on this site: unknown pages, pages that are not public, dead anchors."""
    sections = list(revision.sections.all())
    anchors = {section.anchor for section in sections} | {"sources", "article"}
    return [
        BrokenLink(section.heading, href, fault)
        for section in sections
        for href in hrefs(section)
        if (fault := _fault(href, anchors))
    ]


def _fault(href: str, anchors: set[str]) -> str:
    """What is wrong with a link within the site; "" when nothing is, or when it leads elsewhere."""
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return ""
    if not parts.path:
        return "" if parts.fragment in anchors else _("no section has this anchor")
    if not parts.path.startswith("/"):
        return _("not a full path: begin with /")
    return _page_fault(parts.path)


def _page_fault(path: str) -> str:
    try:
        with override(get_language_from_path(path)):
            match = resolve(path)
    except Resolver404:
        return _("there is no such page")
    model = PAGES.get(match.view_name)
    if model is None:
        return ""
    pages = model.objects.published() if model is Condition else model._default_manager.all()
    return "" if pages.filter(slug=match.kwargs["slug"]).exists() else _("there is no such public page")


def external_addresses() -> set[str]:
    """Every address outside the site that a live or open text links to or cites."""
    texts = Revision.objects.open() | Revision.objects.filter(live_of__isnull=False)
    ids = list(texts.values_list("pk", flat=True))
    cited = Source.objects.filter(revision__in=ids).exclude(url="").values_list("url", flat=True)
    linked = (href for section in Section.objects.filter(revision__in=ids) for href in hrefs(section))
    return {
        address
        for address in (*cited, *linked)
        if address.casefold().startswith(("http://", "https://")) and len(address) <= LONGEST
    }


def check_external(addresses: Iterable[str], *, allow_private: bool = False) -> list[LinkCheck]:
    """Try each address once and store how it answered; addresses no longer used are forgotten."""
    wanted = sorted(addresses)
    with ThreadPoolExecutor(WORKERS) as pool:
        answers = list(pool.map(lambda address: try_address(address, allow_private=allow_private), wanted))
    LinkCheck.objects.exclude(url__in=wanted).delete()
    return [_store(address, status, fault) for address, (status, fault) in zip(wanted, answers, strict=True)]


def _store(address: str, status: int | None, fault: str) -> LinkCheck:
    now = timezone.now()
    known = LinkCheck.objects.filter(url=address).first() or LinkCheck(url=address)
    known.status_code, known.fault, known.checked_at = status, fault[:200], now
    known.failing_since = (known.failing_since or now) if fault else None
    known.save()
    return known


def try_address(address: str, *, allow_private: bool = False) -> tuple[int | None, str]:
    """(status code, fault) of ``address`` after redirects; fault is "" when a reader would arrive."""
    for _hop in range(MAX_REDIRECTS + 1):
        try:
            status, location = _ask(address, allow_private=allow_private)
        except (OSError, ValueError, http.client.HTTPException) as error:
            return None, str(error) or type(error).__name__
        if location is None or not HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            is_fine = status < HTTPStatus.BAD_REQUEST or status in TOLERATED
            return status, "" if is_fine else _("answers %(status)s") % {"status": status}
        address = urljoin(address, location)
    return None, _("too many redirects")


def _ask(address: str, *, allow_private: bool) -> tuple[int, str | None]:
    """One HEAD request to a checked address: (status, Location)."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(_("not a web address"))
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = _public_address(parts.hostname, port, allow_private=allow_private)
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
    connection.connect()
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection.sock = context.wrap_socket(connection.sock, server_hostname=parts.hostname)
    try:
        target = iri_to_uri(f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}")
        headers = {"Host": punycode(parts.netloc.rpartition("@")[2]), "User-Agent": AGENT}
        connection.request("HEAD", target, headers=headers)
        response = connection.getresponse()
        return response.status, response.getheader("Location")
    finally:
        connection.close()


def _public_address(hostname: str, port: int, *, allow_private: bool) -> str:
    """The IP address to connect to, looked up once so that a second answer cannot slip past the check."""
    found = socket.getaddrinfo(hostname, port, type=socket.SOCK_STREAM)
    for *_family, sockaddr in found:
        host = str(sockaddr[0])
        if allow_private or ipaddress.ip_address(host).is_global:
            return host
    raise ValueError(_("not a public address"))
