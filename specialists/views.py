"""The specialist list, its map, the long lists of options, and the profile pages."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from specialists import catalogue, links, map
from specialists.enums import ProfileKind, ProfileStatus
from specialists.listing import Listing
from specialists.models import Profile, with_details
from specialists.shortlist import Shortlist
from specialists.similar import similar


@require_safe
def specialist_list(request: HttpRequest) -> HttpResponse:
    """The filter page: all of its state is in the query string."""
    listing = Listing(request.GET)
    response = render(request, "specialists/list.html", {"listing": listing})
    # What the address bar shows after htmx replaced the list: without the empty fields of the form.
    response["HX-Push-Url"] = listing.url
    return response


@require_safe
def specialist_map(request: HttpRequest) -> HttpResponse:
    """The same selection as dots on a map and as a list of towns."""
    listing = Listing(request.GET)
    context = {"listing": listing, "maps": map.maps(listing.finder, listing.selection)}
    return render(request, "specialists/map_page.html", context)


@require_safe
def options(request: HttpRequest, facet: str) -> HttpResponse:
    """Every option of a facet, where the list shows the commonest only; the rest of the selection stays."""
    if facet not in catalogue.LONG:
        raise Http404
    listing = Listing(request.GET)
    field = listing.filter.form.fields[facet]
    counts = listing.finder.option_counts(listing.selection, [facet])[facet]
    context = {
        "listing": listing,
        "label": field.label,
        "facet": facet,
        "options": field.all_options(counts, listing.selection.facets[facet]),
        "kept": [(name, value) for name, value in links.pairs(listing.selection, listing.sorted_by) if name != facet],
    }
    return render(request, "specialists/options.html", context)


@require_safe
def shortlist(request: HttpRequest) -> HttpResponse:
    """A few specialists side by side. Who compares whom is nobody's business: the page is kept nowhere."""
    context = {"shortlist": Shortlist(request.GET), "origin": request.build_absolute_uri("/").rstrip("/")}
    response = render(request, "specialists/shortlist.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """A physician or clinic. Editors also see profiles that are not public yet, marked so."""
    shown = get_object_or_404(with_details(Profile.objects.visible_to(request.user)), slug=slug)
    conditions = [condition for condition in shown.conditions.all() if condition.is_published]
    treatments = [offer.treatment for offer in shown.offers.all()]
    context = {
        "profile": shown,
        "conditions": conditions,
        "similar": similar(shown, conditions, treatments),
        "is_public": shown.status == ProfileStatus.PUBLISHED,
    }
    template = "clinic" if shown.kind == ProfileKind.CLINIC else "physician"
    return render(request, f"specialists/{template}.html", context)
