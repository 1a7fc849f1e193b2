"""What the Dagster UI shows: every table is an asset with columns, lineage, owner, kind, group, checks."""

from __future__ import annotations

import ast
from pathlib import Path

import dagster as dg
import pytest

import news_pipeline
from news_pipeline.contract import TABLES
from news_pipeline.definitions import build_defs, defs

PACKAGE = Path(news_pipeline.__file__).parent


@pytest.fixture(scope="module")
def specs() -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in build_defs().resolve_all_asset_specs()}


def test_assets_are_the_contract_the_landing_folder_and_the_catalog(specs: dict[str, dg.AssetSpec]) -> None:
    assert set(specs) == {*TABLES, "landing_folder", "news_duckdb"}


def test_jobs_sensors_and_schedules_keep_their_names() -> None:
    repository = defs.get_repository_def()
    assert {job.name for job in repository.get_all_jobs() if not job.name.startswith("__")} == {
        "process_dump",
        "refresh_days",
        "refresh_catalog",
    }
    assert {sensor.name for sensor in repository.sensor_defs} == {"landing_folder_sensor", "stale_tables_sensor"}
    assert {schedule.name for schedule in repository.schedule_defs} == {"nightly_days", "nightly_catalog"}


@pytest.mark.parametrize("table", TABLES)
def test_a_table_asset_tells_its_reader_everything(specs: dict[str, dg.AssetSpec], table: str) -> None:
    spec = specs[table]
    assert spec.description and spec.owners and spec.code_version and spec.group_name == TABLES[table].stage
    assert {"python", "parquet"} <= spec.kinds
    schema = spec.metadata["dagster/column_schema"]
    assert [column.name for column in schema.columns] == TABLES[table].schema.names
    assert all(column.description for column in schema.columns)
    if TABLES[table].upstream:
        lineage = spec.metadata["dagster/column_lineage"].deps_by_column
        for column, sources in lineage.items():
            assert column in TABLES[table].schema.names
            for source in sources:
                assert source.column_name in TABLES[source.asset_key.to_user_string()].schema.names


@pytest.mark.parametrize("table", TABLES)
def test_the_contract_of_each_table_is_a_blocking_check(table: str) -> None:
    graph = defs.resolve_asset_graph()
    checks = {key.name: graph.get(key) for key in graph.asset_check_keys if key.asset_key == dg.AssetKey(table)}
    for name in ("fits_contract", "keys_unique"):
        assert checks[name].blocking


def test_days_of_the_calendar_include_today() -> None:
    days = defs.resolve_asset_graph().get(dg.AssetKey("daily_topics")).partitions_def
    assert days is not None
    import datetime

    assert datetime.datetime.now(datetime.UTC).date().isoformat() in days.get_partition_keys()[-2:]


def test_everything_outside_defs_is_plain_python() -> None:
    """Pure modules stay usable without Dagster; the command line loads it only when it runs something."""
    wiring = {PACKAGE / "definitions.py", *(PACKAGE / "defs").rglob("*.py")}
    for module in set(PACKAGE.rglob("*.py")) - wiring:
        body = ast.parse(module.read_text(encoding="utf-8")).body
        for node in body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "dagster" for name in names), f"{module} imports dagster"
