"""The two people of a development site: one who may do everything, one who writes. Never made anywhere else.

They are known by an address that nobody can have, so that a real account of the same name is left alone.
"""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Q

EDITORS = "Editors"
EDITED_APPS = ("conditions", "specialists", "redirects")
ACTIONS = ("add", "change", "delete", "view")
# Reserved by RFC 2606: no message to it can arrive, no person can own it.
ADDRESS = "{}@sample.invalid"
PEOPLE = {
    "admin": {"first_name": "Anna", "last_name": "Beispiel", "is_staff": True, "is_superuser": True},
    "editor": {"first_name": "Emil", "last_name": "Muster", "is_staff": True, "is_superuser": False},
}


def ensure_sample_users() -> tuple[list[str], str]:
    """The names of the sample users, made when missing, and the password with which they can sign in.

    A name that a real account has is left out. Raises ImproperlyConfigured outside development.
    """
    if not settings.DEVELOPMENT:
        raise ImproperlyConfigured("Sample users exist in development only.")
    password = sample_password(settings.VAR_DIR)
    with transaction.atomic():
        editors = ensure_editors()
        users = [user for name in PEOPLE if (user := ensure_user(name, password))]
        for user in users:
            if not user.is_superuser:
                user.groups.add(editors)
    return [user.get_username() for user in users], password


def sample_password(var_dir: Path) -> str:
    """SAMPLE_PASSWORD, or the one of the last run, or a new random one; kept in a file for the next run."""
    path = var_dir / "sample_password"
    chosen = os.environ.get("SAMPLE_PASSWORD") or read_if_there(path)
    password = chosen or secrets.token_urlsafe(12)
    if password != read_if_there(path):
        write_private(path, password)
    return password


def read_if_there(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def write_private(path: Path, text: str) -> None:
    """Writes the file with mode 0600 from its first byte on, and never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def ensure_editors() -> Group:
    """The group of those who write: content and redirects, but no accounts."""
    group, _ = Group.objects.get_or_create(name=EDITORS)
    actions = Q()
    for action in ACTIONS:
        actions |= Q(codename__startswith=f"{action}_")
    group.permissions.add(*Permission.objects.filter(actions, content_type__app_label__in=EDITED_APPS))
    return group


def ensure_user(name: str, password: str) -> User | None:
    """The sample user ``name`` with this password; None when the name belongs to somebody else."""
    email = ADDRESS.format(name)
    user, _ = User.objects.get_or_create(username=name, defaults={**PEOPLE[name], "email": email})
    if user.email != email:
        return None
    if not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    return user
