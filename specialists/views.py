"""The specialist list, its map, the long lists of options, and the profile pages."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from specialists import catalogue, links, map
from specialists.enums import ProfileKind, ProfileStatus
from specialists.listing import Listing
from specialists.models import Affiliation, Profile


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
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """A physician or clinic. Editors also see profiles that are not public yet, marked so."""
    shown = get_object_or_404(
        Profile.objects.visible_to(request.user).for_cards().prefetch_related("conditions"), slug=slug
    )
    context = {
        "profile": shown,
        "conditions": [condition for condition in shown.conditions.all() if condition.is_published],
        "is_public": shown.status == ProfileStatus.PUBLISHED,
    }
    if shown.kind == ProfileKind.CLINIC:
        context["team"] = _team(shown)
        return render(request, "specialists/clinic.html", context)
    return render(request, "specialists/physician.html", context)


def _team(clinic: Profile) -> list[Affiliation]:
    """The public physicians who work at the clinic now, by name."""
    return list(
        Affiliation.objects.filter(clinic_id=clinic.pk, until__isnull=True, physician__status=ProfileStatus.PUBLISHED)
        .select_related("physician")
        .order_by("physician__sort_key", "pk")
    )
