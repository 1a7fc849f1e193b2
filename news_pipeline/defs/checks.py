"""The pipeline's checks as Dagster asset checks: their specs, and their findings as results of a run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import dagster as dg

from news_pipeline.defs.metadata import markdown_table
from news_pipeline.freshness import last_day
from news_pipeline.quality import Check, Finding, checks
from news_pipeline.storage import Partition

CHECKS: dict[str, list[Check]] = checks(last_day)


def check_specs(*tables: str) -> list[dg.AssetCheckSpec]:
    """The check specs of the assets of some tables."""
    return [
        dg.AssetCheckSpec(name=check.name, asset=table, description=check.description, blocking=check.blocking)
        for table in tables
        for check in CHECKS[table]
    ]


def run_checks(data: Path, table: str, partitions: Sequence[Partition]) -> list[dg.AssetCheckResult]:
    """Runs the checks of a table over the partitions just built; with none built, every check passes over nothing."""
    return [
        _result(check, check.find(data, partitions) if partitions else Finding(True), len(partitions))
        for check in CHECKS[table]
    ]


def blocks(result: dg.AssetCheckResult) -> bool:
    """Whether a failure of this result's check stops what follows."""
    return result.severity == dg.AssetCheckSeverity.ERROR


def _result(check: Check, finding: Finding, partitions: int) -> dg.AssetCheckResult:
    metadata: dict[str, dg.MetadataValue] = {"partitions_checked": dg.MetadataValue.int(partitions)}
    for name, number in finding.numbers.items():
        metadata[name] = dg.MetadataValue.float(number) if isinstance(number, float) else dg.MetadataValue.int(number)
    if finding.examples:
        columns = list(finding.examples[0])
        metadata["examples"] = dg.MetadataValue.md(markdown_table(finding.examples, columns))
    return dg.AssetCheckResult(
        check_name=check.name,
        asset_key=check.table,
        passed=finding.passed,
        severity=dg.AssetCheckSeverity.ERROR if check.blocking else dg.AssetCheckSeverity.WARN,
        description=check.description,
        metadata=metadata,
    )
