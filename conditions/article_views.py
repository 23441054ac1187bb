"""Public pages around the articles: the glossary, and what readers say about a text."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from conditions import helpful
from conditions.glossary import glossary
from conditions.models import Condition

BAD_REQUEST = 400
FORBIDDEN = 403
TOO_MANY = 429


@require_safe
def glossary_index(request: HttpRequest) -> HttpResponse:
    """Every explained word from A to Z."""
    return render(request, "conditions/glossary.html", {"groups": glossary().by_initial()})


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Takes an answer to “Was this helpful?”: stored, the visitor is thanked; refused, the page says why."""
    condition = get_object_or_404(Condition.objects.published(), slug=slug)
    if request.method != "POST":
        # Who changes the language of a refusal, or types its address.
        return redirect(condition)
    if not helpful.is_same_origin(request):
        return _refusal(request, condition, None, FORBIDDEN)
    form = helpful.HelpfulForm(request.POST)
    if "revision" in form.errors:
        raise Http404
    if not form.is_valid():
        return _refusal(request, condition, form, BAD_REQUEST)
    revision = helpful.published_revision(slug, form.cleaned_data["revision"])
    if revision is None:
        raise Http404
    if not form.is_by_a_program:
        if not helpful.limit.take():
            return _refusal(request, condition, form, TOO_MANY)
        helpful.keep(revision, form)
    return redirect("conditions:thanks", slug)


def _refusal(request: HttpRequest, condition: Condition, form: helpful.HelpfulForm | None, status: int) -> HttpResponse:
    """The form once more with what was filled in; without it where another site may have filled it in."""
    context = {"condition": condition, "form": form, "is_busy": status == TOO_MANY}
    return render(request, "conditions/helpful.html", context, status=status)


@require_safe
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    condition = get_object_or_404(Condition.objects.published(), slug=slug)
    return render(request, "conditions/thanks.html", {"condition": condition})
