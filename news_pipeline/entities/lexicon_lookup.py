"""The imported names in use: looked up in their index (``lexicon_index.py``), beside the lexicon's own tables."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache, partial
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from news_pipeline.entities import variants
from news_pipeline.entities.lexicon import (
    Entity,
    Lexicon,
    Pattern,
    built_in_lexicon,
    longest_first,
    replace_lexicon,
)
from news_pipeline.entities.lexicon_index import make_index
from news_pipeline.entities.words import vocabulary

_in_use: tuple[Path, str] | None = None


def use_lexicon(data: Path, fingerprint: str) -> None:
    """Makes this process look up the imported names of a data folder beside the tables.

    Args:
        data: the data folder.
        fingerprint: of its imported lexicons, as ``lexicon_fingerprint`` gives it; empty where there are none.
    """
    global _in_use
    wanted = (data, fingerprint) if fingerprint else None
    if wanted == _in_use:
        return
    _in_use = wanted
    replace_lexicon(partial(_read_lexicon, data) if wanted else built_in_lexicon)
    vocabulary.cache_clear()
    variants.forget()


def _read_lexicon(data: Path) -> Lexicon:
    """The built-in lexicon with the imported names beside it; of those only what texts ask for is read."""
    folder = make_index(data, built_in_lexicon())
    if folder is None:
        return built_in_lexicon()
    index = _Index(folder)
    built_in = _with_adopted(built_in_lexicon(), index.adopted())
    entities = _Entities(built_in.entities, index)
    return replace(built_in, entities=entities, patterns=_Patterns(built_in.patterns, index, entities))


class _Index:
    """The imported names and entities, mapped from disk: nothing but the first words is held in memory."""

    def __init__(self, folder: Path) -> None:
        names, entities, firsts = (
            pa.ipc.open_file(pa.memory_map(str(folder / f"{name}.arrow"))).read_all()
            for name in ("names", "entities", "firsts")
        )
        self._keys, self._ids, self._homographs = (_one(column) for column in names.columns)
        self._entities = [_one(column) for column in entities.columns]
        begins = firsts.column("row").to_pylist()
        bounds = pairwise([*begins, len(self._keys)])
        self.firsts = dict(zip(firsts.column("word").to_pylist(), bounds, strict=True))
        """First word of a name → the rows ``[first, last)`` of the names that begin with it."""

    def adopted(self) -> dict[str, str]:
        """Built-in id → the id it has by the import."""
        ids, built_in = self._entities[0], self._entities[4]
        merged = pc.is_valid(built_in)
        return dict(zip(built_in.filter(merged).to_pylist(), ids.filter(merged).to_pylist(), strict=True))

    def names(self, first: str, second: str) -> Iterator[tuple[str, str, bool]]:
        """The names that begin with two words (the second empty: are the first): key, entity id, homograph."""
        low, high = self.firsts.get(first, (0, 0))
        begin = f"{first} {second}" if second else first
        row = low + bisect_left(range(low, high), begin, key=lambda at: self._keys[at].as_py())
        while row < high:
            key = self._keys[row].as_py()
            if key != begin and not (second and key.startswith(f"{begin} ")):
                return
            yield key, self._ids[row].as_py(), self._homographs[row].as_py()
            row += 1

    def entity(self, entity_id: str) -> Entity | None:
        """An imported entity by its id."""
        ids = self._entities[0]
        row = bisect_left(range(len(ids)), entity_id, key=lambda at: ids[at].as_py())
        if row == len(ids) or ids[row].as_py() != entity_id:
            return None
        _, type_, label_ar, label_en, _ = (column[row].as_py() for column in self._entities)
        wikidata_id = entity_id if entity_id.startswith("Q") else None
        return Entity(entity_id, type_, label_ar, label_en, wikidata_id, None, None)


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks else pa.array([], column.type)


def _with_adopted(built_in: Lexicon, adopted: dict[str, str]) -> Lexicon:
    """The built-in lexicon whose entities have the Wikidata ids that the import gives them."""
    changed = {
        known: built_in.entities[known]._replace(entity_id=wikidata_id, wikidata_id=wikidata_id)
        for known, wikidata_id in adopted.items()
        if known != wikidata_id
    }
    if not changed:
        return built_in

    def changed_in(patterns: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
        if changed.keys().isdisjoint(entity.entity_id for pattern in patterns for entity in pattern.entities):
            return patterns
        return tuple(p._replace(entities=tuple(changed.get(e.entity_id, e) for e in p.entities)) for p in patterns)

    entities = (changed.get(known, entity) for known, entity in built_in.entities.items())
    return replace(
        built_in,
        entities={entity.entity_id: entity for entity in entities},
        patterns={
            first: {second: changed_in(patterns) for second, patterns in by_second.items()}
            for first, by_second in built_in.patterns.items()
        },
    )


class _Entities(dict[str, Entity]):
    """Entities by id: the built-in ones, and on demand the imported ones. Iteration gives the built-in ones alone."""

    def __init__(self, built_in: dict[str, Entity], index: _Index) -> None:
        super().__init__(built_in)
        self._imported = lru_cache(maxsize=1 << 16)(index.entity)

    def __missing__(self, entity_id: str) -> Entity:
        found = self._imported(entity_id)
        if found is None:
            raise KeyError(entity_id)
        return found

    def __contains__(self, entity_id: object) -> bool:
        return super().__contains__(entity_id) or self._imported(str(entity_id)) is not None

    def get(self, entity_id: str, default: Entity | None = None) -> Entity | None:  # type: ignore[override]
        return super().get(entity_id) or self._imported(entity_id) or default


class _Patterns(dict[str, dict[str, tuple[Pattern, ...]]]):
    """First key → second key → names: the built-in ones and the imported. Iteration gives the built-in ones alone."""

    def __init__(self, built_in: dict[str, dict[str, tuple[Pattern, ...]]], index: _Index, entities: _Entities) -> None:
        super().__init__({first: _Seconds(first, names, self) for first, names in built_in.items()})
        self._index = index
        self._known = entities
        self.imported = lru_cache(maxsize=1 << 16)(self._imported)

    def __missing__(self, first: str) -> dict[str, tuple[Pattern, ...]]:
        if first not in self._index.firsts:
            raise KeyError(first)
        return self.setdefault(first, _Seconds(first, {}, self))

    def __contains__(self, first: object) -> bool:
        return super().__contains__(first) or first in self._index.firsts

    def get(  # type: ignore[override]
        self, first: str, default: dict[str, tuple[Pattern, ...]] | None = None
    ) -> dict[str, tuple[Pattern, ...]] | None:
        try:
            return self[first]
        except KeyError:
            return default

    def _imported(self, first: str, second: str) -> tuple[Pattern, ...]:
        names = self._index.names(first, second)
        patterns = [
            Pattern(tuple(key.split(" ")), (self._known[entity_id],), homograph, latin=False)
            for key, entity_id, homograph in names
        ]
        return longest_first(patterns)


class _Seconds(dict[str, tuple[Pattern, ...]]):
    """Second key → the names with this first key, longest first."""

    def __init__(self, first: str, built_in: dict[str, tuple[Pattern, ...]], patterns: _Patterns) -> None:
        super().__init__(built_in)
        self._first = first
        self._patterns = patterns

    def __getitem__(self, second: str) -> tuple[Pattern, ...]:
        found = self.get(second)
        if not found:
            raise KeyError(second)
        return found

    def __contains__(self, second: object) -> bool:
        return super().__contains__(second) or bool(self._patterns.imported(self._first, str(second)))

    def get(  # type: ignore[override]
        self, second: str, default: tuple[Pattern, ...] | None = None
    ) -> tuple[Pattern, ...] | None:
        built_in = super().get(second)
        imported = self._patterns.imported(self._first, second)
        if built_in and imported:
            return longest_first(built_in + imported)
        return built_in or imported or default
