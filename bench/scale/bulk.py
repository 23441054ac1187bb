"""Loading at the speed of COPY: triggers and foreign key checks off, indexes made once, at the end.

All of it happens within a transaction of the caller: when anything fails, nothing has changed.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import groupby
from typing import NamedTuple

from django.core.management.color import no_style
from django.db import ProgrammingError, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from bench.scale.binary import chunks
from bench.scale.tables import Table

Say = Callable[[str], None]
Models = Sequence[type[models.Model]]

# All but those of primary keys, on which foreign keys rest: table, index, definition; name and definition of the
# constraint that owns the index, or NULL.
SECONDARY_INDEXES = """
SELECT entry.indrelid::regclass::text, entry.indexrelid::regclass::text, pg_get_indexdef(entry.indexrelid),
       quote_ident(rule.conname), pg_get_constraintdef(rule.oid)
FROM pg_index AS entry
LEFT JOIN pg_constraint AS rule ON rule.conindid = entry.indexrelid AND rule.conrelid = entry.indrelid
WHERE entry.indrelid = ANY (%s::regclass[]) AND NOT entry.indisprimary
ORDER BY 1, 2
"""


class Index(NamedTuple):
    """A line of SECONDARY_INDEXES; names are quoted where they need it."""

    table: str
    name: str
    definition: str
    constraint: str | None
    rule: str | None

    @property
    def drop(self) -> str:
        if self.constraint:
            return f"ALTER TABLE {self.table} DROP CONSTRAINT {self.constraint}"
        return f"DROP INDEX {self.name}"

    @property
    def create(self) -> str:
        if self.constraint:
            return f"ALTER TABLE {self.table} ADD CONSTRAINT {self.constraint} {self.rule}"
        return self.definition


def run(connection: BaseDatabaseWrapper, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def names_of(tables: Models) -> list[str]:
    return [model._meta.db_table for model in tables]


def empty(connection: BaseDatabaseWrapper, tables: Models) -> None:
    """Rows that are written to a table emptied in the same transaction can be written as if they were old.

    Nobody has to look later whether their transaction ended, and index-only scans work at once.
    """
    run(connection, f"TRUNCATE {', '.join(names_of(tables))} CASCADE")


@contextmanager
def without_triggers(connection: BaseDatabaseWrapper, say: Say) -> Iterator[None]:
    """No trigger and no foreign key check meanwhile, where the user of the database may say so."""
    try:
        # A savepoint: refused or not, the transaction goes on.
        with transaction.atomic(using=connection.alias):
            run(connection, "SET LOCAL session_replication_role = replica")
    except ProgrammingError:
        say("Not a superuser: every row is checked and passes the triggers, which takes several times as long.")
        # A table whose checks are put off cannot have its indexes changed.
        run(connection, "SET CONSTRAINTS ALL IMMEDIATE")
        yield
    else:
        yield
        run(connection, "SET LOCAL session_replication_role = origin")


@contextmanager
def without_indexes(
    connection: BaseDatabaseWrapper, tables: Models, done: Callable[[str, int], None]
) -> Iterator[None]:
    """Drops the indexes and unique constraints, primary keys excepted, and makes the very same anew at the end.

    ``done`` is told each table and how many of its indexes were made.
    """
    with connection.cursor() as cursor:
        cursor.execute(SECONDARY_INDEXES, [names_of(tables)])
        found = [Index(*row) for row in cursor.fetchall()]
    for index in found:
        run(connection, index.drop)
    yield
    # The usual 64 MB make the index of a million names twice as slow.
    run(connection, "SET LOCAL maintenance_work_mem = '512MB'")
    for table, indexes in groupby(found, key=lambda index: index.table):
        statements = [index.create for index in indexes]
        for statement in statements:
            run(connection, statement)
        done(f"indexes of {table}", len(statements))


def write(connection: BaseDatabaseWrapper, table: Table) -> None:
    """Writes the rows by binary COPY; the next of them are put together while the server takes the last."""
    statement = sql.SQL("COPY {table} ({columns}) FROM STDIN (FORMAT binary, FREEZE)").format(
        table=sql.Identifier(table.model._meta.db_table), columns=sql.SQL(", ").join(map(sql.Identifier, table.columns))
    )
    with ThreadPoolExecutor(1) as worker, connection.cursor() as cursor, cursor.copy(statement) as copy:
        pieces = chunks(table.columns, table.rows)
        coming = worker.submit(next, pieces, None)
        while (piece := coming.result()) is not None:
            coming = worker.submit(next, pieces, None)
            copy.write(piece)


def settle(connection: BaseDatabaseWrapper, tables: Models) -> None:
    """What an ordinary load leaves behind: sequences beyond the last number, statistics for the planner."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)
        cursor.execute(f"ANALYZE {', '.join(names_of(tables))}")
