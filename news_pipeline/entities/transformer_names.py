"""Names by a Hugging Face model for token classification in place of the packaged tagger: an optional backend.

Needs the extra ``news_pipeline[transformers]`` and a model in a local folder; nothing is ever fetched, and no code that lies
in the folder is run. Nothing of torch or transformers is imported before a model is opened.

**Labels** are read from the model's ``id2label``, as BIO, BIOES, BILOU or types alone: PER, PERS and PERSON are PER; LOC,
LOCATION, GPE, FAC and FACILITY are LOC; ORG and ORGANIZATION are ORG; MISC, EVENT, PRODUCT, LAW and WORK_OF_ART are MISC.
Anything else (dates, amounts, nationalities, occupations …) is dropped.

**Words.** The model reads the tokens that the tagger reads, without diacritics and tatweel, which Arabic models are
trained without; the first sub-word of a token decides its label. A sentence longer than the model can read is cut where it
is full. Sentences without an Arabic letter are not read.

**Same input, same names.** The model runs in 32-bit floating point on one thread of the processor, whatever the number of
workers; batches follow from the chunk alone. Unlike the tagger's whole numbers, the last digits may differ between
machines and versions of torch: a name on the verge may then come and go.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b, file_digest
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from news_pipeline.arabic.keys import DROPPED
from news_pipeline.entities.tagger import Name
from news_pipeline.entities.words import Tokens, vocabulary

_EXTRA = ("torch", "transformers")
_FILES = frozenset({".json", ".txt", ".model", ".safetensors", ".bin"})
_TYPES = {
    "PER": ("PER", "PERS", "PERSON"),
    "LOC": ("LOC", "LOCATION", "GPE", "FAC", "FACILITY"),
    "ORG": ("ORG", "ORGANIZATION", "ORGANISATION"),
    "MISC": ("MISC", "EVENT", "PRODUCT", "LAW", "WORK_OF_ART"),
}
_TYPE_OF = {label: type_ for type_, labels in _TYPES.items() for label in labels}
_LABEL = re.compile(r"(?:([BIESLU])[-_])?(.+)")
_ARABIC = re.compile("[\u0600-\u06ff]")
_WITHOUT_MARKS = dict.fromkeys(map(ord, DROPPED))
_MOST_POSITIONS = 512
_BATCH = 4096  # sub-words a batch, padding counted


class Tag(NamedTuple):
    """A label: its place in a name (B, I, E, S, L, U; I where labels are types alone) and its type, empty for no name."""

    place: str
    type: str


_OUTSIDE = Tag("O", "")


class _Window(NamedTuple):
    """What the model reads at a time: sub-words; which of them are a token's first, and which tokens those are."""

    ids: list[int]
    places: list[int]
    tokens: list[int]


class TransformerNames:
    """Applies a model for token classification; ``names.NameFinder`` says how it is used."""

    method = "transformer"

    def __init__(self, folder: Path) -> None:
        """Opens a model.

        Args:
            folder: where it lies, as ``save_pretrained`` writes it or a hub holds it.

        Raises:
            ValueError: the extra is not installed, or the folder holds no model of this kind.
        """
        self._tags = [*check_model(folder), _OUTSIDE]
        self.version = model_version(folder)
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # the workers have the cores
        import torch
        from transformers import AutoModelForTokenClassification, AutoTokenizer
        from transformers.utils import logging

        torch.set_num_threads(1)
        logging.set_verbosity_error()
        logging.disable_progress_bar()
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(
                folder,
                local_files_only=True,
                trust_remote_code=False,
                add_prefix_space=True,  # RoBERTa's: each token is a word of its own
            )
            model, loading = AutoModelForTokenClassification.from_pretrained(
                folder, local_files_only=True, trust_remote_code=False, output_loading_info=True
            )
        except Exception as error:  # a damaged file can raise anything
            raise ValueError(f"{folder} cannot be read as a model: {_first_line(error)}") from error
        if loading["missing_keys"]:
            raise ValueError(f"{folder} is no model for token classification: it lacks {min(loading['missing_keys'])}")
        if not self._tokenizer.is_fast or len(self._tokenizer) > model.get_input_embeddings().num_embeddings:
            raise ValueError(f"{folder} has no tokenizer that fits its model")
        self._model: Any = model.eval().float()
        self._tokenizer.truncation_side = "right"
        self._limit = min(self._tokenizer.model_max_length, _positions(model))

    def names(self, tokens: Tokens, lexicon: Sequence[tuple[int, int, int]]) -> list[Name]:
        """The names among the tokens of a chunk; what the lexicon knows of them is no evidence to the model."""
        known = vocabulary().words
        surfaces = [known[place].surface for place in tokens.words.tolist()]
        breaks = tokens.breaks.tolist()
        sentences = [
            (first, behind)
            for first, behind in pairwise([*breaks, len(surfaces)])
            if any(map(_ARABIC.search, surfaces[first:behind]))
        ]
        if not sentences:
            return []
        words = [surface.translate(_WITHOUT_MARKS) for surface in surfaces]
        windows = self._windows([words[first:behind] for first, behind in sentences], [first for first, _ in sentences])
        labels = np.full(len(words), len(self._tags) - 1)
        certainties = np.ones(len(words))
        for batch in _batches(windows):
            best, probabilities = self._classify(batch)
            for row, window in enumerate(batch):
                labels[window.tokens] = best[row, window.places]
                certainties[window.tokens] = probabilities[row, window.places]
        return read_tags([self._tags[label] for label in labels.tolist()], certainties.tolist(), breaks)

    def _windows(self, sentences: list[list[str]], firsts: list[int]) -> list[_Window]:
        """Sentences cut into sub-words and to the model's length; ``firsts`` are their first tokens."""
        encoded = self._tokenizer(
            sentences,
            is_split_into_words=True,
            truncation=True,
            max_length=self._limit,
            return_overflowing_tokens=True,
        )
        windows = []
        latest = -1
        for row, sentence in enumerate(encoded["overflow_to_sample_mapping"]):
            window = _Window(encoded["input_ids"][row], [], [])
            for place, word in enumerate(encoded.word_ids(row)):
                if word is not None and firsts[sentence] + word > latest:
                    latest = firsts[sentence] + word
                    window.places.append(place)
                    window.tokens.append(latest)
            windows.append(window)
        return windows

    def _classify(self, batch: Sequence[_Window]) -> tuple[Any, Any]:
        """The likeliest label of every sub-word, and its probability."""
        import torch

        longest = max(len(window.ids) for window in batch)
        ids = torch.full((len(batch), longest), self._tokenizer.pad_token_id or 0)
        mask = torch.zeros_like(ids)
        for row, window in enumerate(batch):
            ids[row, : len(window.ids)] = torch.tensor(window.ids)
            mask[row, : len(window.ids)] = 1
        with torch.inference_mode():
            probabilities, best = self._model(input_ids=ids, attention_mask=mask).logits.softmax(-1).max(-1)
        return best.numpy(), probabilities.numpy()


@lru_cache(maxsize=1)
def transformer_names(folder: Path, version: str) -> TransformerNames:
    """The process's model; opened again when its ``version`` (``model_version``) is another."""
    return TransformerNames(folder)


def model_version(folder: Path) -> str:
    """Which model lies in a folder, by the content of its files: ``transformer-<hash>``.

    Raises:
        ValueError: there is no such folder, or it holds no configuration of a model.
    """
    if not (folder / "config.json").is_file():
        raise ValueError(f"{folder} is no folder with a model: it has no config.json")
    whole = blake2b(digest_size=6)
    for path in sorted(folder.iterdir()):
        if path.suffix in _FILES and path.is_file():
            stat = path.stat()
            whole.update(f"{path.name}={_content(path, stat.st_size, stat.st_mtime_ns)}\n".encode())
    return f"transformer-{whole.hexdigest()}"


@lru_cache(maxsize=256)
def _content(path: Path, size: int, modified: int) -> str:
    """Hash of a file; size and time are asked for so that a file that is replaced is hashed again."""
    with path.open("rb") as file:
        return file_digest(file, "blake2b").hexdigest()


def check_model(folder: Path) -> list[Tag]:
    """Looks whether a folder's model can be used, as far as that shows without opening it; returns its labels by number.

    Raises:
        ValueError: the extra is not installed, or the folder holds no model for token classification that finds names.
    """
    if not all(map(find_spec, _EXTRA)):
        raise ValueError("Names by a transformer need an extra: pip install 'news_pipeline[transformers]'")
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        architectures = config.get("architectures") or []
        numbered = {int(number): str(label) for number, label in (config.get("id2label") or {}).items()}
    except FileNotFoundError as error:
        raise ValueError(f"{folder} is no folder with a model: it has no config.json") from error
    except (OSError, ValueError, AttributeError) as error:
        raise ValueError(f"{folder}/config.json cannot be read: {_first_line(error)}") from error
    if not all(str(name).endswith("ForTokenClassification") for name in architectures):
        raise ValueError(f"{folder} is no model for token classification but {', '.join(map(str, architectures))}")
    tags = [read_label(numbered.get(number, "O")) for number in range(max(numbered, default=-1) + 1)]
    if not any(tag.type for tag in tags):
        raise ValueError(f"The labels of the model in {folder} name no people, places or organisations")
    return tags


def read_label(label: str) -> Tag:
    """What one label of ``id2label`` says."""
    match = _LABEL.fullmatch(label.strip().upper())
    type_ = _TYPE_OF.get(match[2], "") if match else ""
    return Tag(match[1] or "I", type_) if match and type_ else _OUTSIDE


def read_tags(tags: Sequence[Tag], certainties: Sequence[float], breaks: Sequence[int]) -> list[Name]:
    """The names in a stream of tags; a name is as certain as its least certain token.

    Args:
        tags: One a token.
        certainties: Of the tags, 0 to 1.
        breaks: Tokens that open a sentence; no name runs over one.
    """
    names = []
    opens = set(breaks)
    first: int | None = None
    for at, (place, type_) in enumerate([*tags, _OUTSIDE]):
        goes_on = first is not None and type_ == tags[first].type and place in "IEL" and at not in opens
        if first is not None and (not goes_on or tags[at - 1].place in "ESLU"):
            names.append(Name(first, at, tags[first].type, round(min(certainties[first:at]), 2)))
            first = None
        if first is None and type_:
            first = at
    return names


def _batches(windows: Sequence[_Window]) -> Iterator[list[_Window]]:
    """Windows of about one length together, so that little is padded."""
    batch: list[_Window] = []
    for window in sorted(windows, key=lambda window: len(window.ids)):
        if batch and (len(batch) + 1) * len(window.ids) > _BATCH:
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch


def _positions(model: Any) -> int:
    """Sub-words that a model can read at a time, those that open and close a sentence included."""
    for name, module in model.named_modules():
        if name.endswith(".position_embeddings") and hasattr(module, "num_embeddings"):
            # RoBERTa counts positions from behind the one that stands for padding.
            before = 0 if module.padding_idx is None else module.padding_idx + 1
            return min(int(module.num_embeddings - before), _MOST_POSITIONS)
    return _MOST_POSITIONS


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
