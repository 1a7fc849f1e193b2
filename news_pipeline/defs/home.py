"""Dagster's home: an absolute folder inside data/ where its run history is kept."""

from __future__ import annotations

import os
from pathlib import Path


def prepare_home(data: Path) -> Path:
    """Makes sure a Dagster home with the project's dagster.yaml stands in ``data``, and makes it this process's home.

    A ``DAGSTER_HOME`` that is set already, as in a deployment, is used as it is.
    """
    if home := os.environ.get("DAGSTER_HOME"):
        os.environ["DAGSTER_HOME"] = str(Path(home).absolute())
        return Path(home).absolute()
    folder = data.absolute() / "dagster_home"
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "dagster.yaml"
    if not config.exists():
        config.write_text(_instance_config().read_text(encoding="utf-8"), encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(folder)
    return folder


def _instance_config() -> Path:
    """The project's dagster.yaml: at the root of a checkout, inside the package when installed from a wheel."""
    package = Path(__file__).resolve().parent.parent
    candidates = (package / "dagster.yaml", package.parent / "dagster.yaml")
    found = next((path for path in candidates if path.exists()), None)
    if found is None:
        raise FileNotFoundError("dagster.yaml is missing from the installation")
    return found
