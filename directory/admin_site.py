"""The admin site under the directory's own name."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class DirectoryAdminConfig(AdminConfig):
    default_site = "directory.admin_site.DirectoryAdminSite"


class DirectoryAdminSite(AdminSite):
    site_title = _("Specialist Directory")
    site_header = _("Specialist Directory")
    index_title = _("Editing")
