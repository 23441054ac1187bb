"""``python -m bench.part NAME FILE``: one part in a process of its own, on the database of DATABASE_URL."""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command

# The database with articles, for pages of conditions, beside that with the profiles.
SAMPLE_DATABASE = "bench_sample"


def main() -> int:
    name, target = sys.argv[1:]
    # Ended from outside as by Ctrl-C: with the servers that it started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directory.settings")
    django.setup()
    try:
        Path(target).write_text(json.dumps(parts()[name]()), encoding="utf-8")
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 0


def parts() -> dict[str, Callable[[], dict[str, Any]]]:
    # The models can be imported once Django knows the database.
    from bench import edits, engines, growth, site, ten_million  # noqa: PLC0415

    return {
        "sample": prepare_sample,
        "engines": engines.measure,
        "build": growth.measure_build,
        "answers": growth.measure_answers,
        "ten_million": ten_million.measure,
        "site": lambda: site.measure(SAMPLE_DATABASE),
        "edits": edits.measure,
    }


def prepare_sample() -> dict[str, Any]:
    """The sample content, in a database of its own."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_sample")
    call_command("load_places", verbosity=0)
    call_command("refresh_index")
    return {}


if __name__ == "__main__":
    sys.exit(main())
