"""What an element says it is for: by its tag, ARIA role, microdata, link type, and the words of its classes and id.

Belongs here: one element by itself. Does not belong here: what its place in the page adds (``html_markup``). Names of
classes are words that designers choose freely, so every reader of a role must stand it being wrong.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class Role(NamedTuple):
    """What an element says.

    Attributes:
        name: its tag and classes: what the paragraphs of one text have in common.
        role: ``body``, ``summary``, ``caption``, ``byline``, ``time``, ``updated``, ``tags``, ``comments``, ``furniture``,
            ``header`` (furniture unless it holds the headline), ``article`` (a whole article), or "".
        sure: whether tag, ARIA role, microdata or link type say so, rather than words chosen for style sheets.
    """

    name: str
    role: str
    sure: bool


_TAG_ROLES = {
    **dict.fromkeys(
        ("nav", "aside", "footer", "form", "menu", "dialog", "search", "button", "label", "legend"), "furniture"
    ),
    **dict.fromkeys(("figcaption", "caption", "figure"), "caption"),
    "header": "header",
    "article": "article",
    "time": "time",
}
_ARIA_ROLES = {
    **dict.fromkeys(
        (
            *("navigation", "complementary", "contentinfo", "search", "menu", "menubar", "dialog", "alertdialog"),
            *("alert", "toolbar", "tablist", "form"),
        ),
        "furniture",
    ),
    "banner": "header",
    "article": "article",
}
_PROPERTY_ROLES = {
    "articlebody": "body",
    "description": "summary",
    "alternativeheadline": "summary",
    "author": "byline",
    "creator": "byline",
    "datepublished": "time",
    "datemodified": "updated",
    "keywords": "tags",
    "caption": "caption",
    "comment": "comments",
}
_LINK_ROLES = {"tag": "tags", "author": "byline"}

_COMMENTS = "comment comments commenting commentlist commentaires disqus reply replies respond"
_FURNITURE = (
    "ad ads adv advert adverts advertise advertisement advertising addthis addtoany banner bio breadcrumb breadcrumbs carousel "
    "consent cookie cookies copyright crumb crumbs donate donation follow footer gdpr login masthead menu menus mgid modal "
    "nav navbar navi navigation newsletter newsletters onward outbrain overlay pager pagination paywall poll popular popup "
    "promo promos promotion promotions pullquote pullquotes rail rate rating ratings recirc recirculation recommend "
    "recommendation recommendations recommended register related relatedposts relation richlink share sharebar sharedaddy "
    "sharing sidebar signin signup sitemap skip slider social socials sponsor sponsored sponsors subscribe subscription "
    "subscriptions taboola teaser teasers ticker toc toolbar tooltip trending vote widget widgets"
)
_UNSEEN = "visually-hidden visuallyhidden sr-only screen-reader-text screen-reader-only screenreader offscreen u-hidden"
_COMPOUNDS = re.compile(
    r"(?:read|see|watch|listen)(?:more|also|next)|also(?:read|see)|more(?:on|from|stories|news|section)|"
    r"most(?:read|popular|viewed|commented|recent|shared)|(?:latest|top|other|similar|next|previous|prev)(?:news|stories|posts|articles)|"
    r"author(?:box|bio|info|card|desc|profile)|about(?:the)?author|related|recommend|newsletter|breadcrumb|sharethis|sharebutton|"
    r"socialmedia|(?:twitter|facebook|instagram)(?:tweet|media|post|embed)|pullquote|mailchimp"
)
_HEADERS = "header head hdr topbar"
_CAPTIONS = "caption captions credit credits figcaption legend legende photocredit imagecredit"
_CAPTION_COMPOUNDS = re.compile(
    r"(?:img|image|images|photo|pic|picture|media|video|figure|thumb)(?:cap|caption|credit|credits|desc|description|legend|info|source|by)\b"
)
_BYLINES = "author authors auteur auteurs autor byline bylines contributor contributors journalist reporter signature writer writers"
_BYLINE_COMPOUNDS = re.compile(r"(?:write|writ+en|post(?:ed)?|report(?:ed)?)by")
_PUBLICATIONS = "pubdate published publishdate publication"
_TIMES = "date dates datetime time timestamp"
_UPDATES = "lastmod modified update updated updates updatedat lastupdate lastupdated"
_READING = "read reading ago left duration"
_TAGS = "hashtag hashtags keyword keywords tag taglist tags topics topic"
_SUMMARIES = "abstract chapo dek deck excerpt intro introtext crosshead intertitle intertitre lead lede sapo standfirst subhead subheading subheadline subtitle summary"
_BODY = re.compile(
    r"(?:article|story|post|entry|news|item|content|main|detail|details|page|blog|node|field)(?:body|content|contents|cont|text|txt)\b"
    r"|(?:body|text|content)(?:text|copy|body)\b|namebody|wysiwyg|richtext"
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# In the order in which they decide: an author's box is no byline, a date of change no date.
_WORD_ROLES: tuple[tuple[str, frozenset[str], re.Pattern[str] | None], ...] = (
    ("comments", _set(_COMMENTS), None),
    ("furniture", _set(_FURNITURE), _COMPOUNDS),
    ("caption", _set(_CAPTIONS), _CAPTION_COMPOUNDS),
    ("body", frozenset(), _BODY),
    ("byline", _set(_BYLINES), _BYLINE_COMPOUNDS),
    ("time", _set(_PUBLICATIONS), None),
    ("updated", _set(_UPDATES), None),
    ("time", _set(_TIMES), None),
    ("tags", _set(_TAGS), None),
    ("summary", _set(_SUMMARIES), None),
    ("header", _set(_HEADERS), None),
)
_MODULES = _set("widget widgets")
_UNSEEN_CLASSES = _set(_UNSEEN)
_READING_WORDS = _set(_READING)
_WORDS = re.compile(r"[a-z]+|[A-Z](?:[a-z]+|[A-Z]*(?![a-z]))")
_NOT_LETTERS = re.compile(r"[^a-z]+")
_NAMES = frozenset(("id", "name", "data-component", "data-gu-name", "data-testid", "data-test", "data-type"))
"""Attributes that name an element, on sites whose classes are generated too."""
_PROPERTIES = frozenset(("itemprop", "property"))
_LONGEST = 300
"""Characters of an attribute that are read; style sheets need fewer."""
_PLAIN_TAGS = frozenset(("html", "body", "main", "h1"))


def role_of(tag: str, attributes: list[tuple[str, str]]) -> Role:
    """What an element says it is for.

    Args:
        tag: its tag.
        attributes: its attributes in their order.
    """
    classes = aria = prop = link = names = ""
    for key, value in attributes:
        if key == "class":
            classes = value
        elif key in _NAMES:
            names = f"{names} {value}" if names else value
        elif key in _PROPERTIES:
            prop = prop or value
        elif key == "role":
            aria = value
        elif key == "rel":
            link = value
    return _read(tag, classes[:_LONGEST], names[:_LONGEST], aria[:_LONGEST], prop[:_LONGEST], link[:_LONGEST])


@lru_cache(maxsize=8192)
def _read(tag: str, classes: str, name: str, aria: str, prop: str, link: str) -> Role:
    signature = f"{tag} {classes}"
    if tag in _PLAIN_TAGS:
        return Role(signature, "", False)
    for word in prop.lower().split():
        if role := _PROPERTY_ROLES.get(word.rpartition(":")[2]):
            return Role(signature, role, True)
    for word in re.split(r"[\s,]+", link.lower()):
        if role := _LINK_ROLES.get(word):
            return Role(signature, role, True)
    if role := _ARIA_ROLES.get(aria.strip().lower()):
        return Role(signature, role, True)
    worded = _by_words(classes, name) if classes or name else ""
    sure = _TAG_ROLES.get(tag, "")
    if worded in ("comments", "furniture", "updated") and sure in ("article", "time", "header", ""):
        return Role(signature, worded, False)  # a comment is marked up as an article, an update as a time
    return Role(signature, sure, True) if sure else Role(signature, worded, False)


def _by_words(classes: str, name: str) -> str:
    if not _UNSEEN_CLASSES.isdisjoint(classes.lower().split()):
        return "furniture"
    parts = [*classes.split(), *name.split()]
    words = {word.lower() for part in parts for word in _WORDS.findall(part)}
    squashed = " ".join(_NOT_LETTERS.sub("", part.lower()) for part in parts)
    if _BODY.search(squashed):
        words -= _MODULES  # page builders make every part of a page one, the text too
    for role, own, compounds in _WORD_ROLES:
        if not own.isdisjoint(words) or (compounds is not None and compounds.search(squashed)):
            if role == "time" and not _READING_WORDS.isdisjoint(words):
                continue
            return role
    return ""
