"""The people of a development site: one for each role, and one who may do everything. Never made anywhere else.

They are known by an address that nobody can have, so that a real account of the same name is left alone.
"""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

# Reserved by RFC 2606: no message to it can arrive, no person can own it.
ADDRESS = "{}@sample.invalid"
# Name → given name, family name, role (a group made by a migration; None: may do everything).
PEOPLE: dict[str, tuple[str, str, str | None]] = {
    "admin": ("Anna", "Beispiel", None),
    "author": ("Arvid", "Schreibmann", "Author"),
    "reviewer": ("Rosa", "Prüfstein", "Medical reviewer"),
    "publisher": ("Paula", "Freigabe", "Publisher"),
    "editor": ("Emil", "Muster", "Directory editor"),
}


def ensure_sample_users() -> tuple[list[str], str]:
    """The names of the sample users, made when missing, and the password with which they can sign in.

    A name that a real account has is left out. Raises ImproperlyConfigured outside development.
    """
    if not settings.DEVELOPMENT:
        raise ImproperlyConfigured("Sample users exist in development only.")
    password = sample_password(settings.VAR_DIR)
    with transaction.atomic():
        users = [user for name in PEOPLE if (user := ensure_user(name, password))]
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


def ensure_user(name: str, password: str) -> User | None:
    """The sample user ``name`` with this password; None when the name belongs to somebody else."""
    email = ADDRESS.format(name)
    given_name, family_name, role = PEOPLE[name]
    person = {"first_name": given_name, "last_name": family_name, "is_staff": True, "is_superuser": role is None}
    user, _ = User.objects.get_or_create(username=name, defaults={**person, "email": email})
    if user.email != email:
        return None
    if role is not None:
        user.groups.add(Group.objects.get(name=role))
    if not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    return user
