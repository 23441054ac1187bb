"""Pages that join both apps, and what machines ask for: health, robots, uploaded pictures."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.static import serve

from directory import queries, social, suggestions
from directory.search import SearchResults, tidy

# A rendition's address holds a random identifier that a new picture never reuses.
PICTURE_CACHE = "public, max-age=31536000, immutable"
# Who passes on a link may see a title that was changed within this time as it was.
SOCIAL_PICTURE_CACHE = "public, max-age=86400"
NOT_KEPT = "private, no-store"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "directory/home.html", {"areas": queries.conditions_by_body_area()})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything that ``?q=`` finds. What somebody looks for is kept nowhere, so neither is the page."""
    results = SearchResults(request.GET.get("q", ""))
    response = render(request, "directory/search.html", {"results": results})
    response["Cache-Control"] = NOT_KEPT
    return response


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Suggestions for what was typed so far, as a list box."""
    text = tidy(request.GET.get("q", ""))
    find = suggestions.for_place if request.GET.get("for") == "place" else suggestions.for_search
    found = find(text)
    context = {"suggestions": found, "status": suggestions.status(found)}
    response = render(request, "components/suggestions.html", context)
    response["Cache-Control"] = NOT_KEPT
    return response


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Where the entries come from, what order they are in, and what is kept about visitors."""
    return render(request, "directory/about.html", {"contact": settings.CONTACT_EMAIL})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "directory/accessibility.html", {"contact": settings.CONTACT_EMAIL})


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 "ok" when the site can answer from its database; anything else is a fault."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", f"Disallow: {reverse('admin:index')}"]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """A rendition of an uploaded picture. A proxy in front may serve MEDIA_ROOT/pictures itself."""
    response = serve(request, path, document_root=f"{settings.MEDIA_ROOT}/pictures")
    response["Cache-Control"] = PICTURE_CACHE
    return response


@require_safe
def social_picture(request: HttpRequest, kind: str = "", slug: str = "") -> HttpResponse:
    """What networks show beside a link to a page; without a kind the site's own picture."""
    text = social.words(kind, slug) if kind else social.site_words()
    headers = {"Cache-Control": SOCIAL_PICTURE_CACHE}
    return HttpResponse(social.drawn(text), content_type="image/png", headers=headers)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 in the site's look, from a template that asks neither the database nor the session."""
    return HttpResponse(render_to_string("500.html", {"site_name": settings.SITE_NAME}), status=500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 in the site's look; Django's own handler renders its template without the site's context."""
    return render(request, "400.html", status=400)
