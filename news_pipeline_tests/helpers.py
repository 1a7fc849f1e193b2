"""Pages written for the tests, and a deployment that processes them as the jobs do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import dagster as dg
import pyarrow as pa

from news_pipeline.contract import TABLES
from news_pipeline.definitions import build_defs
from news_pipeline.defs.partitions import DUMPS
from news_pipeline.defs.resources import PipelineResource
from news_pipeline.defs.sensors import range_tags
from news_pipeline.dumps.find import list_dumps
from news_pipeline.freshness import day_ranges, days_to_refresh, last_day, read_day_state
from news_pipeline.warehouse.views import connect

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
_ORDINALS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
_PARAGRAPHS = (
    "أعلن وزير النقل سامر الخطيب، اليوم، أن بلاده ستوسع {topic} قبل نهاية العام الحالي، مشيرا إلى أن التمويل صار متوفرا.",
    'وقال الخطيب في مؤتمر صحفي: "سنبدأ العمل في {topic} خلال أسابيع، ولن تتوقف الخدمة يوما واحدا في المرحلة الأولى".',
    "وأضاف أن المهندسين أنهوا دراسة الجدوى، وأن شركات من مصر والأردن أبدت رغبتها في المشاركة بتنفيذ الأعمال المدنية.",
    "ويرى خبراء أن المشروع سيخفف الضغط عن الطرق القديمة، لكنهم يحذرون من ارتفاع كلفة مواد البناء في الأسواق العالمية.",
)


def page(
    title: str,
    day: date | None,
    *,
    source: str = "صحيفة المرصد",
    topic: str = "ميناء المدينة القديم",
    paragraphs: int = 4,
) -> str:
    """A page of an aggregator: source, title, date line, body, tags."""
    lines = [f"{source}:", "2025-06-01@08:30:00 GMT", title]
    if day is not None:
        lines.append(f"تاريخ النشر: {day.day}{_ORDINALS.get(day.day, 'th')}, {day:%B} {day.year} GMT")
    lines += [title, *(paragraph.format(topic=topic) for paragraph in _PARAGRAPHS[:paragraphs])]
    lines += [f"المصدر: {source}", "كلمات دلالية: وزير النقل مصر"]
    return "\n\n".join(lines) + "\n"


@dataclass(frozen=True)
class Deployment:
    """A pipeline on folders of its own."""

    data: Path
    raw: Path
    instance: dg.DagsterInstance
    names_model: Path | None = None

    def land(self, path: str, text: str) -> None:
        """Puts a page into the landing folder."""
        target = self.raw / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def resource(self) -> PipelineResource:
        """The pipeline resource on these folders."""
        names_model = str(self.names_model or "")
        return PipelineResource(data=str(self.data), raw=str(self.raw), workers=1, names_model=names_model)

    def definitions(self) -> dg.Definitions:
        """The project's definitions on these folders."""
        return build_defs(resource_overrides={"pipeline": self.resource()})

    def process_dump(self, dump: str) -> dg.ExecuteInProcessResult:
        """Runs the job for one dump."""
        self.instance.add_dynamic_partitions(str(DUMPS.name), [dump])
        job = self.definitions().resolve_job_def("process_dump")
        return job.execute_in_process(
            instance=self.instance, partition_key=dump, run_config=QUIET, raise_on_error=False
        )

    def refresh_days(self, first: date, last: date) -> dg.ExecuteInProcessResult:
        """Runs the job for a range of days."""
        job = self.definitions().resolve_job_def("refresh_days")
        return job.execute_in_process(
            instance=self.instance, tags=range_tags(first, last), run_config=QUIET, raise_on_error=False
        )

    def refresh_stale_days(self) -> list[tuple[date, date]]:
        """Runs the day job for all that is stale; returns the ranges."""
        ranges = day_ranges(days_to_refresh(read_day_state(self.data, last_day(), self.names_model)))
        for first, last in ranges:
            assert self.refresh_days(first, last).success
        return ranges

    def refresh_catalog(self) -> None:
        """Runs the job for the dimensions and the catalog."""
        job = self.definitions().resolve_job_def("refresh_catalog")
        assert job.execute_in_process(instance=self.instance, run_config=QUIET, raise_on_error=False).success

    def run(self) -> None:
        """Processes every dump, every stale day and the catalog."""
        for dump in list_dumps(self.raw):
            assert self.process_dump(dump).success
        self.refresh_stale_days()
        self.refresh_catalog()

    def rows(self, sql: str) -> list[dict[str, object]]:
        """Rows of a query over the tables."""
        with connect(self.data) as connection:
            rows: list[dict[str, object]] = connection.sql(sql).to_arrow_table().to_pylist()
        return rows

    def all_tables(self) -> dict[str, list[dict[str, object]]]:
        """Every table's rows in the order of its key, to compare archives."""
        return {name: self.rows(f"SELECT * FROM {name} ORDER BY ALL") for name, table in TABLES.items()}


def rows_of(table: pa.Table, *columns: str) -> list[tuple[object, ...]]:
    """Some columns of an Arrow table as tuples."""
    return list(zip(*(table[column].to_pylist() for column in columns), strict=True))
