"""Where things lie and how hard to work: the NEWS_PIPELINE_* environment variables, read in one place."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo


def first_day() -> date:
    """First day of the day-side calendar (``NEWS_PIPELINE_FIRST_DAY``); older articles stay in parsed_articles.

    Raises:
        ValueError: the variable holds no day.
    """
    value = os.environ.get("NEWS_PIPELINE_FIRST_DAY", "2000-01-01")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"NEWS_PIPELINE_FIRST_DAY: {value!r} is not a day such as 1995-01-01") from error


@dataclass(frozen=True)
class Settings:
    """What a deployment may set; everything else is a rule of the code.

    Attributes:
        data: folder of tables, catalog and run history (``NEWS_PIPELINE_DATA``, default ``./data``).
        raw: landing folder of dumps (``NEWS_PIPELINE_RAW``, default ``<data>/raw``).
        time_zone: zone whose calendar day an instant with a zone falls on (``NEWS_PIPELINE_TIME_ZONE``, UTC).
        workers: processes for dump-side stages (``NEWS_PIPELINE_WORKERS``, default: the cores of the machine).
        names_model: folder of a Hugging Face model that finds the names in Arabic (``NEWS_PIPELINE_NAMES_MODEL``,
            default: the packaged tagger finds them).
    """

    data: Path
    raw: Path
    time_zone: str = "UTC"
    workers: int = 1
    names_model: Path | None = None

    @classmethod
    def from_environment(cls) -> Settings:
        """Reads the settings; raises ValueError naming the variable that holds an unusable value."""
        data = Path(os.environ.get("NEWS_PIPELINE_DATA", "data")).absolute()
        raw = Path(os.environ.get("NEWS_PIPELINE_RAW", data / "raw")).absolute()
        time_zone = os.environ.get("NEWS_PIPELINE_TIME_ZONE", "UTC")
        try:
            ZoneInfo(time_zone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(
                f"NEWS_PIPELINE_TIME_ZONE: {time_zone!r} is not a time zone such as Asia/Riyadh"
            ) from error
        workers = os.environ.get(
            "NEWS_PIPELINE_WORKERS",
            str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1),
        )
        if not workers.isdigit() or int(workers) < 1:
            raise ValueError(f"NEWS_PIPELINE_WORKERS: {workers!r} is not a positive whole number")
        names_model = os.environ.get("NEWS_PIPELINE_NAMES_MODEL")
        if names_model and not Path(names_model).is_dir():
            raise ValueError(f"NEWS_PIPELINE_NAMES_MODEL: {names_model!r} is not a folder")
        return cls(
            data=data,
            raw=raw,
            time_zone=time_zone,
            workers=int(workers),
            names_model=Path(names_model).absolute() if names_model else None,
        )
