from __future__ import annotations

import json
import re
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from news_pipeline.dumps import html_pages
from news_pipeline.pages.markup import MARKS, line_marks

PARAGRAPHS = [
    "أعلنت بلدية المدينة اليوم أن الجسر القديم سيغلق أمام السيارات ابتداء من الأسبوع المقبل لأعمال الترميم.",
    "وقال المهندس المشرف إن الأعمال ستستمر أربعة أشهر، وإن المشاة سيعبرون من ممر خشبي بجانب الجسر.",
    "واشتكى أصحاب المحال من قلة الزبائن، وطالبوا بتعويض عن الخسائر التي قد تلحق بهم طوال هذه المدة.",
]
TEASER = "تقرير مطول عن أسعار الخضار في الأسواق الشعبية وكيف تغيرت منذ بداية الصيف الماضي حتى الآن."
TITLE = "إغلاق الجسر القديم أربعة أشهر"


def marked(markup: str) -> dict[str, list[str]]:
    """The lines of a page by mark, those without one under ``""``."""
    page = html_pages.read(markup)
    spans = [match.span() for match in re.finditer(r"[^\n]+", page.text)]
    found: dict[str, list[str]] = {}
    for (start, end), mark in zip(spans, line_marks(spans, page.metadata.get("markup")), strict=True):  # type: ignore[arg-type]
        found.setdefault(mark or "", []).append(page.text[start:end])
    return found


def parts(markup: str, mark: str) -> list[str]:
    """The texts of the ranges of a mark."""
    page = html_pages.read(markup)
    evidence = page.metadata.get("markup", {})
    assert isinstance(evidence, dict)
    return [page.text[item[0] : item[1]] for item in evidence.get(mark, [])]


def stated(head: str = "", body: str = "<p>نص</p>") -> dict[str, object]:
    return html_pages.read(f"<html><head>{head}</head><body>{body}</body></html>").metadata


def paragraphs(texts: list[str] = PARAGRAPHS, tag: str = "p", classes: str = "") -> list[str]:
    opening = f'<{tag} class="{classes}">' if classes else f"<{tag}>"
    return [f"{opening}{text}</{tag}>" for text in texts]


def article(body: str, head: str = f"<h1>{TITLE}</h1>") -> str:
    return f"<html><body><nav><a href='/'>الرئيسية</a></nav><main><article>{head}{body}</article></main></body></html>"


# the running text


def test_the_running_text_is_told_from_what_stands_around_and_inside_it() -> None:
    one, two, three = paragraphs()
    page = f"""<html><body class="has-sidebar comments-open">
    <header class="site-header"><ul><li><a href="/">الرئيسية</a></li><li><a href="/s">محليات</a></li></ul></header>
    <div class="content"><h1>{TITLE}</h1>
    <div class="meta"><span class="author">ليلى منصور</span> <time datetime="2024-03-05T08:00:00+02:00">5 آذار 2024</time></div>
    <figure><img src="a.jpg"><figcaption>الجسر قبل الترميم</figcaption></figure>
    <div class="story-text">{one}
    <div class="related-box"><h3>اقرأ أيضا</h3><ul><li><a href="/n/1">ارتفاع أسعار الخضار في الأسواق الشعبية</a></li></ul></div>
    {two}<h2>شكاوى التجار</h2>{three}
    <aside><p>{TEASER}</p></aside></div>
    <footer class="post-footer"><a rel="tag" href="/t/1">جسور</a> <a rel="tag" href="/t/2">ترميم</a></footer></div>
    <section id="comments"><ol><li class="comment"><p>{TEASER}</p></li></ol></section>
    <div class="sidebar"><p>{TEASER}</p></div></body></html>"""
    found = marked(page)
    assert found["title"] == [TITLE]
    assert found["main"] == [PARAGRAPHS[0], PARAGRAPHS[1], "شكاوى التجار", PARAGRAPHS[2]]
    assert found["caption"] == ["الجسر قبل الترميم"]
    assert found["related"] == ["ارتفاع أسعار الخضار في الأسواق الشعبية"]
    assert found["furniture"] == ["الرئيسية", "محليات", "اقرأ أيضا", TEASER, TEASER, TEASER]
    assert parts(page, "byline") == ["ليلى منصور"]
    assert parts(page, "tags") == ["جسور", "ترميم"]
    assert html_pages.read(page).metadata["markup"]["time"][0][2] == "2024-03-05T08:00:00+02:00"  # type: ignore[index]


def test_generated_class_names_do_not_hide_the_text() -> None:
    links = "".join(f'<a class="x9" href="/n/{i}"><div>خبر آخر عن موضوع مختلف رقم {i}</div></a>' for i in range(3))
    first, *rest = paragraphs(tag="div", classes="k2")
    page = f"""<div id="__next"><div class="a1"><a href="/"><span>الرئيسية</span></a></div><div class="b7"><div class="c3">
    <h1>{TITLE}</h1><div class="k1">{first}</div><div class="q4"><div class="z8">مواضيع</div>{links}</div>
    {"".join(f'<div class="k1">{text}</div>' for text in rest)}</div></div></div>"""
    found = marked(page)
    assert found["main"] == PARAGRAPHS
    assert len(found["related"]) == 3


def test_a_page_that_is_one_form_with_line_breaks_is_read() -> None:
    page = f"""<body><form id="aspnetForm"><table><tr><td><a href="1">الرئيسية</a></td></tr></table>
    <span id="lblTitle">{TITLE}</span><br><img src="a.jpg"><div id="details">{"<br><br>".join(PARAGRAPHS)}</div>
    <div id="footer1">حقوق النشر محفوظة</div></form></body>"""
    found = marked(f"<head><title>صحيفة - {TITLE}</title></head>{page}")
    assert (found["title"], found["main"]) == ([TITLE], PARAGRAPHS)


def test_names_that_page_builders_give_to_everything_do_not_hide_the_text() -> None:
    first = f'<p class="has-drop-cap">{PARAGRAPHS[0]}</p>'
    text = f'<div class="elementor-widget elementor-widget-theme-post-content">{first}{"".join(paragraphs()[1:])}</div>'
    other = '<div class="elementor-widget elementor-widget-posts">' + f"<p>{TEASER}</p>" * 8 + "</div>"
    heading = f'<div class="elementor-widget elementor-widget-heading"><h1>{TITLE}</h1></div>'
    assert marked(f"<body>{heading}{text}{other}</body>")["main"] == PARAGRAPHS


def test_a_layout_table_is_read_by_its_cells() -> None:
    links = "<br>".join(f'<a href="{i}.asp">عنوان خبر آخر من أخبار الأسبوع {i}</a>' for i in range(6))
    page = f"""<table><tr><td width=120><a href="a.asp">محليات</a></td><td><font size=5><b>{TITLE}</b></font><br><br>
    {"<br><br>".join(PARAGRAPHS)}</td><td><b>الأكثر قراءة</b><br>{links}</td></tr></table>"""
    assert marked(page)["main"] == PARAGRAPHS


def test_of_two_articles_on_a_page_the_first_with_the_headline_is_the_text() -> None:
    other = "".join(paragraphs([TEASER, TEASER + " وهذه تتمة.", TEASER + " وهذه تتمة أخرى.", TEASER]))
    story = '<article class="story"><h1>{}</h1><div>{}</div></article>'
    page = f"<body>{story.format(TITLE, ''.join(paragraphs()))}{story.format('أسعار الخضار', other)}</body>"
    assert marked(f"<title>{TITLE}</title>{page}")["main"] == PARAGRAPHS


def test_text_in_several_sections_is_one_text() -> None:
    one, two, three = paragraphs()
    sections = (
        f'<section class="c">{one}</section><div class="slot">إعلان</div><section class="c">{two}{three}</section>'
    )
    assert marked(article(sections))["main"] == PARAGRAPHS


def test_a_standfirst_belongs_to_the_text_and_a_byline_does_not() -> None:
    head = f'<header><h1>{TITLE}</h1><h2>البلدية تعد بممر خشبي للمشاة طوال مدة الأعمال</h2><p class="byline">ليلى منصور</p></header>'
    found = marked(article(f'<div itemprop="articleBody">{"".join(paragraphs())}</div>', head))
    assert found["main"] == ["البلدية تعد بممر خشبي للمشاة طوال مدة الأعمال", *PARAGRAPHS]
    assert found["byline"] == ["ليلى منصور"]


def test_lists_and_quotations_belong_to_the_text_and_repeated_quotations_do_not() -> None:
    one, two, three = paragraphs()
    repeated = "إن المشاة سيعبرون من ممر خشبي بجانب الجسر"
    listed = "<ul><li>ممر خشبي للمشاة</li><li>تعويض أصحاب المحال</li></ul>"
    quoted = f"<blockquote><p>لم يسألنا أحد عن رأينا قبل الإغلاق.</p></blockquote><blockquote>{repeated}</blockquote>"
    found = marked(article(one + listed + two + quoted + three))
    assert found["main"] == [
        PARAGRAPHS[0],
        "ممر خشبي للمشاة",
        "تعويض أصحاب المحال",
        PARAGRAPHS[1],
        "لم يسألنا أحد عن رأينا قبل الإغلاق.",
        PARAGRAPHS[2],
    ]


def test_a_heading_belongs_to_the_text_over_an_inserted_link_and_to_a_list_of_links() -> None:
    one, two, three = paragraphs()
    inserted = '<p><strong>اقرأ أيضا: <a href="/n">خبر آخر عن موضوع مختلف تماما</a></strong></p>'
    links = "".join(f'<li><a href="/n/{i}">خبر آخر عن موضوع مختلف رقم {i}</a></li>' for i in range(3))
    found = marked(article(f"{one}<h2>شكاوى التجار</h2>{inserted}{two}<h2>أخبار متصلة</h2><ul>{links}</ul>{three}"))
    assert found["main"] == [PARAGRAPHS[0], "شكاوى التجار", PARAGRAPHS[1], PARAGRAPHS[2]]
    assert "أخبار متصلة" in found["furniture"]
    assert len(found["related"]) == 4


def test_links_within_prose_leave_it_prose() -> None:
    linked = [text.replace("الجسر", '<a href="/t">الجسر</a>') for text in PARAGRAPHS]
    assert marked(article("".join(paragraphs(linked))))["main"] == PARAGRAPHS


def test_a_page_without_text_shows_no_running_text() -> None:
    links = "".join(f'<li><a href="/n/{i}">عنوان خبر طويل من أخبار هذا اليوم رقم {i}</a></li>' for i in range(30))
    assert "main" not in marked(f"<body><h1>أخبار اليوم</h1><ul>{links}</ul></body>")


def test_the_teasers_of_a_list_page_are_no_running_text() -> None:
    teaser = '<div class="item"><h3><a href="/n/{0}">عنوان خبر طويل من أخبار هذا اليوم رقم {0}</a></h3><p>{1}</p></div>'
    cards = "".join(teaser.format(number, TEASER) for number in range(12))
    assert "main" not in marked(f"<body><h1>أخبار اليوم</h1><div>{cards}</div></body>")


def test_teasers_beside_the_text_are_told_from_it_by_the_link_over_each() -> None:
    card = '<div class="k5"><a href="/n/{0}"><div>عنوان خبر آخر من أخبار اليوم رقم {0}</div></a><p>{1}</p></div>'
    cards = "".join(card.format(number, TEASER) for number in range(2))
    assert marked(f"<div><div>{''.join(paragraphs())}</div><div>{cards}</div></div>")["main"] == PARAGRAPHS


# headline


def test_the_headline_is_the_stated_one_rather_than_the_name_of_the_site() -> None:
    page = f"<title>{TITLE} | صحيفة</title><h1>صحيفة</h1><h3>{TITLE}</h3>{''.join(paragraphs())}"
    assert marked(page)["title"] == [TITLE]
    assert marked(f"<h1><a href='/'>صحيفة</a></h1>{article(''.join(paragraphs()))}")["title"] == [TITLE]


# dates, names, tags shown by the page


def test_the_date_of_the_page_is_its_own_and_not_of_the_visit_or_of_other_stories() -> None:
    clock = '<div class="top"><time datetime="2026-01-01">اليوم</time></div>' + "<p>شريط</p>" * 8
    other = '<aside><time datetime="2023-01-01">1 كانون الثاني 2023</time></aside>'
    body = "".join(paragraphs())
    own = f'<h1>{TITLE}</h1><p><time datetime="2024-03-06">حُدّث في 6 آذار</time> <time datetime="2024-03-05">5 آذار</time></p>'
    assert "published" not in html_pages.read(clock + article(body + other)).metadata
    assert html_pages.read(clock + article(body + other, own)).metadata["published"] == "2024-03-05"


@pytest.mark.parametrize(
    "own",
    [
        '<time class="updated" datetime="2024-03-06">6 آذار 2024</time>',
        '<time itemprop="dateModified" datetime="2024-03-06">6 آذار 2024</time>',
        '<span class="reading-time">قراءة 6 دقائق</span>',
    ],
)
def test_a_date_of_change_is_none_of_publication(own: str) -> None:
    page = html_pages.read(article("".join(paragraphs()), f"<h1>{TITLE}</h1><div>{own}</div>"))
    assert "published" not in page.metadata
    assert "time" not in page.metadata["markup"]  # type: ignore[operator]


def test_the_author_is_named_by_microdata_link_or_class() -> None:
    body = "".join(paragraphs())
    for own in (
        '<span itemprop="author" itemscope><a rel="author" href="/a">ليلى منصور</a></span>',
        '<p>كتبت <a rel="author" href="/a">ليلى منصور</a></p>',
        '<div class="post-meta"><span class="byline">كتبت <span class="author">ليلى منصور</span></span></div>',
    ):
        page = html_pages.read(article(body, f"<h1>{TITLE}</h1>{own}"))
        assert page.metadata["author"] == "ليلى منصور"


def test_tags_shown_count_where_the_head_states_none() -> None:
    tags = '<ul class="post-tags"><li><a href="/t/1">جسور</a></li><li><a href="/t/2">ترميم</a></li></ul>'
    page = article("".join(paragraphs()) + tags)
    assert html_pages.read(page).metadata["tags"] == ["جسور", "ترميم"]
    assert html_pages.read('<meta name="keywords" content="بلدية, طرق">' + page).metadata["tags"] == ["بلدية", "طرق"]


# structured data


def ld(*values: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(value)}</script>' for value in values)


ARTICLE = {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2024-03-05", "dateModified": "2024-03-09"}


@pytest.mark.parametrize(
    "head",
    [
        ld(ARTICLE),
        ld([ARTICLE]),
        ld([[ARTICLE]]),
        ld({"@graph": [{"@type": "WebSite"}, ARTICLE]}),
        ld({"@graph": ARTICLE}),
        ld({"@type": "WebPage", "mainEntity": ARTICLE, "datePublished": "1999-01-01"}),
        ld({"@type": "Organization"}, ARTICLE | {"@type": ["Article", "https://schema.org/NewsArticle"]}),
        '<script type="application/ld+json; charset=utf-8">' + json.dumps(ARTICLE) + ";</script>",
        '<script type="application/ld+json">//<![CDATA[\n' + json.dumps(ARTICLE) + "\n//]]></script>",
        '<script type="application/ld+json"><!-- ' + json.dumps(ARTICLE) + " --></script>",
        '<script type="application/ld+json">/* meta */ {"a": 1} ' + json.dumps(ARTICLE) + "</script>",
        '<script type="application/ld+json">' + json.dumps(ARTICLE)[:-1] + ",\n}</script>",
        '<script type="application/ld+json">' + json.dumps(ARTICLE).replace("2024-03-05", "2024-03-05\n") + "</script>",
        '<script type="application/ld+json">{"@type": broken</script>' + ld(ARTICLE),
    ],
)
def test_an_article_is_found_in_json_ld_as_it_is_written(head: str) -> None:
    found = stated(head)
    assert (found["title"], found["published"], found["modified"]) == (TITLE, "2024-03-05", "2024-03-09")


def test_of_several_articles_in_json_ld_the_pages_own_counts() -> None:
    other = {
        "@type": "NewsArticle",
        "headline": "أسعار الخضار ترتفع",
        "datePublished": "2020-01-01",
        "url": "https://s.example/2",
    }
    assert "published" not in stated(ld(other, ARTICLE))
    assert stated(f"<title>{TITLE} - صحيفة</title>{ld(other, ARTICLE)}")["published"] == "2024-03-05"
    assert stated(f'<link rel="canonical" href="https://s.example/2">{ld(other, ARTICLE)}')["published"] == "2020-01-01"


@pytest.mark.parametrize(
    "value",
    [None, 3, True, [], {}, "", [None, 4], {"name": {"name": 1}}, {"@id": []}, {"@id": "nowhere"}, [["a"]]],
)
def test_wrong_types_in_json_ld_state_nothing(value: object) -> None:
    keys = ("headline", "datePublished", "author", "publisher", "keywords", "url", "@id", "mainEntityOfPage")
    found = stated(ld({"@type": "NewsArticle"} | dict.fromkeys(keys, value)))
    assert all(isinstance(item, str | list | dict) for item in found.values())
    assert not {"title", "published", "author", "publisher"} & found.keys()


def test_names_are_followed_through_references_and_are_no_addresses() -> None:
    person = {"@type": "Person", "@id": "#p", "name": "ليلى منصور"}
    assert stated(ld({"@graph": [person, ARTICLE | {"author": [{"@id": "#p"}]}]}))["author"] == "ليلى منصور"
    assert "author" not in stated(ld(ARTICLE | {"author": "https://s.example/leila"}))
    assert "author" not in stated('<meta property="article:author" content="https://www.facebook.com/leila">')


def test_a_headline_cut_short_is_completed() -> None:
    long = f"{TITLE} والبلدية تعد بممر للمشاة"
    head = f'<meta property="og:title" content="{long}">' + ld(ARTICLE | {"headline": f"{TITLE} وال..."})
    assert stated(head)["title"] == long


def test_dates_of_comments_do_not_hide_that_of_the_article() -> None:
    comment = '<div itemscope itemtype="https://schema.org/Comment"><time itemprop="datePublished" datetime="2024-04-0{}">x</time></div>'
    body = '<meta itemprop="datePublished" content="2024-03-05">' + comment.format(1) + comment.format(2)
    assert stated(body=body)["published"] == "2024-03-05"


# laws


def assert_ranges_hold(page: html_pages.HtmlPage) -> None:
    evidence = page.metadata.get("markup", {})
    assert isinstance(evidence, dict)
    assert evidence.keys() <= set(MARKS)
    every = sorted((item[0], item[1]) for ranges in evidence.values() for item in ranges)
    assert all(0 <= start < end <= len(page.text) for start, end in every)
    assert all(first[1] <= second[0] for first, second in pairwise(every))
    for mark, ranges in evidence.items():
        assert [item[:2] for item in ranges] == sorted(item[:2] for item in ranges)
        assert all(len(item) == (3 if mark == "time" else 2) for item in ranges)
        assert not any(page.text[item[0]].isspace() or page.text[item[1] - 1] in " \n" for item in ranges)
    json.dumps(page.metadata)


WHOLE_PAGE = f"""<!DOCTYPE html><html lang="ar"><head><title>{TITLE} | صحيفة</title>{ld(ARTICLE)}</head><body><form><nav><a href="/">بيت</a></nav>
<article class="post"><header class="hd"><h1>{TITLE}</h1><span class="byline">بقلم <a rel="author" href="/a">ليلى</a></span>
<time datetime="2024-03-05">5 آذار</time></header><div class="entry-content">{"".join(paragraphs())}<pre>سطر
سطر</pre><ul class="related"><li><a href="/1">خبر آخر عن أمر آخر</a></li></ul></div><footer><a rel="tag" href="/t">جسور</a></footer></article>
<aside><p>{TEASER}</p></aside></form></body></html>"""
TOKENS = [
    *(
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<b>",
        "</b>",
        "<a href=x>",
        "</a>",
        "<br><br>",
        "<article>",
        "</article>",
        "<h1>",
    ),
    *(
        "</h1>",
        "<h2>",
        "<span class='author'>",
        "<div class='date tags'>",
        "<time datetime='x'>",
        "<aside>",
        "<pre>",
        "\n",
    ),
    *(
        "<td>",
        "</table>",
        "<img>",
        "<blockquote>",
        "<div hidden>",
        "<script>",
        "<!--",
        "\0",
        "&#0;",
        '"',
        "<",
        "\ud800",
    ),
    *(
        "<a rel=tag>",
        "<span itemprop='datePublished author'>",
        "<section itemprop='articleBody'>",
        "<figure>",
        "<form>",
    ),
    *("5 آذار 2024", "كلمة", *PARAGRAPHS),
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE_PAGE)), st.integers(0, 60), st.sampled_from(TOKENS)), max_size=12))
def test_ranges_hold_whatever_is_cut_from_and_put_into_a_page(edits: list[tuple[int, int, str]]) -> None:
    markup = WHOLE_PAGE
    for place, cut, token in edits:
        markup = markup[:place] + token + markup[place + cut :]
    assert_ranges_hold(html_pages.read(markup))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=40))
def test_ranges_hold_in_any_soup_of_tags(tokens: list[str]) -> None:
    assert_ranges_hold(html_pages.read("".join(tokens)))


def test_a_whole_page_is_read_the_same_each_time() -> None:
    page = html_pages.read(WHOLE_PAGE)
    assert_ranges_hold(page)
    assert page == html_pages.read(WHOLE_PAGE)
    assert parts(WHOLE_PAGE, "main") == ["\n\n".join(PARAGRAPHS)]


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 10_000 + "كلمة",
        "<b>" * 150 + "<p>كلمة" * 5_000,
        f"<p {' '.join(f'a{number}=1' for number in range(60_000))}>كلمة</p>",
        f'<p class="{"a b " * 500_000}" style="{"display " * 100_000}">كلمة</p>',
        "<div>" * 3_000 + "<script" * 200_000 + ">كلمة",
        "<div>" * 3_000 + "<!--" * 200_000 + ">كلمة",
        "<span class=byline>" * 150 + f"<p>{TEASER}" * 5_000 + "كلمة",
        f"<h1>{TITLE}</h1>" + f"<p>{TEASER}</p><i class=author>كلمة</i><div class=date>2020-01-01</div>" * 4_000,
        f"<h1>{TITLE}</h1><p>{TEASER}</p>" + "<a rel=tag href=x>كلمة</a> " * 20_000,
        "<div>" + "<a href=x>كلمة ثانية ثالثة</a><br>" * 20_000 + "</div>",
        f"<div class=article-text>{TEASER}</div>" * 5_000 + "كلمة",
        '<script type="application/ld+json">' + "[" * 500_000 + "</script>كلمة",
        '<script type="application/ld+json">{"a": 1' + ", " * 500_000 + "</script>كلمة",
        '<meta name="author" content="أ"><meta property="og:title" content="كلمة">' * 20_000 + "<p>كلمة",
        "<p>كلمة\0</p>" * 5_000,
    ],
)
def test_markup_made_to_be_slow_is_read_in_time(markup: str) -> None:
    start = time.monotonic()
    page = html_pages.read(markup)
    assert time.monotonic() - start < 15  # a second or so; what grows with the square takes minutes
    assert "كلمة" in page.text
    assert_ranges_hold(page)
