"""The launcher against real servers: what is committed stays, nothing foreign is touched, nothing is left running."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from directory.embedded_postgres import Cluster, ClusterError
from directory.embedded_postgres import account as accounts
from directory.embedded_postgres.process import PidFile, is_server, process_exists

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 15
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as another user")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that root's server account can enter, unlike pytest's own; its name would trip a careless shell."""
    path = Path(tempfile.mkdtemp(prefix='it\'s a "test" $HOME '))
    path.chmod(0o711)
    yield path
    for home in path.iterdir():
        if (home / "data").exists():
            Cluster(home).destroy()
    shutil.rmtree(path)


@pytest.fixture
def home(folder: Path) -> Path:
    return folder / "postgres"


def quick(home: Path) -> Cluster:
    return Cluster(home, durable=False)


def query(url: str, statement: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def wait_for(condition: Callable[[], object]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def without_database(**extra: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_URL")} | extra


# Whoever runs the tests in the background, or under nohup, has made them ignore signals; this undoes it.
HEED_SIGNALS = """
import os, signal, sys
for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
    signal.signal(number, signal.SIG_DFL)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def launch(home: Path, *command: str, **environment: str) -> subprocess.Popen[str]:
    """The launcher in a session of its own, so that no terminal of the person testing plays a part."""
    launcher = ["-m", "directory.embedded_postgres", "--data", str(home), "--", *command]
    return subprocess.Popen(
        [sys.executable, "-c", HEED_SIGNALS, *launcher],
        cwd=ROOT,
        env=without_database(**environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def kill_server(home: Path) -> None:
    found = PidFile.read(home / "data")
    assert found
    os.kill(found.pid, signal.SIGKILL)
    assert wait_for(lambda: not is_server(found.pid, home / "data"))


def test_second_start_keeps_what_the_first_wrote(home: Path) -> None:
    with quick(home) as url:
        query(url, "CREATE TABLE note AS SELECT 'kept' AS text")
    assert PidFile.read(home / "data") is None

    with quick(home) as url:
        assert query(url, "SELECT text FROM note") == "kept"


def test_stop_ends_the_server_and_removes_its_socket(home: Path) -> None:
    cluster = quick(home)
    cluster.start()
    found = PidFile.read(home / "data")
    assert found
    assert found.socket_dir.stat().st_mode & 0o777 == 0o700

    cluster.stop()

    assert cluster.pid() is None
    assert not found.socket_dir.exists()


def test_server_folds_umlauts_and_hears_no_network(home: Path) -> None:
    with quick(home) as url:
        assert query(url, "SELECT lower('ÄÖÜ')") == "äöü"
        assert query(url, "SHOW listen_addresses") == ""
        assert query(url, "SELECT current_database()") == "directory"


def test_durable_is_the_default(home: Path) -> None:
    quick(home).start()
    kill_server(home)

    with Cluster(home) as url:
        assert query(url, "SHOW fsync") == "on"


def test_killed_server_loses_nothing(home: Path) -> None:
    with Cluster(home) as url:
        query(url, "CREATE TABLE note AS SELECT 'committed' AS text")
        kill_server(home)

        with Cluster(home) as url_after:
            assert query(url_after, "SELECT text FROM note") == "committed"


def test_stale_pid_file_naming_a_foreign_process_leaves_that_process_alone(home: Path) -> None:
    cluster = quick(home)
    cluster.start()
    pid_file = home / "data" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    kill_server(home)
    cluster.stop()
    foreign = subprocess.Popen(["sleep", "60"])
    try:
        pid_file.write_text("\n".join([str(foreign.pid), *lines[1:]]) + "\n")
        accounts.account_for(home).own(pid_file)

        with quick(home) as url:
            assert query(url, "SELECT 1") == 1

        assert foreign.poll() is None
    finally:
        foreign.kill()
        foreign.wait()


@pytest.mark.parametrize("content", ["", "no number\n", "-1\n", "99999999\n"])
def test_damaged_pid_file_names_no_server(home: Path, content: str) -> None:
    data = home / "data"
    data.mkdir(parents=True)
    (data / "postmaster.pid").write_text(content)
    found = PidFile.read(data)

    assert found is None or not is_server(found.pid, data)
    shutil.rmtree(home)


def test_server_of_a_killed_launcher_is_adopted_and_stopped(home: Path) -> None:
    launcher = launch(home, "sleep", "60")
    assert wait_for(lambda: (found := PidFile.read(home / "data")) and found.connectable())
    before = PidFile.read(home / "data")
    os.killpg(launcher.pid, signal.SIGKILL)
    launcher.communicate()
    assert before
    assert is_server(before.pid, home / "data")

    cluster = quick(home)
    cluster.start()
    adopted = cluster.pid()
    cluster.stop()

    assert adopted == before.pid
    assert cluster.pid() is None


def test_last_of_two_users_stops_the_server(home: Path) -> None:
    first, second = quick(home), quick(home)
    assert first.start() == second.start()

    first.stop()
    assert query(second.url, "SELECT 1") == 1

    second.stop()
    assert second.pid() is None


def test_launchers_that_make_the_cluster_at_the_same_time_share_one(home: Path) -> None:
    launchers = [launch(home, "sh", "-c", "echo $DATABASE_URL; sleep 1") for _ in range(3)]

    outputs = [launcher.communicate(timeout=PATIENCE * 2) for launcher in launchers]

    assert [launcher.returncode for launcher in launchers] == [0, 0, 0], outputs
    assert len({url for url, _ in outputs}) == 1
    assert PidFile.read(home / "data") is None


def test_interrupted_initdb_leaves_no_half_made_cluster(home: Path) -> None:
    leftover = home / "draft-left"
    leftover.mkdir(parents=True)
    home.chmod(0o711)
    (leftover / "PG_VERSION").write_text("18\n")

    with quick(home) as url:
        assert query(url, "SELECT 1") == 1

    assert not leftover.exists()


def test_unreachable_server_is_replaced(home: Path) -> None:
    quick(home).start()
    before = PidFile.read(home / "data")
    assert before
    shutil.rmtree(before.socket_dir)

    with quick(home) as url:
        assert query(url, "SELECT 1") == 1

    assert not process_exists(before.pid) or not is_server(before.pid, home / "data")


def test_failed_start_shows_the_end_of_the_log(home: Path) -> None:
    with quick(home):
        pass
    with (home / "data" / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")

    with pytest.raises(ClusterError, match="no_such_setting"):
        quick(home).start()


def test_command_gets_the_url_and_hands_back_its_exit_code(home: Path) -> None:
    # Settings of the person's own server, and a locale that knows no umlauts, must not reach ours.
    launcher = launch(
        home,
        "sh",
        "-c",
        'echo "$DATABASE_URL"; exit 7',
        LC_ALL="C",
        PGPORT="1",
        PGDATA="/none",
        PGOPTIONS="-c nonsense=1",
        TZ="none",
    )

    output, errors = launcher.communicate(timeout=PATIENCE)

    assert (launcher.returncode, errors) == (7, "")
    assert output.startswith("postgresql://postgres@%2Ftmp%2Fdirectory-postgres-")
    assert PidFile.read(home / "data") is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signal_reaches_the_command_once_and_the_server_stops_after_it(home: Path, number: signal.Signals) -> None:
    program = (
        "import signal, sys, time\n"
        "seen = []\n"
        f"signal.signal({int(number)}, lambda *_: seen.append(1))\n"
        "print('ready', flush=True)\n"
        "while not seen: time.sleep(0.01)\n"
        "time.sleep(0.3)\n"
        "sys.exit(40 + len(seen))\n"
    )
    launcher = launch(home, sys.executable, "-c", program)
    assert launcher.stdout
    assert launcher.stdout.readline() == "ready\n"

    launcher.send_signal(number)
    launcher.communicate(timeout=PATIENCE)

    assert launcher.returncode == 41
    assert PidFile.read(home / "data") is None


def test_command_ended_by_a_signal_gives_its_number_as_a_shell_does(home: Path) -> None:
    launcher = launch(home, "sh", "-c", "kill -TERM $$")

    launcher.communicate(timeout=PATIENCE)

    assert launcher.returncode == 128 + signal.SIGTERM


def test_signal_while_the_server_starts_keeps_the_command_from_running(home: Path) -> None:
    launcher = launch(home, "echo", "the command ran")
    assert wait_for((home / "setup.lock").exists)

    launcher.send_signal(signal.SIGTERM)
    output, _ = launcher.communicate(timeout=PATIENCE)

    assert (launcher.returncode, output) == (128 + signal.SIGTERM, "")
    assert PidFile.read(home / "data") is None


def test_unknown_command_is_named_and_no_server_stays(home: Path) -> None:
    launcher = launch(home, "no-such-command")

    _, errors = launcher.communicate(timeout=PATIENCE)

    assert launcher.returncode == 127
    assert errors == "Embedded PostgreSQL: there is no command no-such-command\n"
    assert PidFile.read(home / "data") is None


def test_database_url_that_is_set_wins(home: Path) -> None:
    launcher = launch(home, "sh", "-c", 'echo "$DATABASE_URL"; exit 3', DATABASE_URL="postgresql://elsewhere/site")

    output, errors = launcher.communicate(timeout=PATIENCE)

    assert (launcher.returncode, output, errors) == (3, "postgresql://elsewhere/site\n", "")
    assert not home.exists()


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("postgresql://elsewhere/site", "postgresql://elsewhere/scale_10"),
        ("postgresql://me@%2Ftmp%2Fa:5432/site?sslmode=off", "postgresql://me@%2Ftmp%2Fa:5432/scale_10?sslmode=off"),
    ],
)
def test_command_on_another_database_of_the_server(home: Path, url: str, other: str) -> None:
    launcher = [sys.executable, "-m", "directory.embedded_postgres", "--data", str(home), "--database", "scale_10"]
    command = [*launcher, "--", "sh", "-c", 'echo "$DATABASE_URL"']

    result = subprocess.run(command, cwd=ROOT, env=without_database(DATABASE_URL=url), capture_output=True, check=True)

    assert (result.stdout, result.stderr) == (f"{other}\n".encode(), b"")
    assert not home.exists()


def test_unwritable_place_is_one_clear_line() -> None:
    launcher = launch(Path("/proc/postgres"), "true")

    _, errors = launcher.communicate(timeout=PATIENCE)

    assert launcher.returncode == 1
    assert errors == "Embedded PostgreSQL: /proc/postgres: No such file or directory\n"


@as_root
def test_checkout_that_the_server_account_cannot_enter_gets_a_stand_in(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(accounts, "PRIVATE_PARENTS", (folder / "missing", folder))
    tmp_path.chmod(0o700)
    cluster = quick(tmp_path / "postgres")

    with cluster as url:
        query(url, "CREATE TABLE note ()")
    assert cluster.home.parent == folder / accounts.PRIVATE_FOLDER
    assert f"the database is kept in {cluster.home}\n" in capsys.readouterr().err

    with quick(tmp_path / "postgres") as url:
        assert query(url, "SELECT count(*) FROM note") == 0

    cluster.destroy()
    assert not cluster.home.exists()


@as_root
def test_files_of_another_user_are_refused_with_the_way_out(home: Path) -> None:
    program = (
        "import os, sys; os.setgroups([]); os.setgid(65534); os.setuid(65533)\n"
        "from pathlib import Path\n"
        "from directory.embedded_postgres.account import ClusterError, account_for\n"
        "try: account_for(Path(sys.argv[1]))\n"
        "except ClusterError as error: print(error)\n"
    )
    home.mkdir(mode=0o755)
    result = subprocess.run(
        [sys.executable, "-c", "import directory.embedded_postgres\n" + program, str(home)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.stdout == f"{home} was made by root. Run as root, or: sudo chown -R $USER '{home}'\n", result.stderr
