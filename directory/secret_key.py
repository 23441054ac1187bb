"""The signing key of a development checkout: made once, kept under var/, never in the repository."""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def development_secret_key(var_dir: Path) -> str:
    """The key in ``var_dir``/secret_key, written (mode 0600) on first use."""
    path = var_dir / "secret_key"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        var_dir.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"secret_key.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(get_random_secret_key(), encoding="utf-8")
    try:
        # A link never replaces a file: of two processes starting together, the second takes the first one's key.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="utf-8")
