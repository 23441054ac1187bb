"""``python -m directory.embedded_postgres [--data DIR] -- COMMAND…`` runs COMMAND with DATABASE_URL set.

The server lives as long as some such command does. A DATABASE_URL that is set already is left alone.
"""

import argparse
import os
import sys
from pathlib import Path

from directory.embedded_postgres.account import ClusterError, say
from directory.embedded_postgres.cluster import Cluster
from directory.embedded_postgres.foreground import Foreground

BASE_DIR = Path(__file__).resolve().parent.parent.parent
FAILED = 1
NOT_EXECUTABLE = 126
NOT_FOUND = 127


def main() -> int:
    """The exit code of the command, or 1 when there is no server to run it on."""
    options = parse_arguments()
    try:
        if os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"):
            os.execvp(options.command[0], options.command)
        return run(options.command, options.data)
    except ClusterError as error:
        say(str(error))
    except OSError as error:
        say(f"{error.filename or options.data}: {error.strerror}")
    return FAILED


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m directory.embedded_postgres", description=__doc__)
    default = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var") / "postgres"
    parser.add_argument("--data", type=Path, default=default, metavar="DIR", help="folder of the cluster (%(default)s)")
    parser.add_argument("command", nargs="+", metavar="COMMAND")
    own, command = split_at_dashes(sys.argv[1:])
    return parser.parse_args([*own, "--", *command] if command else own)


def split_at_dashes(arguments: list[str]) -> tuple[list[str], list[str]]:
    """What stands before and after the first ``--``; the command's own options and dashes are none of ours."""
    if "--" not in arguments:
        return arguments, []
    position = arguments.index("--")
    return arguments[:position], arguments[position + 1 :]


def run(command: list[str], home: Path) -> int:
    foreground = Foreground()
    with Cluster(home) as url:
        try:
            return foreground.run(command, {**os.environ, "DATABASE_URL": url})
        except FileNotFoundError:
            say(f"there is no command {command[0]}")
            return NOT_FOUND
        except PermissionError:
            say(f"{command[0]} cannot be executed")
            return NOT_EXECUTABLE


if __name__ == "__main__":
    sys.exit(main())
