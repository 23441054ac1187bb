"""``python -m directory.embedded_postgres [--data DIR] [--database NAME] -- COMMAND…`` runs it with DATABASE_URL set.

The server lives as long as some such command does. Where DATABASE_URL is set already, its server is used; ``NAME`` is
another database of the server, which must exist.
"""

import argparse
import os
import sys
from pathlib import Path

from directory.embedded_postgres.account import ClusterError, say
from directory.embedded_postgres.address import given_url, with_database
from directory.embedded_postgres.cluster import DATABASE, Cluster
from directory.embedded_postgres.foreground import Foreground

BASE_DIR = Path(__file__).resolve().parent.parent.parent
FAILED = 1
NOT_EXECUTABLE = 126
NOT_FOUND = 127


def main() -> int:
    """The exit code of the command, or 1 when there is no server to run it on."""
    options = parse_arguments()
    try:
        if url := given_url():
            os.execvpe(
                options.command[0],
                options.command,
                on_database(url, options.database) if options.database else os.environ,
            )
        return run(options.command, options.data, options.database)
    except ClusterError as error:
        say(str(error))
    except OSError as error:
        say(f"{error.filename or options.data}: {error.strerror}")
    return FAILED


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m directory.embedded_postgres", description=__doc__)
    default = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var") / "postgres"
    parser.add_argument("--data", type=Path, default=default, metavar="DIR", help="folder of the cluster (%(default)s)")
    parser.add_argument("--database", metavar="NAME", help="another database of the server")
    parser.add_argument("command", nargs="+", metavar="COMMAND")
    own, command = split_at_dashes(sys.argv[1:])
    return parser.parse_args([*own, "--", *command] if command else own)


def split_at_dashes(arguments: list[str]) -> tuple[list[str], list[str]]:
    """What stands before and after the first ``--``; the command's own options and dashes are none of ours."""
    if "--" not in arguments:
        return arguments, []
    position = arguments.index("--")
    return arguments[:position], arguments[position + 1 :]


def on_database(url: str, name: str) -> dict[str, str]:
    """The environment of a command that works on the database ``name`` of the server at ``url``."""
    return {**os.environ, "DATABASE_URL": with_database(url, name)}


def run(command: list[str], home: Path, database: str | None) -> int:
    foreground = Foreground()
    with Cluster(home) as url:
        try:
            return foreground.run(command, on_database(url, database or DATABASE))
        except FileNotFoundError:
            say(f"there is no command {command[0]}")
            return NOT_FOUND
        except PermissionError:
            say(f"{command[0]} cannot be executed")
            return NOT_EXECUTABLE


if __name__ == "__main__":
    sys.exit(main())
