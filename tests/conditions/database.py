"""Writing past the application, as a script or another program would, and the database's refusals."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from conditions.models import Revision

GUARDS = {
    "conditions_revision": "conditions_revision_guard",
    "conditions_section": "conditions_section_guard",
    "conditions_source": "conditions_source_guard",
}


@contextmanager
def refused(*constraints: str) -> Generator[None]:
    """What the block writes must be refused by one of these, at once or by a trigger that waits for the commit."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():  # noqa: PT012
        # What the test prepared has triggers waiting too: they must not do the work of the breach's own.
        check_triggers()
        yield
        check_triggers()
    assert refusal.value.__cause__.diag.constraint_name in constraints


def check_triggers() -> None:
    """Run the triggers that otherwise wait for the commit, which most tests do not reach."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def unguarded() -> Generator[None]:
    """Within the block a frozen text can be changed, to see what notices it later. All other checks go on."""
    switch_guards("DISABLE")
    yield
    switch_guards("ENABLE")


def switch_guards(verb: str) -> None:
    check_triggers()
    with connection.cursor() as cursor:
        for table, trigger in GUARDS.items():
            cursor.execute(f"ALTER TABLE {table} {verb} TRIGGER {trigger}")


def update(revision: Revision, **values: Any) -> Revision:
    """Write these columns alone; the text as it is stored afterwards."""
    assert Revision.objects.filter(pk=revision.pk).update(**values) == 1
    return Revision.objects.get(pk=revision.pk)
