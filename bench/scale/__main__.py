"""``python -m bench.scale N [--fresh] [--seed SEED]``: N made-up profiles in the database scale_N; ``make scale``."""

import argparse
import os
import sys
from datetime import date

import django
import psycopg
from django.core.management import call_command
from django.db import connection

from bench.scale import server
from directory.embedded_postgres.address import given_url, with_database

FAILED = 1


def main() -> int:
    """The exit code: 0 when the database holds the N profiles, 1 with a message when it does not."""
    options = parse_arguments()
    name = f"scale_{options.count}"
    url = given_url()
    if not url:
        print("Run it as make scale, or set DATABASE_URL.", file=sys.stderr)
        return FAILED
    try:
        server.prepare(url, name, is_fresh=options.fresh)
    except psycopg.Error as error:
        print(f"The database {name} cannot be made: {error}", file=sys.stderr)
        return FAILED
    os.environ["DATABASE_URL"] = with_database(url, name)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directory.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    return fill(name, options.count, options.seed)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("count", type=positive, metavar="N", help="how many profiles")
    parser.add_argument("--fresh", action="store_true", help="delete the database first")
    parser.add_argument("--seed", type=int, default=1, help="other rows for another number (%(default)s)")
    return parser.parse_args()


def positive(word: str) -> int:
    number = int(word)
    if number < 1:
        raise ValueError
    return number


def fill(name: str, count: int, seed: int) -> int:
    # The models can be imported once Django knows the database.
    from bench.scale.load import NotEmptyError, Progress, finish, is_finished, load, profile_count  # noqa: PLC0415
    from specialists.gazetteer.loading import load as load_gazetteer  # noqa: PLC0415

    if profile_count() == count:
        print(f"The database {name} is there already. To make it anew: make scale N={count} FRESH=1")
    else:
        print(f"Loading {count:,} made-up profiles into the database {name} …", flush=True)
        try:
            load(count, seed, date.today(), say)  # noqa: DTZ011 - the day of whoever browses them
        except NotEmptyError as error:
            print(f"{error} To delete all of {name} and load it anew: make scale N={count} FRESH=1", file=sys.stderr)
            return FAILED
    if not is_finished():
        finish(Progress(say))
    load_gazetteer(say)
    announce(name)
    return 0


def say(line: str) -> None:
    print(line, flush=True)


def announce(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
        (size,) = cursor.fetchone()
    print(f"\n  {name} takes {size} on disk. To browse it:\n\n    make run DATABASE={name}\n")


if __name__ == "__main__":
    sys.exit(main())
