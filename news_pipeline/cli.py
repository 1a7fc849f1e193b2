"""The ``news-pipeline`` command: run, status, sql, explain, rebuild, lexicon.

Belongs here: arguments, what is printed, exit codes. A run goes through Dagster with its real history, so that the UI
shows what the command did; Dagster is imported only once there is something to do.
"""

from __future__ import annotations

import csv
import os
import sys
import warnings
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import duckdb
import pyarrow as pa
import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from news_pipeline.contract import TABLES
from news_pipeline.dimensions import catalog_is_fresh
from news_pipeline.dumps.find import Dump, list_dumps
from news_pipeline.dumps.records import Damaged
from news_pipeline.entities.lexicon_files import FORMATS
from news_pipeline.entities.lexicon_store import Imported, import_lexicon, list_lexicons, remove_lexicon
from news_pipeline.entities.transformer_names import check_model
from news_pipeline.freshness import (
    DayState,
    day_ranges,
    days_to_refresh,
    dump_is_stale,
    last_day,
    read_day_state,
    stale_days,
)
from news_pipeline.progress import listening
from news_pipeline.settings import Settings
from news_pipeline.storage import forget_build, list_partitions, read_builds
from news_pipeline.warehouse.catalog import CATALOG_NAME
from news_pipeline.warehouse.explain import explain as explain_topic
from news_pipeline.warehouse.query import run_sql

if TYPE_CHECKING:
    import dagster as dg

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    help="Raw dumps of news pages to parsed articles, entities and a daily topic rollup, queried with DuckDB.",
)
lexicon_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Bring names along: people, places and organisations that the recogniser is to know, with their Wikidata ids.",
)
app.add_typer(lexicon_app, name="lexicon")
_PIPED_WIDTH = 160  # where nothing says how wide the reader is, tables need not fold at 80
console = Console(width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else _PIPED_WIDTH)
errors = Console(stderr=True)

_FIRST_QUERY = """SELECT label, topic_kind AS kind, article_count AS articles, story_count AS stories,
       source_count AS outlets, trend, burst_score AS burst
FROM trending((SELECT published_date FROM articles GROUP BY ALL ORDER BY count(*) DESC, 1 DESC LIMIT 1))
WHERE article_count > 1
LIMIT 8"""

DataOption = Annotated[
    Path | None,
    typer.Option("--data", help="Data folder. Default: $NEWS_PIPELINE_DATA, else ./data.", show_default=False),
]
RawOption = Annotated[
    Path | None,
    typer.Option(
        "--raw", help="Landing folder of dumps. Default: $NEWS_PIPELINE_RAW, else DATA/raw.", show_default=False
    ),
]
WorkersOption = Annotated[
    int | None,
    typer.Option("--workers", min=1, help="Worker processes. Default: the cores of this machine.", show_default=False),
]


@app.command()
def run(
    data: DataOption = None,
    raw: RawOption = None,
    dump: Annotated[
        str | None, typer.Option("--dump", help="Only this dump: a top-level file or folder of the landing folder.")
    ] = None,
    workers: WorkersOption = None,
) -> None:
    """Process what is new: dumps that arrived or changed, then the publication days they touch.

    A second run on the same files finds nothing new and ends at once. Runs appear in the Dagster UI (`make ui`).

    Examples:
    - `news-pipeline run`: everything new in data/raw
    - `news-pipeline run --raw ~/crawls --data /srv/news`: other folders
    - `news-pipeline run --dump wire-2024-10.jsonl.gz`: one dump
    """
    settings = _settings(data, raw, workers)
    if settings.names_model is not None:
        check_model(settings.names_model)
    dumps = _landed(settings)
    if dump is not None:
        if dump not in dumps:
            _fail(f"There is no dump {dump!r} in {settings.raw}. Known: {', '.join(dumps) or 'none'}")
        dumps = {dump: dumps[dump]}
    due = [
        found
        for found in dumps.values()
        if dump_is_stale(settings.data, found, settings.time_zone, settings.names_model)
    ]
    state = read_day_state(settings.data, last_day(), settings.names_model)
    if not due and not stale_days(state) and catalog_is_fresh(settings.data):
        console.print(f"Nothing new: {len(dumps)} dumps, {len(state.days())} publication days up to date.")
        _print_summary(settings, state)
        return
    succeeded = _process(settings, due)
    _print_summary(settings, read_day_state(settings.data, last_day(), settings.names_model))
    _print_first_query(settings)
    if not succeeded:
        raise typer.Exit(1)


@app.command()
def status(data: DataOption = None, raw: RawOption = None) -> None:
    """Show the dumps, what came of each, and what is not up to date. Changes nothing."""
    settings = _settings(data, raw, None)
    dumps = _landed(settings)
    pages, parsed, rejected = (
        read_builds(settings.data, table) for table in ("raw_pages", "parsed_articles", "rejected_pages")
    )
    table = Table(box=box.SIMPLE_HEAD, title=f"Dumps in {settings.raw}")
    for heading in ("dump", "state"):
        table.add_column(heading)
    for heading in ("files", "MB", "pages", "articles", "rejected", "days"):
        table.add_column(heading, justify="right")
    for name in sorted({*dumps, *pages}):
        found = dumps.get(name)
        table.add_row(
            escape(name),
            _dump_state(settings, found, known=name in pages),
            f"{len(found.files):,}" if found else "-",
            f"{found.size / 1e6:,.1f}" if found else "-",
            *(f"{builds[name].rows:,}" if name in builds else "-" for builds in (pages, parsed, rejected)),
            f"{len(parsed[name].days):,}" if name in parsed else "-",
        )
    console.print(table)
    state = read_day_state(settings.data, last_day(), settings.names_model)
    stale = stale_days(state)
    console.print(f"Publication days: {len(state.days()):,}, not up to date: {len(stale):,}")
    if state.outside():
        console.print(f"Days outside the calendar, not rolled up: {', '.join(map(str, state.outside()))}")
    if not (settings.data / CATALOG_NAME).exists():
        console.print(f"The catalog {settings.data / CATALOG_NAME} is not built yet: news-pipeline run")


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="A query over the views and macros of news.duckdb.")],
    data: DataOption = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV instead of a table.")] = False,
) -> None:
    """Ask the catalog in SQL, read-only.

    Examples:
    - `news-pipeline sql "FROM about"`: what the archive holds
    - `news-pipeline sql "FROM trending(DATE '2024-10-10') LIMIT 10"`: what was covered more than usual
    - `news-pipeline sql "FROM search_articles('إضراب الميناء') LIMIT 5"`: search, whatever the spelling
    - `news-pipeline sql --csv "FROM daily_topics" > topics.csv`: take a table along
    """
    settings = _settings(data, None, None)
    try:
        result = run_sql(settings.data, query)
    except (duckdb.Error, FileNotFoundError) as error:
        _fail(str(error))
    if as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(result.column_names)
        writer.writerows(zip(*(column.to_pylist() for column in result.columns), strict=True))
        return
    _print_rows(result)


@app.command()
def explain(
    day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="Publication day.")],
    topic: Annotated[str, typer.Argument(help="Topic id or label, as `trending(day)` shows it.")],
    data: DataOption = None,
    raw: RawOption = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Articles to open.")] = 5,
) -> None:
    """Open a number of the rollup down to the bytes it came from: topic, article, page, file and byte range.

    The bytes are read again from the dump and their SHA-256 is compared with the one recorded.
    """
    settings = _settings(data, raw, None)
    try:
        found = explain_topic(settings.data, settings.raw, day.date(), topic, limit)
    except (duckdb.Error, OSError, ValueError) as error:
        _fail(str(error))
    if not found:
        _fail(f"No article of {day.date()} is on {topic!r}. Topics of that day: FROM trending(DATE '{day.date()}')")
    for item in found:
        console.print(item.to_text(), markup=False, highlight=False)


@app.command()
def rebuild(
    data: DataOption = None,
    raw: RawOption = None,
    workers: WorkersOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Build everything again from the raw dumps, whatever stands on disk.

    Each partition is replaced when its new one is done, so analysts keep reading meanwhile. Tables of dumps that are no
    longer in the landing folder are kept as they are.
    """
    settings = _settings(data, raw, workers)
    if settings.names_model is not None:
        check_model(settings.names_model)
    dumps = _landed(settings)
    if not yes:
        typer.confirm(f"Rebuild all tables in {settings.data} from {len(dumps)} dumps?", abort=True)
    gone = sorted(set(list_partitions(settings.data, "raw_pages")) - set(dumps))
    _forget_builds(settings.data, keep=gone)
    if gone:
        console.print(f"Kept as they are, no longer in {settings.raw}: {', '.join(map(escape, gone))}")
    succeeded = _process(settings, list(dumps.values()))
    _print_summary(settings, read_day_state(settings.data, last_day(), settings.names_model))
    if not succeeded:
        raise typer.Exit(1)


@lexicon_app.command("import")
def lexicon_import(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="The file, as published; .gz and .zst too.")
    ],
    data: DataOption = None,
    format_: Annotated[
        str | None,
        typer.Option("--format", help=f"One of {', '.join(FORMATS)}. Default: by its content.", show_default=False),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--source", help="What to call it. Default: paranames, jrc-names or wikidata.", show_default=False
        ),
    ] = None,
) -> None:
    """Import the Arabic names of a file: ParaNames, JRC-Names, or an extract of Wikidata.

    What was imported from the same source is replaced; a file that breaks off changes nothing. The next run finds the
    entities of all dumps anew.

    Examples:
    - `news-pipeline lexicon import paranames.tsv.gz`
    - `news-pipeline lexicon import entities.gzip`: JRC-Names as downloaded
    - `news-pipeline lexicon import --source clubs query.csv`: the result of a query, beside others
    """
    if format_ is not None and format_ not in FORMATS:
        _fail(f"There is no format {format_!r}. Known: {', '.join(FORMATS)}")
    settings = _settings(data, None, None)
    columns = (TextColumn("reading"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True) as progress:
        task = progress.add_task("reading", total=file.stat().st_size)
        try:
            imported, refused = import_lexicon(
                settings.data, file, format_, source, lambda count: progress.update(task, completed=count)
            )
        except (OSError, ValueError) as error:
            _fail(str(error))
        except Damaged as damage:
            _fail(f"{file} is damaged, nothing is imported: {damage}")
    _print_lexicons([imported])
    if refused:
        table = Table(box=box.SIMPLE_HEAD, title="Refused")
        table.add_column("reason")
        table.add_column("lines or names", justify="right")
        for reason, count in sorted(refused.items(), key=lambda item: (-item[1], item[0])):
            table.add_row(reason, f"{count:,}")
        console.print(table)
    console.print("The next run finds the entities of all dumps with these names: news-pipeline run")


@lexicon_app.command("list")
def lexicon_list(data: DataOption = None) -> None:
    """Show what is imported."""
    imported = list_lexicons(_settings(data, None, None).data)
    if imported:
        _print_lexicons(imported)
    else:
        console.print("No names are imported: news-pipeline lexicon import FILE")


@lexicon_app.command("remove")
def lexicon_remove(
    source: Annotated[str, typer.Argument(help="The source, as `lexicon list` shows it.")], data: DataOption = None
) -> None:
    """Remove what was imported from a source. The next run finds the entities of all dumps anew."""
    settings = _settings(data, None, None)
    if not remove_lexicon(settings.data, source):
        known = ", ".join(imported.source for imported in list_lexicons(settings.data))
        _fail(f"Nothing is imported from {source!r}. Known: {known or 'none'}")
    console.print(f"Removed {escape(source)}. The next run finds the entities of all dumps without it.")


def main() -> None:
    """Entry point of the ``news-pipeline`` command."""
    try:
        app()
    except ValueError as error:
        errors.print(f"[red]{escape(str(error))}[/red]")
        sys.exit(1)


def _process(settings: Settings, due: Sequence[Dump]) -> bool:
    """Runs the jobs for the dumps and for the days then stale; returns whether every run succeeded."""
    console.print("Starting Dagster …", style="dim")
    warnings.filterwarnings("ignore", module="dagster")
    from news_pipeline.defs.home import prepare_home

    prepare_home(settings.data)
    os.environ["NEWS_PIPELINE_DATA"], os.environ["NEWS_PIPELINE_RAW"] = str(settings.data), str(settings.raw)
    import dagster as dg

    from news_pipeline.definitions import build_defs
    from news_pipeline.defs.partitions import DUMPS
    from news_pipeline.defs.resources import PipelineResource
    from news_pipeline.defs.sensors import range_tags

    defs = build_defs(resource_overrides={"pipeline": PipelineResource.from_settings(settings)})
    failures: list[str] = []
    with dg.DagsterInstance.get() as instance, _Bars() as bars, listening(bars):
        if due:
            instance.add_dynamic_partitions(str(DUMPS.name), [dump.name for dump in due])
            bars.plan({dump.name: dump.size for dump in due})
        for dump in due:
            failures += _execute(defs, instance, "process_dump", dump.name, partition_key=dump.name)
        previous: list[date] = []
        while (
            days := days_to_refresh(read_day_state(settings.data, last_day(), settings.names_model))
        ) and days != previous:
            previous = days
            ranges = {f"{first}..{last}": (first, last) for first, last in day_ranges(days)}
            bars.plan({name: sum(first <= day <= last for day in days) for name, (first, last) in ranges.items()})
            for name, span in ranges.items():
                failures += _execute(defs, instance, "refresh_days", name, tags=range_tags(*span))
            if failures:
                break
        if not catalog_is_fresh(settings.data):
            failures += _execute(defs, instance, "refresh_catalog", "catalog")
    for failure in failures:
        errors.print(f"[red]failed[/red] {escape(failure)}")
    return not failures


def _execute(defs: dg.Definitions, instance: dg.DagsterInstance, job: str, what: str, **arguments: Any) -> list[str]:
    """Executes one job in this process; returns what went wrong, one line a failed step."""
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    result = defs.resolve_job_def(job).execute_in_process(
        instance=instance, run_config=quiet, raise_on_error=False, **arguments
    )
    if result.success:
        return []
    messages = []
    for failed in (event for event in result.all_events if event.is_step_failure):
        error = failed.step_failure_data.error
        cause = error.cause or error if error else None
        messages.append(f"{what}: {failed.step_key}: {cause.message.strip() if cause else failed.message}")
    return messages or [f"{what}: the run failed; its log is in the Dagster UI (make ui)"]


class _Bars:
    """One progress bar a stage, over all dumps or ranges of days to come.

    A bar's length is the share of the bytes (of dumps) or days (of ranges) that the stage has behind it.
    """

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description:<16}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
            TextColumn("{task.fields[items]}"),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[partition]}[/dim]"),
            console=console,
        )
        self._weights: dict[str, int] = {}
        self._stages: dict[str, TaskID] = {}
        self._finished: dict[str, dict[str, tuple[float, int]]] = {}

    def plan(self, weights: dict[str, int]) -> None:
        """Says what is to come: partition or range → its weight."""
        self._weights = weights
        self._stages, self._finished = {}, {}

    def __call__(self, stage: str, partition: str, done: int, total: int, unit: str) -> None:
        if stage not in self._stages:
            total_weight = sum(self._weights.values()) or 1
            self._stages[stage] = self._progress.add_task(stage, total=total_weight, items="", partition="")
        finished = self._finished.setdefault(stage, {})
        finished[partition] = (self._weights.get(partition, 0) * (done / total if total else 1.0), done)
        self._progress.update(
            self._stages[stage],
            completed=sum(weight for weight, _ in finished.values()),
            items=f"{sum(count for _, count in finished.values()):,} {unit}",
            partition=escape(partition),
        )

    def __enter__(self) -> _Bars:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


def _print_summary(settings: Settings, state: DayState) -> None:
    rows = {
        table: sum(build.rows for build in read_builds(settings.data, table).values())
        for table in ("raw_pages", "parsed_articles", "rejected_pages", "entity_mentions", "quotes")
    }
    days = state.days()
    summary = Table(box=box.SIMPLE_HEAD, title="Archive")
    for heading in ("dumps", "pages", "articles", "rejected", "mentions", "quotes", "days"):
        summary.add_column(heading, justify="right", no_wrap=True)
    summary.add_row(f"{len(state.parsed):,}", *(f"{count:,}" for count in rows.values()), f"{len(days):,}")
    console.print(summary)
    if days:
        console.print(f"Publication days {days[0]} to {days[-1]}")
    if rows["rejected_pages"]:
        reasons = run_sql(
            settings.data,
            "SELECT reason, count(*) AS pages, any_value(file ORDER BY file) AS example FROM rejected_pages GROUP BY reason ORDER BY pages DESC, reason",
        )
        _print_rows(reasons, title="Rejected pages")


def _print_lexicons(lexicons: Sequence[Imported]) -> None:
    table = Table(box=box.SIMPLE_HEAD, title="Imported names")
    table.add_column("source")
    for heading in ("entities", "people", "places", "organisations", "names", "MB"):
        table.add_column(heading, justify="right", no_wrap=True)
    for imported in lexicons:
        by_type = (imported.types.get(type_, 0) for type_ in ("PER", "LOC", "ORG"))
        counts = (sum(imported.types.values()), *by_type, imported.names)
        table.add_row(escape(imported.source), *(f"{count:,}" for count in counts), f"{imported.bytes / 1e6:,.1f}")
    console.print(table)


def _print_first_query(settings: Settings) -> None:
    if not (settings.data / CATALOG_NAME).exists():
        return
    console.print(f"A first query, the busiest day, for any DuckDB client on {settings.data / CATALOG_NAME}:\n")
    console.print(_FIRST_QUERY, style="cyan", highlight=False)
    _print_rows(run_sql(settings.data, _FIRST_QUERY))


def _print_rows(rows: pa.Table, title: str | None = None) -> None:
    table = Table(box=box.SIMPLE_HEAD, title=title)
    for name, kind in zip(rows.column_names, rows.schema.types, strict=True):
        numeric = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
        table.add_column(name, justify="right" if numeric else "left", no_wrap=numeric, overflow="fold")
    for row in zip(*(column.to_pylist() for column in rows.columns), strict=True):
        table.add_row(*(_cell(value) for value in row))
    console.print(table)


def _cell(value: Any) -> str:
    if value is None:
        return "[dim]null[/dim]"
    return escape(f"{value:.4g}" if isinstance(value, float) else str(value))


def _settings(data: Path | None, raw: Path | None, workers: int | None) -> Settings:
    settings = Settings.from_environment()
    if data is not None:
        settings = replace(settings, data=data.absolute())
        if raw is None and "NEWS_PIPELINE_RAW" not in os.environ:
            settings = replace(settings, raw=settings.data / "raw")
    if raw is not None:
        settings = replace(settings, raw=raw.absolute())
    return replace(settings, workers=workers) if workers else settings


def _landed(settings: Settings) -> dict[str, Dump]:
    try:
        return list_dumps(settings.raw)
    except OSError as error:
        _fail(f"The landing folder {settings.raw} cannot be listed: {error.strerror or error}")


def _dump_state(settings: Settings, dump: Dump | None, *, known: bool) -> str:
    if dump is None:
        return "no longer in the landing folder"
    if not dump_is_stale(settings.data, dump, settings.time_zone, settings.names_model):
        return "up to date"
    return "changed" if known else "new"


def _forget_builds(data: Path, keep: Sequence[str]) -> None:
    """Removes the build records of every partition but those of the dumps to keep: all others count as not built."""
    for name, table in TABLES.items():
        partitions: list[str | None] = [None] if table.partitioned_by is None else [*list_partitions(data, name)]
        for partition in partitions:
            if table.partitioned_by != "dump" or partition not in keep:
                forget_build(data, name, partition)


def _fail(message: str) -> NoReturn:
    errors.print(f"[red]{escape(message)}[/red]")
    raise typer.Exit(1)


if __name__ == "__main__":
    main()
