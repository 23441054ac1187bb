"""Public pages carry the language in their address; a bare path leads to the reader's language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps import views as sitemap_views
from django.urls import include, path, re_path

from directory import views
from directory.sitemaps import SITEMAPS
from directory.styleguide import styleguide
from specialists import views as specialist_views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path(
        "sitemap.xml",
        sitemap_views.index,
        {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap_section"},
        name="sitemap",
    ),
    path("sitemap-<section>.xml", sitemap_views.sitemap, {"sitemaps": SITEMAPS}, name="sitemap_section"),
    re_path(r"^media/pictures/(?P<path>[0-9a-f-]+/\d+\.webp)$", views.picture, name="picture"),
    path("styleguide/", styleguide, name="styleguide"),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("search/", views.search, name="search"),
        path("suggest/", views.suggest, name="suggest"),
        path("og/site.png", views.social_picture, name="site_picture"),
        path("og/<slug:kind>/<slug:slug>.png", views.social_picture, name="social_picture"),
        path("shortlist/", specialist_views.shortlist, name="shortlist"),
        path("about/", views.about, name="about"),
        path("accessibility/", views.accessibility, name="accessibility"),
        path("", include("conditions.urls")),
        path("specialists/", include("specialists.urls")),
    ),
]

handler400 = "directory.views.bad_request"
handler500 = "directory.views.server_error"
