"""The admin site under the directory's own name, which loses no text when a session ends while somebody writes."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _
from django.views.csrf import csrf_failure as default_csrf_failure
from django.views.decorators.csrf import csrf_protect


class DirectoryAdminConfig(AdminConfig):
    default_site = "directory.admin_site.DirectoryAdminSite"


class DirectoryAdminSite(AdminSite):
    site_title = _("Specialist Directory")
    site_header = _("Specialist Directory")
    index_title = _("Editing")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """As Django's, but what is posted after the session ended is handed back instead of dropped."""
        inner = super().admin_view(view, cacheable)

        @csrf_protect
        def signed_out(request: HttpRequest) -> HttpResponse:
            return keep_submission(request)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST" and not request.user.is_authenticated and not _is_about_the_session(request):
                return signed_out(request)
            return inner(request, *args, **kwargs)

        # update_wrapper() would mark the view as exempt from CSRF checks, as Django's own wrapper is marked.
        guarded.__name__ = getattr(view, "__name__", "guarded")
        return guarded


def _is_about_the_session(request: HttpRequest) -> bool:
    """Forms that hold no text, or a password, which is never shown again."""
    session_pages = {reverse(f"admin:{name}") for name in ("login", "logout", "password_change")}
    return request.path in session_pages or any("password" in name for name in request.POST)


def keep_submission(request: HttpRequest) -> HttpResponse:
    """A page that holds what was posted, to be sent again after signing in; nothing is stored on the server."""
    fields = [
        (name, value) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" for value in values
    ]
    context = {
        "fields": fields,
        "path": request.get_full_path(),
        "is_signed_in": request.user.is_authenticated,
        "has_files": bool(request.FILES),
    }
    response = render(request, "admin/kept_submission.html", context, status=403)
    add_never_cache_headers(response)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Signing in again changes the CSRF secret: a form opened before is handed back with a fresh one.

    Only when the browser says that the form came from this very site; a forged one gets Django's refusal.
    """
    came_from = request.headers.get("Origin", "")
    own_origin = f"{request.scheme}://{request.get_host()}"
    is_form_of_ours = came_from == own_origin and request.path.startswith(reverse("admin:index"))
    if is_form_of_ours and not _is_about_the_session(request) and request.POST:
        return keep_submission(request)
    return default_csrf_failure(request, reason)
