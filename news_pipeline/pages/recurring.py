"""Lines that stand on pages of different articles of one dump: notices, offers, notes on an author, stock captions.

What a site puts on many pages says nothing of the article at hand. A line counts as such only where it stands among
different lines: the paragraphs of an article that several pages carry recur too, but together.
Records whose title stands apart from their text (JSON lines and the like) hold no page around it and are left out. Learned
from the whole dump before its pages are parsed, so that the order of pages does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from news_pipeline.arabic.keys import word_keys
from news_pipeline.pages.lines import split_lines

FEWEST_ARTICLES = 5
"""Articles on whose pages a line must stand, and different lines that must stand before it."""
_SHORTEST, _LONGEST = 25, 500
"""Characters: shorter lines are names, labels and sub-headings, longer ones paragraphs."""
_LONG_LINE = 80
_MOST_LINES = 5000

_MOST_DISTINCT = 0.7
"""Share of the other long lines on those pages that must be different ones: pages of one article share theirs."""
_PAGES_LOOKED_AT = 20
_CONFIG: dict[str, str | bool | int | float | list[str]] = {"memory_limit": "400MB", "preserve_insertion_order": False}

_RECURRING = f"""
    WITH page AS (
        SELECT page_id, string_split_regex(text, '[\r\n]+') AS lines FROM read_parquet(?)
        WHERE text IS NOT NULL AND (metadata IS NULL OR metadata NOT LIKE '%"title"%' OR media_type LIKE '%html%')
    ),
    told AS (
        SELECT page_id, line, lag(line) OVER (PARTITION BY page_id ORDER BY place) AS before,
               lead(line) OVER (PARTITION BY page_id ORDER BY place) AS behind
        FROM (SELECT page_id, trim(unnest(lines)) AS line, generate_subscripts(lines, 1) AS place FROM page)
        WHERE line <> ''
    ),
    repeated AS (
        SELECT line, count(DISTINCT page_id) AS pages
        FROM told
        WHERE length(line) BETWEEN {_SHORTEST} AND {_LONGEST}
        GROUP BY line
        HAVING count(DISTINCT page_id) >= {FEWEST_ARTICLES} AND count(DISTINCT before) >= {FEWEST_ARTICLES}
    ),
    met AS (
        SELECT line, page_id
        FROM (SELECT DISTINCT line, page_id FROM told SEMI JOIN repeated USING (line))
        QUALIFY row_number() OVER (PARTITION BY line ORDER BY page_id) <= {_PAGES_LOOKED_AT}
    )
    SELECT met.line
    FROM met JOIN told AS other USING (page_id) JOIN repeated ON repeated.line = met.line
    WHERE length(other.line) >= {_LONG_LINE} AND other.line <> met.line
    GROUP BY met.line, repeated.pages
    HAVING count(DISTINCT other.line) >= {_MOST_DISTINCT} * count(*)
    ORDER BY repeated.pages DESC, met.line
    LIMIT {_MOST_LINES}
"""


def recurring_lines(files: Sequence[Path]) -> frozenset[str]:
    """Keys of the lines that recur on the pages of a dump.

    Args:
        files: Parquet files of ``raw_pages`` that hold the dump.
    """
    if not files:
        return frozenset()
    with TemporaryDirectory() as spill, duckdb.connect(config=_CONFIG | {"temp_directory": spill}) as connection:
        rows = connection.execute(_RECURRING, [[str(file) for file in files]]).fetchall()
    texts = [line.text for row in rows for line in split_lines(row[0])]
    return frozenset(key for key in word_keys(texts) if key)
