"""The system account that the embedded PostgreSQL runs under when Liaoran runs as root, which PostgreSQL refuses."""

from __future__ import annotations

import os
import pwd
import subprocess
from pathlib import Path

from liaoran.infra.errors import Unavailable
from liaoran.kernel.text import Text

NAME = "pgserver"


def server_account() -> tuple[int, int] | None:
    """User and group for the server; None where it simply runs as the account of this process.

    Adds the account the first time. Raises Unavailable where that is not possible.
    """
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        _add()
        entry = pwd.getpwnam(NAME)
    return entry.pw_uid, entry.pw_gid


def let_walk_to(directory: Path) -> None:
    """Lets other accounts pass through a directory and all above it to what lies below; not list or read them."""
    for one in (directory, *directory.parents):
        mode = one.stat().st_mode
        if not mode & 0o001:
            one.chmod(mode | 0o001)


def let_read(tree: Path) -> None:
    """Lets other accounts read and run what a directory holds; for programs installed under a strict umask."""
    for one in (tree, *tree.rglob("*")):
        mode = one.stat().st_mode
        needed = 0o005 if mode & 0o100 else 0o004
        if mode & needed != needed:
            one.chmod(mode | needed)


def _add() -> None:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", NAME]
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - constant
    except (OSError, subprocess.CalledProcessError) as error:
        raise Unavailable(
            Text(
                "PostgreSQL 不能以 root 运行：请用普通账户运行 Liaoran，或先创建系统账户 {name}",
                "PostgreSQL does not run as root: run Liaoran under an ordinary account, or add the account {name}",
            ).fill(name=NAME),
            code="embedded_postgres",
        ) from error
