"""A WSGI application that does next to nothing: Django with one view and no middleware, sending a file's bytes.

The limit that any Django site under the same server can reach. BARE_FILE names the file, a gzipped page.
"""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import re_path

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["localhost"], MIDDLEWARE=[], LOGGING_CONFIG=None)

CONTENT = Path(os.environ["BARE_FILE"]).read_bytes()
HEADERS = {"Content-Encoding": "gzip", "Content-Length": str(len(CONTENT))}


def page(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django hands it over
    return HttpResponse(CONTENT, headers=HEADERS)


urlpatterns = [re_path(".*", page)]
application = get_wsgi_application()
