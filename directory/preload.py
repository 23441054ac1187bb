"""What a server does once, before it forks: load what its workers then share."""

import gc
import logging

from django.db import connections
from django.db.utils import Error as DatabaseError

log = logging.getLogger(__name__)


def preload() -> None:
    """Have the facet index in memory. Without a database the workers try again with their first requests."""
    # Imported late: gunicorn reads its settings, which name this module, before Django is set up.
    from conditions import content_version  # noqa: PLC0415
    from directory.release import release  # noqa: PLC0415
    from specialists import catalogue  # noqa: PLC0415
    from specialists.facets.current import current  # noqa: PLC0415

    try:
        version = content_version.read()
        if version is not None:
            current.preload(version)
            catalogue.vocabulary()
        release()
    except DatabaseError as error:
        log.warning("The facet index is not loaded before the start: %s", error)
    finally:
        # A connection must not be shared by two processes.
        connections.close_all()
    gc.collect()
    # What is here now stays: no collection touches, and so copies, the pages that workers share.
    gc.freeze()
