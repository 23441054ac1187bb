"""The settings of a production site, each read by a new process from an environment of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "directory.example",
    "DATABASE_URL": "postgresql://visitor@%2Fnonexistent/directory",
}
SHOWN = (
    "DEBUG",
    "DEVELOPMENT",
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD",
    "SITE_URL",
)
SHOW = "import json; from django.conf import settings as s; print(json.dumps([getattr(s, n) for n in {names!r}]))"
SERVE = "import directory.wsgi"
ANSWER = """
import directory.wsgi, django.test
visitor = django.test.Client(raise_request_exception=False)
for address, secure in (("/en/conditions/?q=liver", False), ("/healthz", False), ("/en/", True)):
    answer = visitor.get(address, headers={"host": "directory.example"}, secure=secure)
    print(answer.status_code, answer.get("Location"), answer.get("Strict-Transport-Security"))
    assert b"Traceback" not in answer.content
"""
# The admin's own files take long to compress and are not what is tested.
COLLECT = (
    "manage.py",
    "collectstatic",
    "--no-input",
    "-i",
    "admin",
    "-i",
    "django_prose_editor",
    "-i",
    "admin_ordering",
)


def run(*arguments: str, **changed: str | None) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments on a production site's environment, changed as told; None takes a name out."""
    variables = {**PRODUCTION, "DJANGO_SETTINGS_MODULE": "directory.settings", "PATH": os.environ["PATH"], **changed}
    environment = {name: value for name, value in variables.items() if value is not None}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def settings_of(**environment: str) -> dict[str, object]:
    result = run("-c", SHOW.format(names=SHOWN), **environment)
    assert result.returncode == 0, result.stderr
    return dict(zip(SHOWN, json.loads(result.stdout), strict=True))


def last_line(result: subprocess.CompletedProcess[str]) -> str:
    return result.stderr.strip().splitlines()[-1]


def test_production_starts_with_its_secrets(tmp_path: Path) -> None:
    result = run("-c", SERVE, STATIC_ROOT=str(tmp_path))

    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL"])
@pytest.mark.parametrize("value", [None, ""])
def test_production_refuses_to_start_without(name: str, value: str | None) -> None:
    result = run("-c", SERVE, **{name: value})

    assert result.returncode == 1
    assert last_line(result) == (
        f"django.core.exceptions.ImproperlyConfigured: Set {name} (or {name}_FILE) in the environment."
    )


@pytest.mark.parametrize("hosts", [None, "", " , "])
def test_production_refuses_to_start_without_hosts(hosts: str | None) -> None:
    result = run("-c", SERVE, ALLOWED_HOSTS=hosts)

    assert result.returncode == 1
    assert last_line(result) == (
        "django.core.exceptions.ImproperlyConfigured: Set ALLOWED_HOSTS to the names under which the site is reached, "
        "separated by commas."
    )


@pytest.mark.parametrize("url", ["sqlite:///directory.sqlite3", "sqlite://:memory:", "mysql://visitor@localhost/x"])
def test_production_refuses_another_database(url: str) -> None:
    result = run("-c", SERVE, DATABASE_URL=url)

    assert result.returncode == 1
    assert last_line(result) == (
        "django.core.exceptions.ImproperlyConfigured: DATABASE_URL must name a PostgreSQL database: "
        "the data model rests on its constraints."
    )


def test_production_reads_its_secrets_from_files(tmp_path: Path) -> None:
    for name in ("SECRET_KEY", "DATABASE_URL"):
        (tmp_path / name).write_text(PRODUCTION[name] + "\n")
    files = {f"{name}_FILE": str(tmp_path / name) for name in ("SECRET_KEY", "DATABASE_URL")}
    names = ("SECRET_KEY", "DATABASES")

    result = run("-c", SHOW.format(names=names), SECRET_KEY=None, DATABASE_URL=None, **files)

    key, databases = json.loads(result.stdout)
    assert key == PRODUCTION["SECRET_KEY"]
    assert databases["default"]["HOST"] == "/nonexistent"


@pytest.mark.parametrize("name", ["DEVELOPMENT", "BEHIND_TLS_PROXY"])
def test_bad_boolean_is_refused(name: str) -> None:
    result = run("-c", SERVE, **{name: "ture"})

    assert result.returncode == 1
    assert last_line(result) == (
        f"django.core.exceptions.ImproperlyConfigured: {name} must be one of 1, true, yes, on, 0, false, no, off; "
        "it is 'ture'."
    )


def test_production_insists_on_https_and_hides_its_inside() -> None:
    assert settings_of() == {
        "DEBUG": False,
        "DEVELOPMENT": False,
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_HSTS_PRELOAD": True,
        "SITE_URL": "https://directory.example",
    }


@pytest.mark.parametrize(
    ("environment", "debug"),
    [
        ({"DEBUG": "1"}, False),
        ({"DEBUG": "true", "DEVELOPMENT": "0"}, False),
        ({"DEVELOPMENT": "1"}, False),
        ({"DEBUG": "1", "DEVELOPMENT": "1"}, True),
    ],
)
def test_debug_needs_development(tmp_path: Path, environment: dict[str, str], debug: bool) -> None:
    assert settings_of(VAR_DIR=str(tmp_path), **environment)["DEBUG"] is debug


def test_production_answers_only_over_https_and_shows_no_traceback(tmp_path: Path) -> None:
    collected = tmp_path / "static"
    assert run(*COLLECT, STATIC_ROOT=str(collected)).returncode == 0

    # The database cannot be reached, so that every answer beyond the redirect is a fault.
    result = run("-c", ANSWER, STATIC_ROOT=str(collected))

    assert result.stdout.splitlines() == [
        "301 https://directory.example/en/conditions/?q=liver None",
        "500 None None",
        "500 None max-age=31536000; includeSubDomains; preload",
    ], result.stderr
    assert result.returncode == 0


def test_deployment_check_is_clean() -> None:
    result = run("manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert (result.returncode, result.stdout) == (0, "System check identified no issues (0 silenced).\n"), result.stderr


def test_deployment_check_notices_what_is_unsafe() -> None:
    result = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", HSTS_SECONDS="0")

    assert result.returncode == 1
    assert "(security.W004) You have not set a value for the SECURE_HSTS_SECONDS setting." in result.stderr
