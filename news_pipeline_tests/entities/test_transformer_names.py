"""Names by a model of one's own: what its labels and folder say, and a tiny BERT run through recogniser and stage."""

from __future__ import annotations

import json
import math
import os
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from news_pipeline.dimensions import dimension_is_stale
from news_pipeline.dumps.find import list_dumps
from news_pipeline.entities import transformer_names as module
from news_pipeline.entities.link import Mention
from news_pipeline.entities.names import NameFinder
from news_pipeline.entities.recognise import ENTITY_VERSION, recognise
from news_pipeline.entities.tagger import Name
from news_pipeline.entities.transformer_names import (
    Tag,
    TransformerNames,
    check_model,
    model_version,
    read_label,
    read_tags,
)
from news_pipeline.freshness import dump_is_stale, last_day, read_day_state, stale_days
from news_pipeline_tests.helpers import page

if TYPE_CHECKING:
    from news_pipeline_tests.helpers import Deployment

LABELS = ("O", "B-PERS", "I-PERS", "B-LOC", "I-LOC", "B-ORG", "I-ORG", "B-DATE")
WORDS = {
    "سامر": "B-PERS",
    "الخطيب": "I-PERS",
    "سمير": "B-PERS",
    "البلقا": "I-PERS",  # البلقاني is read as two sub-words, of which the second says something else
    "##ني": "B-ORG",
    "روسيا": "B-LOC",
    "ومصر": "B-LOC",
    "مصر": "B-LOC",
    "السبت": "B-DATE",
}


def tiny_model(folder: Path, words: dict[str, str] = WORDS, *, positions: int = 64) -> Path:
    """Saves a BERT whose label of a sub-word is the one ``words`` gives it, whatever stands around it."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]
    config = transformers.BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=len(LABELS),
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=4,
        max_position_embeddings=positions,
        id2label=dict(enumerate(LABELS)),
        label2id={label: number for number, label in enumerate(LABELS)},
    )
    model = transformers.BertForTokenClassification(config)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            weights.fill_(1.0 if name.endswith("LayerNorm.weight") else 0.0)
        for place, word in enumerate(vocabulary):
            model.bert.embeddings.word_embeddings.weight[place, LABELS.index(words.get(word, "O"))] = 1.0
        model.classifier.weight.copy_(2 * torch.eye(len(LABELS)))
    model.save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    settings = {"tokenizer_class": "BertTokenizer", "do_lower_case": False, "model_max_length": 512}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
    return folder


def mentions_of(finder: NameFinder, *bodies: str) -> list[list[tuple[str, Mention]]]:
    articles = [{"title": "", "body": body, "tags": ""} for body in bodies]
    return [
        [(body[mention.start : mention.end], mention) for mention in mentions]
        for body, (_, mentions) in zip(bodies, recognise(articles, ["ar"] * len(bodies), finder), strict=True)
    ]


@pytest.mark.parametrize(
    ("label", "tag"),
    [
        ("B-PERS", Tag("B", "PER")),
        ("I-PER", Tag("I", "PER")),
        ("S-Person", Tag("S", "PER")),
        ("E_GPE", Tag("E", "LOC")),
        ("ORGANIZATION", Tag("I", "ORG")),
        ("LOC", Tag("I", "LOC")),
        ("B-WORK_OF_ART", Tag("B", "MISC")),
        ("O", Tag("O", "")),
        ("B-DATE", Tag("O", "")),
        ("LABEL_1", Tag("O", "")),
    ],
)
def test_reads_the_labels_models_have(label: str, tag: Tag) -> None:
    assert read_label(label) == tag


@pytest.mark.parametrize(
    ("labels", "spans"),
    [
        ("O B-PER I-PER B-PER O", [(1, 3, "PER"), (3, 4, "PER")]),
        ("I-PER I-PER I-LOC O I-LOC", [(0, 2, "PER"), (2, 3, "LOC"), (4, 5, "LOC")]),
        ("B-ORG E-ORG I-ORG S-LOC S-LOC", [(0, 2, "ORG"), (2, 3, "ORG"), (3, 4, "LOC"), (4, 5, "LOC")]),
        ("PER PER O LOC LOC", [(0, 2, "PER"), (3, 5, "LOC")]),
        ("B-PER I-PER I-PER I-PER I-PER", [(0, 5, "PER")]),
    ],
)
def test_reads_bio_bioes_and_types_alone(labels: str, spans: list[tuple[int, int, str]]) -> None:
    tags = [read_label(label) for label in labels.split()]
    names = read_tags(tags, [0.9] * len(tags), [0])
    assert [(name.first, name.behind, name.type) for name in names] == spans


def test_a_name_ends_with_its_sentence_and_is_as_certain_as_its_weakest_token() -> None:
    tags = [read_label(label) for label in ("B-PER", "I-PER", "I-PER")]
    assert read_tags(tags, [0.9, 0.71234, 0.8], [0, 2]) == [Name(0, 2, "PER", 0.71), Name(2, 3, "PER", 0.8)]


def test_says_in_a_sentence_what_is_wrong_with_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(config: object) -> str:
        (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
        with pytest.raises(ValueError, match=r"^[^\n]+$") as error:
            check_model(tmp_path)
        return str(error.value)

    names = {"0": "O", "1": "B-PER"}
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    assert "news_pipeline[transformers]" in wrong({"id2label": names})
    monkeypatch.setattr(module, "find_spec", lambda name: name)
    assert "BertForMaskedLM" in wrong({"architectures": ["BertForMaskedLM"], "id2label": names})
    assert "labels" in wrong({"architectures": ["BertForTokenClassification"], "id2label": {"0": "LABEL_0"}})
    assert "labels" in wrong({})
    assert "cannot be read" in wrong([])
    (tmp_path / "config.json").unlink()
    with pytest.raises(ValueError, match=r"no config\.json"):
        check_model(tmp_path)
    with pytest.raises(ValueError, match=r"no config\.json"):
        model_version(tmp_path)


def test_the_version_is_the_content_of_the_models_files(tmp_path: Path) -> None:
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text("{}")
        (tmp_path / name / "model.safetensors").write_bytes(b"weights")
    here, there = model_version(tmp_path / "here"), model_version(tmp_path / "there")
    assert here == there
    assert here.startswith("transformer-")
    (tmp_path / "there" / "README.md").write_text("says nothing to the model")
    assert model_version(tmp_path / "there") == here
    (tmp_path / "there" / "model.safetensors").write_bytes(b"trained on")
    assert model_version(tmp_path / "there") != here


def test_the_models_names_are_linked_as_the_taggers_are(tmp_path: Path) -> None:
    finder = TransformerNames(tiny_model(tmp_path))
    body = "زار سمير البلقاني روسيا السبت. وعاد البلقاني من روسيا ومصر."
    (found,) = mentions_of(finder, body)
    assert [(text, mention.type, mention.method) for text, mention in found] == [
        ("سمير البلقاني", "PER", "transformer"),
        ("روسيا", "LOC", "transformer"),
        ("البلقاني", "PER", "propagated"),
        ("روسيا", "LOC", "transformer"),
        ("مصر", "LOC", "transformer"),
    ]
    by_text = dict(found)
    assert by_text["روسيا"].entity_id == "Q159"
    assert by_text["البلقاني"].entity_id == by_text["سمير البلقاني"].entity_id
    # The layer norm of a one-hot vector of eight is √7 and -1/√7: one logit of 2√7, seven of -2/√7.
    assert by_text["روسيا"].confidence == pytest.approx(1 / (1 + 7 * math.exp(-16 / math.sqrt(7))), abs=0.005)


def test_diacritics_and_tatweel_do_not_hide_a_name(tmp_path: Path) -> None:
    (found,) = mentions_of(TransformerNames(tiny_model(tmp_path)), "زار سَمِيـر البلقاني موسكو.")
    assert found[0][0] == "سَمِيـر البلقاني"


def test_a_sentence_longer_than_the_model_reads_is_cut_and_loses_no_name(tmp_path: Path) -> None:
    finder = TransformerNames(tiny_model(tmp_path, positions=16))
    for before in range(40):
        body = "قال " * before + "سمير البلقاني ثم قال " * 3 + "قال " * 20
        (found,) = mentions_of(finder, body)
        assert [text for text, _ in found] == ["سمير البلقاني"] * 3, before


def test_a_word_of_more_sub_words_than_the_model_reads_is_no_harm(tmp_path: Path) -> None:
    words = WORDS | {"ب": "O", "##ب": "B-PERS"}
    finder = TransformerNames(tiny_model(tmp_path, words, positions=16))
    (found,) = mentions_of(finder, "ب" * 50 + " روسيا")
    assert [text for text, _ in found] == ["روسيا"]


def test_an_article_has_the_same_names_whatever_stands_beside_it(tmp_path: Path) -> None:
    finder = TransformerNames(tiny_model(tmp_path))
    bodies = ["", "زار سمير البلقاني روسيا.", "nothing in Arabic", "قال " * 50 + "روسيا", "... ! ؟"]
    assert mentions_of(finder, *bodies) == [mentions_of(finder, body)[0] for body in bodies]
    assert mentions_of(finder, "nothing in Arabic") == [[]]


def test_opening_a_model_asks_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tiny_model(tmp_path)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert TransformerNames(folder).version == model_version(folder)


def test_a_folder_with_damaged_or_missing_parts_is_refused_in_a_sentence(tmp_path: Path) -> None:
    def wrong(name: str, change: Any) -> str:
        folder = tiny_model(tmp_path / name)
        change(folder)
        with pytest.raises(ValueError, match=r"^[^\n]+$") as error:
            TransformerNames(folder)
        return str(error.value)

    assert "cannot be read" in wrong("damaged", lambda f: (f / "model.safetensors").write_bytes(b"no weights"))
    assert "cannot be read" in wrong("weightless", lambda f: (f / "model.safetensors").unlink())
    longer = "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *map(str, range(50))])
    assert "tokenizer" in wrong("other words", lambda f: (f / "vocab.txt").write_text(longer))

    def headless(folder: Path) -> None:
        transformers = pytest.importorskip("transformers")
        transformers.BertModel.from_pretrained(folder).save_pretrained(folder)
        config = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps(config | {"architectures": ["BertForTokenClassification"]}))

    assert "lacks classifier" in wrong("headless", headless)


def test_another_model_makes_the_entities_stale_and_nothing_before_them(deployment: Deployment, tmp_path: Path) -> None:
    deployment.land("mina/1.txt", page("افتتاح رصيف جديد", date(2024, 9, 20)))
    deployment.run()
    dump = list_dumps(deployment.raw)["mina"]
    packaged = deployment.all_tables()
    model = tiny_model(tmp_path / "model")
    with_model = replace(deployment, names_model=model)

    def stale(own: Deployment) -> tuple[bool, list[date]]:
        state = read_day_state(own.data, last_day(), own.names_model)
        return dump_is_stale(own.data, dump, "UTC", own.names_model), stale_days(state)

    assert stale(deployment) == (False, [])
    assert stale(with_model) == (True, [date(2024, 9, 20)])
    with_model.run()
    assert stale(with_model) == (False, [])
    assert not dimension_is_stale(deployment.data, "entities")
    rows = deployment.rows("SELECT text, method, entity_version FROM entity_mentions WHERE field = 'body'")
    assert {row["entity_version"] for row in rows} == {f"{ENTITY_VERSION}+{model_version(model)}"}
    assert {(row["text"], row["method"]) for row in rows} == {
        ("سامر الخطيب", "transformer"),
        ("الخطيب", "propagated"),
        ("مصر", "transformer"),
    }
    (quote,) = deployment.rows("SELECT speaker_text FROM quotes WHERE directness = 'direct'")
    assert quote["speaker_text"] == "الخطيب"

    tiny_model(model, WORDS | {"والأردن": "B-LOC"})
    assert stale(with_model) == (True, [date(2024, 9, 20)])
    with_model.run()
    assert deployment.rows("SELECT method FROM entity_mentions WHERE text = 'الأردن'") == [{"method": "transformer"}]
    assert stale(deployment) == (True, [date(2024, 9, 20)])
    deployment.run()
    assert deployment.all_tables() == packaged


def _command(data: Path, *arguments: str, names_model: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("NEWS_PIPELINE_", "DAGSTER_"))
    }
    environment |= {"COLUMNS": "200", "PYTHONIOENCODING": "utf-8", "NEWS_PIPELINE_NAMES_MODEL": str(names_model)}
    return subprocess.run(
        [sys.executable, "-m", "news_pipeline.cli", *arguments, "--data", str(data)],
        capture_output=True,
        text=True,
        env=environment,
        timeout=300,
        check=False,
    )


def test_the_command_says_in_one_sentence_why_a_model_cannot_be_used(tmp_path: Path) -> None:
    raw, empty = tmp_path / "data" / "raw", tmp_path / "empty"
    raw.mkdir(parents=True)
    empty.mkdir()
    (raw / "1.txt").write_text(page("افتتاح رصيف جديد", date(2024, 9, 20)), encoding="utf-8")
    for folder, said in ((tmp_path / "nowhere", "NEWS_PIPELINE_NAMES_MODEL"), (empty, "")):
        result = _command(tmp_path / "data", "run", names_model=folder)
        assert result.returncode == 1
        assert said in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1, result.stderr


def test_the_command_runs_with_a_model_and_names_one_that_is_damaged(tmp_path: Path) -> None:
    model, raw = tiny_model(tmp_path / "model"), tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    (raw / "1.txt").write_text(page("افتتاح رصيف جديد", date(2024, 9, 20)), encoding="utf-8")
    result = _command(tmp_path / "data", "run", names_model=model)
    assert result.returncode == 0, result.stderr
    assert "Nothing new" in _command(tmp_path / "data", "run", names_model=model).stdout
    methods = "SELECT DISTINCT method FROM entity_mentions WHERE text = 'مصر'"
    assert _command(tmp_path / "data", "sql", "--csv", methods, names_model=model).stdout.split() == [
        "method",
        "transformer",
    ]
    (model / "model.safetensors").write_bytes(b"no weights")
    result = _command(tmp_path / "data", "run", names_model=model)
    assert result.returncode == 1
    assert f"{model} cannot be read as a model" in result.stderr
    assert "Traceback" not in result.stdout + result.stderr
