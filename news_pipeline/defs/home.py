"""Dagster's home: an absolute folder inside data/ where its run history is kept."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine


def prepare_home(data: Path) -> Path:
    """Makes sure a Dagster home with the project's dagster.yaml stands in ``data``, and makes it this process's home.

    A ``DAGSTER_HOME`` that is set already, as in a deployment, is used as it is.
    """
    if home := os.environ.get("DAGSTER_HOME"):
        return Path(home)
    folder = data.absolute() / "dagster_home"
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "dagster.yaml"
    if not config.exists():
        config.write_text(_instance_config().read_text(encoding="utf-8"), encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(folder)
    return folder


def relax_sqlite_sync() -> None:
    """Lets SQLite skip the disk flush after each event of a run.

    A range of a thousand days writes some ten thousand events. In WAL mode, which Dagster uses, ``synchronous=NORMAL``
    keeps the history consistent through kills; a power cut can cost its last moments. Other databases are not touched.
    """
    if not event.contains(Engine, "connect", _relax):
        event.listen(Engine, "connect", _relax)


def _relax(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=NORMAL")


def _instance_config() -> Path:
    """The project's dagster.yaml: at the root of a checkout, inside the package when installed from a wheel."""
    package = Path(__file__).resolve().parent.parent
    candidates = (package / "dagster.yaml", package.parent / "dagster.yaml")
    found = next((path for path in candidates if path.exists()), None)
    if found is None:
        raise FileNotFoundError("dagster.yaml is missing from the installation")
    return found
