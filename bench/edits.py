"""Part "edits": what a published change costs, and how soon each worker shows it.

Saves are measured within transactions that are rolled back, with the triggers that note a change and without. For the
other question one physician is hidden and published again, over and over, and the list's total tells who knows.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from bench import load, serving
from bench.balance import balanced
from bench.serving import Server
from bench.site import production
from bench.timing import load_average, medians, spread, timed
from specialists.enums import ProfileKind, ProfileStatus
from specialists.models import Profile, TreatmentOffer

SAVES, ROUNDS, CHANGES = 200, 3, 20
WATCHED = ("specialists_profile", "specialists_treatmentoffer")
REQUEST = load.request("/en/specialists/", Accept_Encoding="identity")


class RollBackError(Exception):
    """Ends a transaction without leaving anything."""


def measure() -> dict[str, Any]:
    """Milliseconds of saving with and without the triggers, and until each worker shows a change."""
    return {**measure_saving(), **measure_visibility(), "load": load_average()}


def measure_saving() -> dict[str, Any]:
    """A profile's own columns and one of its offers are saved, with the triggers and without."""
    profiles = list(Profile.objects.published().filter(offers__isnull=False).distinct().order_by("pk")[:SAVES])
    rounds: dict[str, list[list[float]]] = {"with": [], "without": []}
    for _round in range(ROUNDS):
        for name, found in rounds.items():
            found.append(_savings(profiles, with_triggers=name == "with"))
    times = {name: medians(found) for name, found in rounds.items()}
    spreads = {name: spread(found) for name, found in times.items()}
    added = [one - other for one, other in zip(times["with"], times["without"], strict=True)]
    return {"saving": spreads, "added": spread(added)}


def _savings(profiles: list[Profile], *, with_triggers: bool) -> list[float]:
    """Seconds of each save, the deferred trigger included; each is taken back, and all at the end."""
    seconds = []
    try:
        with transaction.atomic():
            if not with_triggers:
                _execute(*(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in WATCHED))
            for profile in profiles:
                seconds.append(_saving(profile))
            raise RollBackError
    except RollBackError:
        return seconds


def _saving(profile: Profile) -> float:
    offer = TreatmentOffer.objects.filter(profile=profile).first()
    assert offer is not None
    _execute("SET CONSTRAINTS ALL DEFERRED")
    try:
        with transaction.atomic():
            seconds, _nothing = timed(partial(_save, profile, offer))
            raise RollBackError
    except RollBackError:
        return seconds


def _save(profile: Profile, offer: TreatmentOffer) -> None:
    profile.save(update_fields=["focus", "verified_on"])
    offer.save(update_fields=["annual_cases", "verified_on"])
    _execute("SET CONSTRAINTS ALL IMMEDIATE")


def _execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def measure_visibility() -> dict[str, Any]:
    """What each worker answers first after a commit, and in how many milliseconds."""
    times: list[float] = []
    current = 0
    with tempfile.TemporaryDirectory(prefix="bench-edits-") as name, ExitStack() as stack:
        server = stack.enter_context(serving.gunicorn(production(Path(name))))
        total = Profile.objects.published().count()
        profile = Profile.objects.published().filter(kind=ProfileKind.PHYSICIAN).order_by("pk")[0]
        stack.enter_context(_published_again(profile.pk))
        for number in range(CHANGES):
            is_public = number % 2 == 1
            before, after = (total - 1, total) if is_public else (total, total - 1)
            for seconds, is_current in _first_answers(server, profile.pk, is_public, before, after):
                times.append(seconds)
                current += is_current
        megabytes = server.megabytes()
    return {"first answers": spread(times), "current": current, "megabytes": megabytes}


@contextmanager
def _published_again(profile: int) -> Iterator[None]:
    try:
        yield
    finally:
        Profile.objects.filter(pk=profile).update(status=ProfileStatus.PUBLISHED)


def _first_answers(
    server: Server, profile: int, is_public: bool, before: int, after: int
) -> Iterator[tuple[float, bool]]:
    """Of each worker (seconds of its first answer after the commit, does it show the change)."""
    connections = balanced(server, serving.WORKERS)
    for one in connections:
        if not _shows(load.ask(one, REQUEST, 200), before):
            raise load.LoadError("The list does not show the total that was expected before the change.")
    status = ProfileStatus.PUBLISHED if is_public else ProfileStatus.HIDDEN
    Profile.objects.filter(pk=profile).update(status=status)
    for one in connections:
        with one:
            seconds, page = timed(partial(load.ask, one, REQUEST, 200))
        yield seconds, _shows(page, after)


def _shows(page: bytes, total: int) -> bool:
    return f">{total} specialist".encode() in page
