"""How the stylesheets that pages share reach the browser: in development one by one, in production as one file.

A page waits for its stylesheets, and on a phone each further one costs a connection (docs/decisions/0022).
"""

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from whitenoise.storage import CompressedManifestStaticFilesStorage

# In the order in which they build on each other.
PARTS = tuple(f"css/{name}.css" for name in ("tokens", "base", "components", "pages", "article", "profile"))
BUNDLE = "css/site.css"


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, which also makes ``BUNDLE`` of ``PARTS`` before files are hashed and compressed."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run:
            self.delete(BUNDLE)
            self._save(BUNDLE, ContentFile("\n".join(map(self._text, PARTS)).encode()))
            paths = {**paths, BUNDLE: (self, BUNDLE)}
        yield from super().post_process(paths, dry_run, **options)

    def _text(self, name: str) -> str:
        with self.open(name) as file:
            return file.read().decode()


def addresses() -> list[str]:
    """Where a page finds the stylesheets that all pages share."""
    storage = storages["staticfiles"]
    names = (BUNDLE,) if isinstance(storage, BundledStaticFilesStorage) else PARTS
    return [storage.url(name) for name in names]
