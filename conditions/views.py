"""Public pages of the medical knowledge. The specialists on them come from a template tag of ``specialists``."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from conditions import queries
from conditions.models import Condition, Specialty, Treatment

MAX_QUERY_LENGTH = 100


@require_safe
def condition_index(request: HttpRequest) -> HttpResponse:
    """All public conditions from A to Z, or those whose name or synonyms hold the words of ``?q=``."""
    query = request.GET.get("q", "").replace("\x00", "")[:MAX_QUERY_LENGTH].strip()
    conditions = list(Condition.objects.published().named_like(query))
    context = {"query": query, "total": len(conditions), "groups": queries.by_initial(conditions)}
    return render(request, "conditions/condition_index.html", context)


@require_safe
def condition(request: HttpRequest, slug: str) -> HttpResponse:
    """The specialists of a condition and, where one is published, its article."""
    try:
        shown = queries.condition_page(slug, request.user)
    except Condition.DoesNotExist as error:
        raise Http404 from error
    revision = queries.live_revision(shown)
    elsewhere = [] if revision else queries.live_elsewhere(shown)
    context = {"condition": shown, "revision": revision, "elsewhere": elsewhere}
    return render(request, "conditions/condition.html", context)


@require_safe
def treatment_index(request: HttpRequest) -> HttpResponse:
    return render(request, "conditions/treatment_index.html", {"groups": queries.treatments_by_kind()})


@require_safe
def treatment(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(Treatment.objects.prefetch_related("specialties"), slug=slug)
    context = {"treatment": shown, "conditions": queries.by_local_name(shown.conditions.filter(is_published=True))}
    return render(request, "conditions/treatment.html", context)


@require_safe
def specialty_index(request: HttpRequest) -> HttpResponse:
    return render(
        request, "conditions/specialty_index.html", {"specialties": queries.by_local_name(Specialty.objects.all())}
    )


@require_safe
def specialty(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(Specialty.objects.prefetch_related("treatments"), slug=slug)
    context = {"specialty": shown, "conditions": queries.by_local_name(shown.conditions.filter(is_published=True))}
    return render(request, "conditions/specialty.html", context)
