"""``python -m bench [N] [--only PART …]``: measures everything side by side, in one run; ``make bench``.

Databases with made-up profiles that are missing are made first; they stay for the next time. A whole run with a million
profiles writes docs/performance.md and its plot, another one writes them under var/bench.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import machine, plot, report
from bench.part import SAMPLE_DATABASE
from bench.scale import server
from bench.timing import load_average
from directory.embedded_postgres.address import given_url, with_database

ROOT = Path(__file__).resolve().parent.parent
SIZES = (10_000, 100_000, 1_000_000)
PARTS = ("engines", "growth", "ten_million", "site", "edits")
STOP_SECONDS = 60
# For ten million profiles.
NEEDED_GIGABYTES = 16
FAILED, INTERRUPTED = 1, 130


class PartError(Exception):
    """A part ended without a result; it has said why."""


def main() -> int:
    """The exit code."""
    options = parse_arguments()
    url = given_url()
    if not url:
        print("Run it as make bench, or set DATABASE_URL.", file=sys.stderr)
        return FAILED
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    wanted = options.only or [part for part in PARTS if part != "ten_million" or options.ten_million]
    try:
        results = measure(url, options.count, wanted)
    except PartError as error:
        print(f"{error} Nothing was written.", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    write(results, options.count, is_whole=not options.only)
    return 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=SIZES[-1], metavar="N", help="profiles (%(default)s)")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part only; may be given several times")
    parser.add_argument(
        "--ten-million",
        action=argparse.BooleanOptionalAction,
        default=machine.gigabytes() >= NEEDED_GIGABYTES,
        help="also the index alone with ten million profiles, where there are 16 GB of memory",
    )
    return parser.parse_args()


def measure(url: str, count: int, wanted: list[str]) -> dict[str, Any]:
    """Part → its figures. Raises PartError."""
    sizes = [size for size in SIZES if size < count] + [count]
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        runner = Runner(url, Path(name))
        for size in sizes if "growth" in wanted else [count]:
            runner.run([sys.executable, "-m", "bench.scale", str(size)], url)
        results: dict[str, Any] = {"count": count, "machine": machine.describe(url), "load": load_average()}
        main_database = f"scale_{count}"
        if "growth" in wanted:
            results["growth"] = [
                {**runner.part("build", f"scale_{size}"), **runner.part("answers", f"scale_{size}")} for size in sizes
            ]
        if "site" in wanted:
            server.prepare(url, SAMPLE_DATABASE, is_fresh=False)
            runner.part("sample", SAMPLE_DATABASE)
        for part in ("ten_million", "engines", "site", "edits"):
            if part in wanted:
                results[part] = runner.part(part, main_database)
    return results


class Runner:
    """Runs programs one after the other; one that is under way when this process is ended is ended first."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder

    def part(self, name: str, database: str) -> dict[str, Any]:
        """What the part measured on that database. Raises PartError."""
        print(f"Measuring: {name} ({database}) …", flush=True)
        target = self.folder / f"{name}.json"
        self.run([sys.executable, "-m", "bench.part", name, str(target)], with_database(self.url, database))
        result: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
        return result

    def run(self, command: list[str], url: str) -> None:
        process = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url}, cwd=ROOT)
        try:
            code = process.wait()
        except KeyboardInterrupt:
            process.terminate()
            process.wait(STOP_SECONDS)
            raise
        if code:
            raise PartError(f"{' '.join(command[2:4])} failed.")


def write(results: dict[str, Any], count: int, *, is_whole: bool) -> None:
    """Print the tables; of a whole run also write them, with the plot."""
    text = report.text(results)
    print(f"\n{text}")
    if not is_whole:
        return
    folder = ROOT / "docs" if count == SIZES[-1] else Path(os.environ.get("VAR_DIR") or ROOT / "var") / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "performance.md").write_text(text, encoding="utf-8")
    (folder / "performance.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    plot.draw(results, folder / "performance.svg")
    print(f"Written: {folder / 'performance.md'}")


if __name__ == "__main__":
    sys.exit(main())
