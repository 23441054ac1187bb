"""Pages leave the site in brotli for browsers that read it, else in gzip.

At this quality brotli takes less time than gzip and makes pages a seventh smaller. Who has a cookie, and so may be
signed in, gets Django's gzip: it hides the length of pages that hold secrets (BREACH attack, Django's documentation).
"""

import re

import brotli
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

QUALITY = 5
# Shorter answers gain nothing: Django's own limit.
SHORTEST = 200
# The names in Accept-Encoding that are not refused by a weight of nothing (RFC 9110, section 12.5.3).
ACCEPTED = re.compile(r"\b(br|gzip)\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")


def encoding(request: HttpRequest) -> str:
    """What an answer to ``request`` is encoded in: "br", "gzip" or ""."""
    accepted = ACCEPTED.findall(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    if "br" in accepted and not request.META.get("HTTP_COOKIE"):
        return "br"
    return "gzip" if "gzip" in accepted else ""


class CompressionMiddleware(GZipMiddleware):
    """Django's middleware with brotli before gzip."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if encoding(request) != "br" or response.streaming or "Content-Encoding" in response:
            return super().process_response(request, response)
        content = response.content  # type: ignore[attr-defined]
        if len(content) < SHORTEST:
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        packed = brotli.compress(content, quality=QUALITY)
        if len(packed) >= len(content):
            return response
        response.content = packed  # type: ignore[attr-defined]
        response.headers["Content-Length"] = str(len(packed))
        response.headers["Content-Encoding"] = "br"
        return response
