from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from news_pipeline.dumps import html_pages, mojibake
from news_pipeline.dumps.charsets import decode
from news_pipeline_tests.dumps.landing import PAGE, all_rows

ARABIC = (
    "أعلنت بلدية صور أن أعمال ترميم السوق القديم ستبدأ مطلع الشهر المقبل، وتستمر ثمانية أشهر. "
    "وقال رئيس البلدية إن المشروع يشمل شبكة الصرف وإنارة الشوارع وواجهات الدكاكين.\n"
)
FRENCH = (
    "Le marché couvert rouvrira à la fin de l'été, après dix-huit mois de travaux très attendus par les commerçants.\n"
)


@pytest.mark.parametrize(
    "encoding",
    ["cp1256", "iso8859-6", "mac_arabic", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"],
)
def test_arabic_is_read_in_any_encoding_without_a_declaration(encoding: str) -> None:
    found = decode(ARABIC.encode(encoding), None, is_html=False)
    assert found is not None
    assert found[0] == ARABIC


def test_a_declaration_that_reads_arabic_as_latin_letters_is_not_believed() -> None:
    for declared in ("iso-8859-1", "windows-1252", "utf-8", "no-such-thing", "us-ascii"):
        assert decode(ARABIC.encode("cp1256"), declared, is_html=False) == (ARABIC, "cp1256")
        assert decode(ARABIC.encode(), declared, is_html=False) == (ARABIC, "utf-8")


def test_a_true_declaration_is_believed() -> None:
    assert decode(FRENCH.encode("cp1252"), "ISO-8859-1", is_html=False) == (FRENCH, "cp1252")
    russian = "Городской рынок откроется после ремонта.\n"
    assert decode(russian.encode("koi8-r"), "koi8-r", is_html=False) == (russian, "koi8-r")
    markup = '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r"><p>' + russian
    assert decode(markup.encode("koi8-r"), None, is_html=True) == (markup, "koi8-r")


def test_persian_and_other_scripts_are_told_from_arabic() -> None:
    persian = "تهران: وزير راه گفت که بازار قديم شهر پس از هشت ماه کار دوباره باز خواهد شد و مردم خوشحال هستند."
    greek = "Η αγορά της πόλης θα ανοίξει ξανά μετά από εργασίες οκτώ μηνών"
    assert decode(persian.encode("cp1256"), None, is_html=False) == (persian, "cp1256")
    assert decode(greek.encode("cp1253"), None, is_html=False) == (greek, "cp1253")


def test_too_few_bytes_to_tell_an_encoding_are_refused_rather_than_guessed() -> None:
    assert decode("خبر".encode("cp1256"), None, is_html=False) is None
    assert decode("خبر".encode("cp1256"), "windows-1256", is_html=False) == ("خبر", "cp1256")


def test_utf8_with_a_cut_character_stays_utf8_and_shows_the_cut() -> None:
    text, encoding = decode(ARABIC.encode()[:-2] + b"\n", None, is_html=False) or ("", "")
    assert encoding == "utf-8"
    found, _ = decode((ARABIC + "س").encode()[:-1], None, is_html=False) or ("", "")
    assert found == ARABIC + "\ufffd"
    assert text.startswith("أعلنت")


def test_text_stands_as_written_but_for_line_ends_and_the_mark(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("\ufeffأ\u0640\u064b\u200f\xa0 ب \r\nج\rد\n".encode())
    (row,) = all_rows(tmp_path)
    assert row["text"] == "أ\u0640\u064b\u200f\xa0 ب \nج\nد\n"
    assert (row["byte_start"], row["byte_end"]) == (0, (tmp_path / "a.txt").stat().st_size)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(bytes(range(32)) * 20)
    (tmp_path / "b.txt").write_text(" \n\t\n")
    (tmp_path / "c.html").write_text("<html><script>x</script></html>")
    assert [row["error"] for row in all_rows(tmp_path)] == ["binary", "no_text", "no_text"]


MARKUP = """<!DOCTYPE html><html lang="ar"><head><title>عنوان | موقع</title>
<meta property="og:title" content="عنوان من أوغ"><meta property="og:site_name" content="موقع صور">
<meta property="article:tag" content="ميناء"><meta property="article:tag" content="سفن">
<meta property="og:updated_time" content="2024-03-07"><link rel="canonical" href="https://sur.example/1">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "datePublished": "1999-01-01"},
 {"@type": ["NewsArticle"], "headline": "عنوان &quot;صحيح&quot;", "datePublished": "2024-03-05T10:00:00+02:00",
  "author": [{"@type": "Person", "name": "سلمى"}], "articleSection": "محليات"}]}</script>
<style>p {}</style></head><body><nav><a href="/">الرئيسية</a><a href="/s">محليات</a></nav>
<h1>عنوان  الصفحة</h1><p>سطر أول<br>سطر ثان<br><br>فقرة <b>غامقة</b>، تتمة</p><ul><li>واحد<li>اثنان</ul>
<table><tr><td>خانة</td><td>أخرى</td></tr></table><p hidden>مخفي</p><div style="display: none"><p>مخفي</p></div>
<noscript>لا</noscript><!-- تعليق -->نص سائب<footer>تذييل</footer></body></html><p>بعد النهاية</p>"""


def test_html_is_its_visible_text_in_reading_order() -> None:
    assert html_pages.read(MARKUP).text.split("\n\n") == [
        "الرئيسية محليات",
        "عنوان الصفحة",
        "سطر أول\nسطر ثان",
        "فقرة غامقة، تتمة",
        "واحد",
        "اثنان",
        "خانة",
        "أخرى",
        "نص سائب",
        "تذييل",
        "بعد النهاية",
    ]


def test_what_the_markup_states() -> None:
    page = html_pages.read(MARKUP)
    assert page.url == "https://sur.example/1"
    assert {key: value for key, value in page.metadata.items() if key != "markup"} == {
        "title": 'عنوان "صحيح"',
        "published": "2024-03-05T10:00:00+02:00",
        "modified": "2024-03-07",
        "author": "سلمى",
        "publisher": "موقع صور",
        "section": "محليات",
        "tags": ["ميناء", "سفن"],
        "language": "ar",
    }


@pytest.mark.parametrize(
    "markup",
    [
        "<time itemprop='datePublished' datetime='2024-01-01'></time><time itemprop='datePublished' datetime='2024-01-02'></time><p>x",
        '<script type="application/ld+json">[{"@type":"NewsArticle","headline":"a","datePublished":"2024-01-01"},{"@type":"NewsArticle","headline":"b","datePublished":"2024-01-02"}]</script><p>x',
        '<script type="application/ld+json">{"@type":"ItemList","itemListElement":[{"@type":"NewsArticle","headline":"a","datePublished":"2024-01-01"}]}</script><p>x',
        '<meta name="date" content="2024-01-01"><meta property="article:modified_time" content="2024-01-01"><p>2024-01-01',
    ],
)
def test_no_date_is_invented_where_the_markup_states_none_for_the_page(markup: str) -> None:
    assert "published" not in html_pages.read(markup).metadata


def test_the_container_is_believed_before_the_markup(tmp_path: Path) -> None:
    line = {"html": MARKUP, "title": "عنوان الحاوية", "url": "https://c.example/1"}
    (tmp_path / "d.jsonl").write_text(json.dumps(line))
    (row,) = all_rows(tmp_path)
    assert row["url"] == "https://c.example/1"
    stated = json.loads(row["metadata"])
    assert (stated["title"], stated["author"]) == ("عنوان الحاوية", "سلمى")


def test_deep_and_broken_markup_keeps_its_text() -> None:
    assert html_pages.read("<div>" * 5000 + "عميق").text == "عميق"
    assert html_pages.read("<p>a<p>b</i></div><table><td>c<").text.replace("\n\n", "") == "abc<"


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div>",
                "</div>",
                "<b>",
                "<table>",
                "<tr>",
                "<td>",
                "</table>",
                "<li>",
                "</ul>",
                "<br>",
                "</body>",
                "<html>",
                "<!-- x -->",
                "<form>",
                "<a>",
                "<h1>",
                "كلمة",
                "word ",
                "&amp;",
                "\n",
            ]
        ),
        max_size=40,
    )
)
def test_no_visible_word_is_lost_whatever_the_markup(parts: list[str]) -> None:
    text = html_pages.read("".join(parts)).text
    for word in ("كلمة", "word", "&"):
        assert text.count(word) == sum(part.strip().replace("&amp;", "&") == word for part in parts)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "cp1256", "utf-7", "zip", "idna"]), st.booleans())
def test_decoding_never_raises(data: bytes, declared: str | None, is_html: bool) -> None:
    found = decode(data, declared, is_html=is_html)
    assert found is None or found[0].encode("utf-8") is not None


def test_decoding_is_the_same_each_time(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(PAGE.encode("cp1256"))
    (tmp_path / "b.html").write_text(MARKUP)
    assert all_rows(tmp_path) == all_rows(tmp_path)


PERSIAN = "وزیر راه گفت که بازار قدیم شهر پس از هشت ماه کار دوباره باز خواهد شد و مردم خوشحال هستند."


def _misread(text: str, written: str, read: str) -> str:
    """Text written in one encoding and read in another; bytes that a code page leaves open are kept, as browsers do."""
    return "".join(
        bytes((byte,)).decode(read, "ignore") or chr(byte) if byte > 0x7F else chr(byte)
        for byte in text.encode(written)
    )


@pytest.mark.parametrize("text", [ARABIC, FRENCH, PERSIAN, ARABIC + FRENCH + "« x » – “y”"])
@pytest.mark.parametrize("read", ["cp1252", "latin-1", "cp1256"])
@pytest.mark.parametrize("times", [1, 2])
def test_utf8_that_was_read_as_a_code_page_is_put_right(tmp_path: Path, text: str, read: str, times: int) -> None:
    broken = text
    for _ in range(times):
        broken = _misread(broken, "utf-8", read)
    (tmp_path / "a.txt").write_text(broken)
    title = _misread("é" if text == FRENCH else text, "utf-8", read)
    (tmp_path / "b.jsonl").write_text(json.dumps({"text": broken, "title": title}))
    page, row = all_rows(tmp_path)[::-1]
    assert page["text"] == row["text"] == text
    assert page["encoding"] == ("utf-8 after cp1256" if read == "cp1256" else "utf-8 after cp1252")
    assert json.loads(row["metadata"])["title"] in (text.strip(), "é")


@pytest.mark.parametrize("read", ["cp1252", "latin-1"])
def test_arabic_windows_text_that_was_read_as_latin_is_put_right(tmp_path: Path, read: str) -> None:
    (tmp_path / "a.txt").write_text(_misread(ARABIC, "cp1256", read))
    (row,) = all_rows(tmp_path)
    assert (row["text"], row["encoding"]) == (ARABIC, "utf-8 after cp1252")


@pytest.mark.parametrize(
    "text",
    [
        ARABIC,
        FRENCH,
        PERSIAN,
        "Straße, Ärger, Übung: größte Öfen\n",
        "SÃO PAULO – À LA CARTE, ÇA VA\n",
        "Ã©\n",
        "La page affichait « Ã©tÃ© » au lieu de « été », à cause d'un mauvais réglage.\n",
        "£ 5 © 2024 ط£\n",
        "Η αγορά της πόλης – «ναι»\n",
    ],
)
def test_what_may_have_been_meant_stays_as_it_was_written(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text)
    (row,) = all_rows(tmp_path)
    assert (row["text"], row["encoding"]) == (text, "utf-8")


def test_a_line_that_lost_a_character_stays_beside_lines_that_are_put_right(tmp_path: Path) -> None:
    lost = _misread(PERSIAN, "utf-8", "cp1252").replace("Ù", "\ufffd", 1)
    (tmp_path / "a.txt").write_text(_misread(ARABIC, "utf-8", "cp1252") + lost)
    (row,) = all_rows(tmp_path)
    assert row["text"] == ARABIC + lost


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
@pytest.mark.parametrize(
    "text", [FRENCH, "Météo : de fortes pluies, été compris.\n", "El año próximo habrá más días.\n"]
)
def test_western_text_is_read_without_a_declaration(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), None, is_html=False) == (text, "cp1252")


def test_presentation_forms_marks_and_joiners_stay() -> None:
    text = "ﻣﻴﻨﺎء صور \u200fmixed\u200e \u202bنص\u202c \u2067عزل\u2069 می\u200cروم\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        found = decode(text.encode(encoding), None, is_html=False)
        assert found is not None
        assert found[0] == text


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab é à ù « ’ € Ã © Ø § Ù \x84 ا ل ط ظ „ \n\u200f"), max_size=60))
def test_putting_right_never_raises_and_ends(text: str) -> None:
    found = mojibake.repaired(text)
    assert found is None or (found[0] != text and len(found[0]) < len(text) + 1)
