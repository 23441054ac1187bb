import runpy

import pytest
from django.core.exceptions import ImproperlyConfigured


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BIND_ADDRESS", "PORT", "WEB_WORKERS", "WEB_THREADS"):
        monkeypatch.delenv(name, raising=False)


def settings() -> dict[str, object]:
    return runpy.run_module("directory.gunicorn")


def test_gunicorn_listens_to_this_machine_only_unless_told():
    found = settings()

    assert (found["bind"], found["workers"], found["threads"]) == ("127.0.0.1:8000", 2, 4)


def test_gunicorn_takes_address_and_numbers_from_the_environment(monkeypatch):
    for name, value in {"BIND_ADDRESS": "0.0.0.0", "PORT": "80", "WEB_WORKERS": "3", "WEB_THREADS": "1"}.items():  # noqa: S104
        monkeypatch.setenv(name, value)

    found = settings()

    assert (found["bind"], found["workers"], found["threads"]) == ("0.0.0.0:80", 3, 1)


@pytest.mark.parametrize("name", ["PORT", "WEB_WORKERS", "WEB_THREADS"])
@pytest.mark.parametrize("value", ["0", "-1", "many", ""])
def test_gunicorn_refuses_bad_number(monkeypatch, name, value):
    monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match=f"{name} must be a whole number of at least 1"):
        settings()


def test_gunicorn_writes_no_log_of_what_visitors_read():
    found = settings()

    assert (found["accesslog"], found["loglevel"]) == (None, "error")
