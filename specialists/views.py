"""The specialist list and the profile pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from specialists.enums import ProfileKind, ProfileStatus
from specialists.listing import Listing
from specialists.models import Affiliation, Profile


@require_safe
def specialist_list(request: HttpRequest) -> HttpResponse:
    """The filter page: all of its state is in the query string."""
    return render(request, "specialists/list.html", {"listing": Listing(request.GET)})


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
