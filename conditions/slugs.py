"""Slugs that are never empty and never leave a dead link behind."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.redirects.models import Redirect
from django.utils.translation import override

from conditions.names import SLUG_LENGTH, make_slug

if TYPE_CHECKING:
    from conditions.models import Slugged


def free_slug(instance: "Slugged", wish: str) -> str:
    """``wish`` as a slug that no other row of the model has, with -2, -3 … appended where it is taken."""
    root = make_slug(wish) or instance._meta.model_name or "entry"
    others = type(instance).slug_space().exclude(pk=instance.pk)
    taken = set(others.filter(slug__startswith=root[: SLUG_LENGTH - 8]).values_list("slug", flat=True))
    slug, number = root, 2
    while slug in taken:
        slug = f"{root[: SLUG_LENGTH - 8]}-{number}"
        number += 1
    return slug


def public_paths(instance: "Slugged") -> dict[str, str]:
    """The page's path in each language of the site: language code → path."""
    paths = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            paths[code] = instance.get_absolute_url()
    return paths


def keep_redirects(old_paths: dict[str, str], new_paths: dict[str, str]) -> None:
    """Lead each old path to its new one, in one hop: redirects that ended at the old path are moved along."""
    for code, old_path in old_paths.items():
        new_path = new_paths[code]
        redirects = Redirect.objects.filter(site_id=settings.SITE_ID)
        redirects.filter(old_path=new_path).delete()
        redirects.filter(new_path=old_path).update(new_path=new_path)
        Redirect.objects.update_or_create(site_id=settings.SITE_ID, old_path=old_path, defaults={"new_path": new_path})
