"""``make run`` from its inside: sample users and their password, refusals, and that a second run changes nothing."""

import os
import socket
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from pytest_django import Settings

from conditions.models import Condition
from directory.management.commands import develop
from directory.sample import users


@pytest.fixture(autouse=True)
def var_dir(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.VAR_DIR = tmp_path
    monkeypatch.delenv("SAMPLE_PASSWORD", raising=False)
    return tmp_path


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would replace the test's process."""
    commands: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _program, command: commands.append(command))
    monkeypatch.setenv("DJANGO_RUNSERVER_HIDE_WARNING", "")
    return commands


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(port: int) -> str:
    output = StringIO()
    call_command("develop", port=port, stdout=output)
    return output.getvalue()


def refuse(*_args: Any, **_options: Any) -> None:
    raise AssertionError("This must not be called again.")


@pytest.mark.django_db
def test_develop_loads_content_once_and_serves(
    served: list[list[str]], free_port: int, var_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(free_port)
    assert Condition.objects.exists()
    assert served == [[sys.executable, served[0][1], "runserver", f"127.0.0.1:{free_port}"]]

    conditions = Condition.objects.count()
    monkeypatch.setattr(develop, "call_command", refuse)
    second = run(free_port)

    assert Condition.objects.count() == conditions
    assert "Loading the sample content" in first
    assert "Loading the sample content" not in second
    password = (var_dir / "sample_password").read_text()
    for output in (first, second):
        assert f"http://localhost:{free_port}/\n" in output
        assert f"http://localhost:{free_port}/admin/\n" in output
        assert f"{' or '.join(users.PEOPLE)}, password {password}\n" in output


@pytest.mark.django_db
def test_develop_without_sample_leaves_the_content_as_it_is(served: list[list[str]], free_port: int) -> None:
    call_command("develop", port=free_port, sample=False, stdout=StringIO())

    assert not Condition.objects.exists()
    assert [command[2] for command in served] == ["runserver"]


def test_develop_outside_development_is_refused(settings: Settings, served: list[list[str]], free_port: int) -> None:
    settings.DEVELOPMENT = False

    with pytest.raises(CommandError, match="for development only"):
        run(free_port)
    assert served == []


def test_develop_port_in_use_is_refused_before_anything_is_set_up(served: list[list[str]], taken_port: int) -> None:
    with pytest.raises(
        CommandError, match=f"Port {taken_port} is in use. Choose another: make run PORT={taken_port + 1}"
    ):
        run(taken_port)
    assert served == []


@pytest.mark.parametrize("port", [-1, 0, 65_536])
def test_develop_number_that_is_no_port_is_refused(served: list[list[str]], port: int) -> None:
    with pytest.raises(CommandError, match="A port is a number from 1 to 65535"):
        run(port)
    assert served == []


@pytest.mark.django_db
def test_sample_users_can_sign_in_with_the_password_that_is_kept(var_dir: Path, client: Any) -> None:
    names, password = users.ensure_sample_users()

    assert names == ["admin", "author", "reviewer", "publisher", "editor"]
    assert [client.login(username=name, password=password) for name in names] == [True] * 5
    assert (var_dir / "sample_password").read_text() == password
    assert (var_dir / "sample_password").stat().st_mode & 0o777 == 0o600
    assert users.ensure_sample_users() == (names, password)
    assert User.objects.count() == 5


@pytest.mark.django_db
def test_sample_users_have_one_role_each_and_no_part_in_accounts() -> None:
    users.ensure_sample_users()

    people = {user.username: user for user in User.objects.prefetch_related("groups")}

    assert {name: [group.name for group in user.groups.all()] for name, user in people.items()} == {
        "admin": [],
        "author": ["Author"],
        "reviewer": ["Medical reviewer"],
        "publisher": ["Publisher"],
        "editor": ["Directory editor"],
    }
    assert {user.is_staff for user in people.values()} == {True}
    assert [name for name, user in people.items() if user.is_superuser] == ["admin"]
    apps = {
        permission.split(".")[0]
        for user in people.values()
        if not user.is_superuser
        for permission in user.get_all_permissions()
    }
    assert apps == {"conditions", "specialists", "redirects"}


@pytest.mark.django_db
def test_sample_password_from_the_environment_changes_that_of_sample_users_and_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, before = users.ensure_sample_users()
    monkeypatch.setenv("SAMPLE_PASSWORD", "chosen-by-hand")

    assert users.ensure_sample_users() == (list(users.PEOPLE), "chosen-by-hand")
    assert User.objects.get(username="editor").check_password("chosen-by-hand")
    assert not User.objects.get(username="editor").check_password(before)

    monkeypatch.delenv("SAMPLE_PASSWORD")
    assert users.ensure_sample_users() == (list(users.PEOPLE), "chosen-by-hand")


@pytest.mark.django_db
def test_real_account_of_a_sample_name_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    User.objects.create_user("admin", "admin@clinic.example", "own password")
    monkeypatch.setenv("SAMPLE_PASSWORD", "chosen-by-hand")

    names, _ = users.ensure_sample_users()

    account = User.objects.get(username="admin")
    assert names == ["author", "reviewer", "publisher", "editor"]
    assert account.check_password("own password")
    assert (account.is_staff, account.is_superuser) == (False, False)


@pytest.mark.django_db
def test_sample_users_outside_development_are_refused(settings: Settings) -> None:
    settings.DEVELOPMENT = False

    with pytest.raises(ImproperlyConfigured, match="in development only"):
        users.ensure_sample_users()
    assert not User.objects.exists()
