"""The plot of docs/performance.md: engines beside each other, and the index as profiles become more."""

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

mpl.use("Agg")
COLOURS = {"facet index": "#0f6b6b", "tantivy": "#c98a2b", "plain SQL": "#8a8f98"}
BUCKETS = {"selective": "few found\n(< 1,000)", "medium": "medium", "broad": "many found\n(≥ 100,000)", "all": "all"}
WIDTH = 0.27


def draw(results: dict[str, Any], target: Path) -> None:
    """An SVG file, the same for the same figures."""
    with mpl.rc_context({"svg.hashsalt": "performance", "svg.fonttype": "none", "font.size": 10}):
        figure = Figure(figsize=(10, 4), layout="constrained")
        left, right = figure.subplots(1, 2)
        draw_engines(left, results)
        draw_growth(right, results)
        figure.savefig(target, metadata={"Date": None})


def draw_engines(axes: Axes, results: dict[str, Any]) -> None:
    """Bars up to p95; of SQL over its sample."""
    engines = results["engines"]
    names = [bucket for bucket in BUCKETS if bucket in engines["all"]]
    for place, (engine, colour) in enumerate(COLOURS.items()):
        found = engines["sample" if engine == "plain SQL" else "all"]
        heights = [found.get(bucket, {}).get(engine, {}).get("p95", 0) for bucket in names]
        axes.bar([x + (place - 1) * WIDTH for x in range(len(names))], heights, WIDTH, label=engine, color=colour)
    axes.set_xticks(range(len(names)), [BUCKETS[name] for name in names])
    axes.set_yscale("log")
    axes.set_ylabel("milliseconds, p95")
    axes.set_title(f"List and all counts, {engines['profiles']:,} profiles")
    finish(axes)


def draw_growth(axes: Axes, results: dict[str, Any]) -> None:
    """Lines of p50 and p95 over the number of profiles."""
    rows = [*results["growth"], *([results["ten_million"]] if "ten_million" in results else [])]
    profiles = [row["profiles"] for row in rows]
    for name, style in (("p50", "o-"), ("p95", "s--")):
        axes.plot(profiles, [row["answers"][name] for row in rows], style, label=name, color=COLOURS["facet index"])
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("published profiles")
    axes.set_ylabel("milliseconds")
    axes.set_title("Facet index as profiles become more")
    finish(axes)


def finish(axes: Axes) -> None:
    """Plain numbers at the axis, the legend below it."""
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter("")
    axes.legend(frameon=False, ncols=3, loc="upper center", bbox_to_anchor=(0.5, -0.16))
