"""The report: what was measured as tables, with a few words on how. Parts that did not run are left out."""

from collections.abc import Iterable, Sequence
from typing import Any

MEGABYTES_TARGET = 100
HEAD = """# How fast it is

Made by `make bench`: all figures are of one run on one machine, so what counts is how they compare. Answers that are
compared are checked to be the same.

![Milliseconds of the engines, and of the index as profiles become more](performance.svg)
"""
ENGINES = """Each answer is what a list page needs: how many there are, the first 20, and the count of every option of
every facet with the facet's own ticks left out. Different random selections, as in `bench/scale/selections.py`: up to
five facets, some with words of a name, some with a circle on the map. All engines order by name. tantivy has the same
documents, made from the index, in one segment, with each facet as an indexed fast field; the points in a circle are
found by NumPy for both. Every answer was the same in all engines that gave it; SQL, which knows nothing of the index,
gave those of its sample. Milliseconds of one thread, the median of three rounds in turn.
"""
SQL = """SQL, with 256 MB of work_mem, answered as many of a sample as fit into four minutes, once; the others beside it
are of the same sample.
"""
GROWTH = """In a process of its own for each size. "Memory" is what the process has more once the index was loaded and
all selections were answered.
"""
TEN_MILLION = """Ten million were made in memory without a database, so nothing is built, saved or searched by word;
"saved" is what bitmaps and arrays would take.
"""
SITE = """gunicorn with {workers} workers and the production settings, everything on the same machine, the load
generator included. Milliseconds are whole responses, one request at a time, each address different and made anew; the
median of three rounds.
"""
PAGES = """The page of a condition with its article, by {connections} connections spread evenly over the workers; the
median of three rounds in turn. The load generator is ours (`bench/load.py`) and takes its share of the processors.
"Worker's ms" is processor time of the workers for each response, which other work on the machine changes little; bytes
are those of the compressed page with its headers.
"""
EDITS = """Saving a profile's columns and one of its treatments (two statements), with the triggers that note the change
and without. A "first answer" is a worker's first list after one physician was hidden or published: it reads what
changed, and nothing of the page comes from a cache.
"""


def text(results: dict[str, Any]) -> str:
    """The whole report in Markdown."""
    sections = (
        ("Targets", _targets),
        ("Filters and counts", _engines),
        ("As profiles become more", _growth),
        ("The site", _site),
        ("Edits", _edits),
        ("Measured on", _machine),
    )
    parts = [f"## {title}\n\n{body}" for title, write in sections if (body := write(results))]
    return "\n".join([HEAD, *parts])


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; the first column is text, the others are numbers."""
    lines = [head, ["---", *(["---:"] * (len(head) - 1))], *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


def number(value: float) -> str:
    """With as many digits as mean something."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _spread(found: dict[str, float]) -> list[str]:
    return [number(found[name]) for name in ("p50", "p95", "p99", "max")]


def _targets(results: dict[str, Any]) -> str:
    """Only those whose part ran."""
    rows: list[tuple[str, str, float, bool]] = []

    def add(what: str, least: float | None, most: float | None, value: float) -> None:
        limit = f"≥ {number(least)}" if least is not None else f"≤ {number(most or 0)}"
        rows.append((what, limit, value, value >= least if least is not None else value <= (most or 0)))

    if engines := results.get("engines"):
        add("Index, any combination with all counts, p95, ms", None, 25, engines["all"]["all"]["facet index"]["p95"])
    if site := results.get("site"):
        pages = {name: found["rate"] for name, found in site["pages"].items()}
        add("Whole list, not from a cache, p95, ms", None, 60, site["list"]["p95"])
        add("Lists a second and core, not from a cache", 120, None, site["list rate"]["a core"])
        add("Suggestions, p95, ms", None, 30, site["suggest"]["p95"])
        add("Condition page from the cache, a second", 2_500, None, pages["from the page cache"])
        add("Memory of the largest worker after all lists, MB (PSS)", None, MEGABYTES_TARGET, max(site["megabytes"]))
        nginx = [rate for name, rate in pages.items() if name.startswith("nginx")]
        if nginx:
            add("Page behind nginx's micro-cache / static file of nginx", 1, None, nginx[0] / nginx[1])
    if edits := results.get("edits"):
        add("Added to an edit by the triggers, median, ms", None, 2, edits["added"]["p50"])
    if not rows:
        return ""
    return table(
        ("with the profiles below", "target", "measured", "met"),
        [(what, limit, number(value), "yes" if is_met else "**no**") for what, limit, value, is_met in rows],
    )


def _engines(results: dict[str, Any]) -> str:
    engines = results.get("engines")
    if not engines:
        return ""
    head = ("", "found", "selections", "p50", "p95", "p99", "max")
    rows = [
        (engine, bucket, int(found["n"]), *_spread(found))
        for bucket, by_engine in engines["all"].items()
        for engine, found in by_engine.items()
    ]
    sample = [
        (engine, "sample", int(found["n"]), *_spread(found)) for engine, found in engines["sample"]["all"].items()
    ]
    built = engines["tantivy"]
    notes = (
        f'{engines["profiles"]:,} published profiles; "selective" finds below 1,000, "broad" from 100,000 on. To put '
        f"them into tantivy took {number(built['build s'])} s. Load average at the end: {engines['load']}.\n"
    )
    return "\n".join((ENGINES, table(head, rows), SQL, table(head, sample), notes))


def _growth(results: dict[str, Any]) -> str:
    rows = [*results.get("growth", []), *filter(None, [results.get("ten_million")])]
    if not rows:
        return ""
    head = ("published profiles", "p50 ms", "p95 ms", "build s", "save s", "load s", "saved MB", "memory MB")
    columns = ("build s", "save s", "load s", "saved MB", "memory MB")
    cells = [
        (
            f"{row['profiles']:,}",
            number(row["answers"]["p50"]),
            number(row["answers"]["p95"]),
            *(number(row[name]) if name in row else "" for name in columns),
        )
        for row in rows
    ]
    loads = ", ".join(str(row["load"]) for row in rows)
    notes = f"Load average at the end of each: {loads}.\n"
    return "\n".join((GROWTH, *([TEN_MILLION] if "ten_million" in results else []), table(head, cells), notes))


def _site(results: dict[str, Any]) -> str:
    site = results.get("site")
    if not site:
        return ""
    whole = [
        (name, int(site[key]["n"]), *_spread(site[key]))
        for name, key in (("list", "list"), ("suggestions", "suggest"), ("search of the site", "search"))
    ]
    rate = site["list rate"]
    notes = (
        f"Lists with {site['connections']} connections: {number(rate['rate'])} a second, {number(rate['a core'])} a "
        f"second and core; each took {number(rate['worker ms'])} ms of a worker's processor. Memory of the workers "
        f"after all that: {' and '.join(number(one) for one in site['megabytes'])} MB (PSS).\n"
    )
    bare = site["pages"]["a bare Django view, same bytes"]["rate"]
    pages = [
        (
            name,
            number(found["rate"]),
            f"{found['rate'] / bare:.2f} ×",
            number(found["worker ms"]),
            f"{found['bytes']:,}",
        )
        for name, found in site["pages"].items()
    ]
    return "\n".join(
        (
            SITE.format(**site),
            table(("milliseconds", "addresses", "p50", "p95", "p99", "max"), whole),
            notes,
            PAGES.format(**site),
            table(("condition page", "a second", "beside the bare view", "worker's ms", "bytes"), pages),
            f"Load average at the end: {site['load']}.\n",
        )
    )


def _edits(results: dict[str, Any]) -> str:
    edits = results.get("edits")
    if not edits:
        return ""
    rows = [
        ("saved with the triggers", *_spread(edits["saving"]["with"])),
        ("saved without", *_spread(edits["saving"]["without"])),
        ("added", *_spread(edits["added"])),
        ("first answer of a worker after a commit", *_spread(edits["first answers"])),
    ]
    answers = int(edits["first answers"]["n"])
    notes = (
        f"{edits['current']} of {answers} first answers showed the change. Load average at the end: {edits['load']}.\n"
    )
    return "\n".join((EDITS, table(("milliseconds", "p50", "p95", "p99", "max"), rows), notes))


def _machine(results: dict[str, Any]) -> str:
    rows = [*results["machine"].items(), ("load average at the start", results["load"])]
    return "".join(f"- {name}: {value}\n" for name, value in rows)
