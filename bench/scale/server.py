"""The database that a load gets for itself, beside the one that DATABASE_URL names, on the same server."""

import psycopg
from psycopg import sql


def prepare(server_url: str, name: str, *, is_fresh: bool) -> None:
    """Makes the empty database ``name`` when it is missing; with ``is_fresh`` what is there is deleted first.

    Raises psycopg.Error when the server cannot be reached or the user may not make databases.
    """
    with psycopg.connect(server_url, autocommit=True) as connection:
        if is_fresh:
            # Whoever still browses it is sent away.
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone()
        if known is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
