"""What the Dagster UI shows of a table: columns, lineage, a sample, a small plot."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import dagster as dg
import pyarrow as pa

from news_pipeline.contract import TABLES, column_sources

SAMPLE_ROWS = 5
_CELL_CHARS = 60
_PLOT_BARS = 40


def column_schema(table: str) -> dg.TableSchema:
    """The table's columns with types, descriptions and constraints, for the UI."""
    spec = TABLES[table]
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.name,
                type=str(column.type),
                description=column.description,
                constraints=dg.TableColumnConstraints(
                    nullable=column.nullable,
                    unique=spec.key == (column.name,),
                    other=[f"one of {', '.join(column.values)}"] if column.values else [],
                ),
            )
            for column in spec.columns
        ],
        constraints=dg.TableConstraints(other=[f"key: {', '.join(spec.key)}"]),
    )


def column_lineage(table: str) -> dg.TableColumnLineage:
    """Which upstream columns each column comes from, for the UI."""
    return dg.TableColumnLineage(
        {
            column: [dg.TableColumnDep(asset_key=upstream, column_name=name) for upstream, name in sources]
            for column, sources in column_sources(table).items()
            if sources
        }
    )


def table_metadata(table: str) -> dict[str, Any]:
    """Definition-time metadata of a table's asset."""
    metadata: dict[str, Any] = {
        "dagster/column_schema": column_schema(table),
        "dagster/table_name": table,
        "dagster/storage_kind": "parquet",
    }
    if TABLES[table].upstream:
        metadata["dagster/column_lineage"] = column_lineage(table)
    return metadata


def sample(rows: pa.Table, columns: Sequence[str]) -> dg.MarkdownMetadataValue:
    """The first rows of a table as Markdown, long cells cut."""
    shown = rows.slice(0, SAMPLE_ROWS).select(list(columns)).to_pylist()
    return dg.MetadataValue.md(markdown_table(shown, columns))


def markdown_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Rows as a Markdown table; cells are cut to 60 characters and cannot break the table."""
    lines = [f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}"]
    lines += [f"| {' | '.join(_cell(row.get(column)) for column in columns)} |" for row in rows]
    return "\n".join(lines)


def bar_plot(values: Mapping[str, int], title: str) -> dg.MarkdownMetadataValue:
    """A horizontal bar chart of up to 40 labelled counts, as an SVG image within Markdown."""
    shown = list(values.items())[:_PLOT_BARS]
    top = max((count for _, count in shown), default=0) or 1
    height = 16 * len(shown) + 24
    bars = "".join(
        f'<text x="150" y="{16 * i + 32}" text-anchor="end">{escape(label[:24])}</text>'
        f'<rect x="156" y="{16 * i + 22}" width="{max(1, round(260 * count / top))}" height="12" fill="#4f43dd"/>'
        f'<text x="{162 + round(260 * count / top)}" y="{16 * i + 32}">{count:,}</text>'
        for i, (label, count) in enumerate(shown)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="480" height="{height}" font-family="sans-serif" font-size="11">'
        f'<rect width="480" height="{height}" fill="#ffffff"/><text x="8" y="14" font-weight="bold">{escape(title)}</text>'
        f"{bars}</svg>"
    )
    return dg.MetadataValue.md(f"![{title}](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})")


def _cell(value: Any) -> str:
    text = "" if value is None else " ".join(str(value).replace("|", "\\|").split())
    return text if len(text) <= _CELL_CHARS else text[: _CELL_CHARS - 1] + "…"
