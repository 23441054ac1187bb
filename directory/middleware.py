"""What no view should have to think about: requests that PostgreSQL or a proxy could choke on."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

MAX_QUERY_LENGTH = 16_384


class RequestGuardMiddleware:
    """Answer an absurdly long query or a NUL byte in the path kindly, before anything reads them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if len(request.META.get("QUERY_STRING", "")) > MAX_QUERY_LENGTH:
            return render(request, "414.html", status=414)
        if "\x00" in request.path_info:
            return render(request, "404.html", status=404)
        return self.get_response(request)
