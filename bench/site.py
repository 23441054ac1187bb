"""Part "site": the site under gunicorn as in production, with the profiles of the given database.

Lists, searches and suggestions are made anew for each request; pages of conditions also come from the cache, beside a
view that does nothing and nginx with the same bytes. Everything listens on the loopback address only.
"""

import os
import secrets
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bench import load, serving, workload
from bench.balance import balanced
from bench.serving import Server
from bench.timing import MILLISECONDS, load_average, medians, spread
from directory.embedded_postgres.address import given_url, with_database

ROUNDS = 3
LISTS, SUGGESTIONS, SEARCHES = 300, 300, 150
WARM_UP = 40
# Connections that keep both workers busy, and how long each round of a rate takes.
CONNECTIONS, SECONDS = 8, 3.0
LIST_SECONDS = 8.0
CONDITION = "/en/conditions/liver-metastases/"
MICRO_CACHE = """
    location / {{
        proxy_pass http://127.0.0.1:{port}; proxy_http_version 1.1; proxy_set_header Connection "";
        proxy_set_header Host localhost; proxy_set_header X-Forwarded-Proto https;
        proxy_set_header Accept-Encoding gzip;
        proxy_cache pages; proxy_cache_valid 200 1s; proxy_cache_lock on; proxy_cache_use_stale updating;
        proxy_cache_background_update on; proxy_ignore_headers Cache-Control Expires Vary;
    }}
"""
STATIC_FILE = """
    root {folder}; gzip off; default_type "text/html; charset=utf-8"; add_header Content-Encoding gzip;
    location / {{ try_files /page =404; }}
"""


def measure(sample_database: str) -> dict[str, Any]:
    """Everything this part measures; the pages of conditions are those of ``sample_database``."""
    with tempfile.TemporaryDirectory(prefix="bench-site-") as name:
        environment = production(Path(name))
        profiles = measure_profiles(environment)
        sample = {**environment, "DATABASE_URL": with_database(given_url(), sample_database)}
        pages = measure_pages(sample, Path(name))
    return {**profiles, "pages": pages, "connections": CONNECTIONS, "workers": serving.WORKERS, "load": load_average()}


def production(folder: Path) -> dict[str, str]:
    """The environment of a site in production, with its static files collected into ``folder``."""
    dropped = ("DEVELOPMENT", "DEBUG", "DJANGO_SETTINGS_MODULE")
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    environment |= {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "localhost",
        "BEHIND_TLS_PROXY": "1",
        "STATIC_ROOT": str(folder / "static"),
        "DATABASE_URL": given_url(),
    }
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, env=environment, check=True)
    return environment


def measure_profiles(environment: Mapping[str, str]) -> dict[str, Any]:
    """Lists, suggestions and searches, each made anew; memory of the workers afterwards."""
    lists = [load.request(path) for path in workload.list_paths(LISTS)]
    suggestions = [load.request(path) for path in workload.suggest_paths(SUGGESTIONS)]
    searches = [load.request(path) for path in workload.search_paths(SEARCHES)]
    with serving.gunicorn({**environment, "PAGE_CACHE_MEGABYTES": "0"}) as server:
        load.run(balanced(server, CONNECTIONS), lists, count=WARM_UP)
        results = {
            "list": one_by_one(server, lists),
            "suggest": one_by_one(server, suggestions),
            "search": one_by_one(server, searches),
            "list rate": rate_and_effort(server, lists),
        }
        return {**results, "megabytes": server.megabytes()}


def one_by_one(server: Server, requests: Sequence[bytes]) -> dict[str, float]:
    """Milliseconds of whole responses, one request at a time; of each the median of the rounds."""
    rounds = [load.run([load.connected(server.port)], requests, count=len(requests)).latencies for _ in range(ROUNDS)]
    return spread(medians(rounds))


def rate_and_effort(server: Server, requests: Sequence[bytes]) -> dict[str, float]:
    """Responses a second with many at once, and seconds of a worker's processor that each took."""
    connections = balanced(server, CONNECTIONS)
    used = server.cpu_seconds()
    outcome = load.run(connections, requests, seconds=LIST_SECONDS)
    effort = (server.cpu_seconds() - used) / len(outcome.latencies)
    return {
        "rate": outcome.rate,
        "a core": outcome.rate / (os.cpu_count() or 1),
        "worker ms": effort * MILLISECONDS,
    }


def measure_pages(environment: Mapping[str, str], folder: Path) -> dict[str, dict[str, float]]:
    """Responses a second for a condition's page and what each costs, from each server in turn, round by round."""
    rounds: dict[str, list[dict[str, float]]] = {}
    with targets(environment, folder) as found:
        for number in range(ROUNDS + 1):
            for name, target in found.items():
                measured = measure_page(*target)
                # The first round warms up.
                if number:
                    rounds.setdefault(name, []).append(measured)
    return {
        name: {figure: statistics.median(one[figure] for one in measured) for figure in measured[0]}
        for name, measured in rounds.items()
    }


def measure_page(server: Server, request: bytes, expected: int) -> dict[str, float]:
    """Responses a second, milliseconds of a worker's processor that each took, bytes of each."""
    connections = balanced(server, CONNECTIONS)
    used = server.cpu_seconds()
    outcome = load.run(connections, [request], seconds=SECONDS, expected=expected)
    effort = (server.cpu_seconds() - used) / len(outcome.latencies)
    return {"rate": outcome.rate, "worker ms": effort * MILLISECONDS, "bytes": outcome.size}


@contextmanager
def targets(environment: Mapping[str, str], folder: Path) -> Iterator[dict[str, tuple[Server, bytes, int]]]:
    """Name → (server, request, status): servers that all send the same page, all running within the block."""
    request = load.request(CONDITION)
    with ExitStack() as stack:
        start = stack.enter_context
        cached = start(serving.gunicorn(environment))
        uncached = start(serving.gunicorn({**environment, "PAGE_CACHE_MEGABYTES": "0"}))
        headers, content = load.fetch(cached.port, CONDITION)
        (folder / "page").write_bytes(content)
        bare = start(serving.gunicorn({**environment, "BARE_FILE": str(folder / "page")}, "bench.bare"))
        unchanged = load.request(CONDITION, If_None_Match=headers["etag"])
        found = {
            "rendered anew": (uncached, request, 200),
            "from the page cache": (cached, request, 200),
            "unchanged (304)": (cached, unchanged, 304),
            "a bare Django view, same bytes": (bare, request, 200),
        }
        if serving.nginx_program():
            micro = start(serving.nginx(MICRO_CACHE.format(port=cached.port)))
            static = start(serving.nginx(STATIC_FILE.format(folder=folder)))
            found["nginx, micro-cache of 1 s before the site"] = (micro, request, 200)
            found["nginx, a static file, same bytes"] = (static, request, 200)
        yield found
