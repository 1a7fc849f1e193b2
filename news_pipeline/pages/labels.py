"""The words by which pages label their parts, as data: Arabic with its regional variants, English, French, Persian.

Labels are compared on ``word_key``, so hamza seats, diacritics, Persian letters, case and punctuation do not matter.
Belongs here: phrases that stand for a function on any outlet's page. Does not belong here: sentences of one page.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple

from news_pipeline.arabic.keys import word_key
from news_pipeline.arabic.tokens import tokenize

LabelKind = Literal[
    "attribution",
    "byline",
    "published",
    "updated",
    "crawled",
    "tags",
    "read_more",
    "related",
    "comments",
    "share",
    "promo",
    "footer",
    "views",
    "caption",
    "home",
]

LABELS: dict[LabelKind, tuple[str, ...]] = {
    "attribution": (
        *("المصدر", "مصدر", "مصدر الخبر", "المصادر", "نقلا عن", "المصدر الرئيسي", "وكالة"),
        *("source", "sources", "via", "originally published by", "originally published in", "avec", "منبع", "منابع"),
    ),
    "byline": (
        *("كتب", "كتبت", "كتبه", "كتبها", "كتابة", "بقلم", "تحرير", "إعداد", "المحرر", "المحررة", "الكاتب", "الكاتبة"),
        *("تقرير", "تحقيق", "حوار", "متابعة", "إعداد وتحرير", "كتب وتصوير", "مراسل", "مراسلنا", "ترجمة", "صحفي"),
        *(
            "by",
            "written by",
            "author",
            "authors",
            "reporting by",
            "reported by",
            "editing by",
            "edited by",
            "story by",
        ),
        *("par", "auteur", "rédigé par", "écrit par", "publié par", "avec notre correspondant"),
        *("نویسنده", "نوشته", "خبرنگار", "گزارش", "به قلم", "مترجم", "تهیه و تنظیم"),
    ),
    "published": (
        *("تاريخ النشر", "تاريخ ووقت النشر", "وقت النشر", "نشر في", "نشرت في", "نشر بتاريخ", "تم النشر", "نشر"),
        *("تم النشر في", "تم النشر بتاريخ", "تاريخ الإضافة", "أضيف في", "تاريخ الخبر", "تاريخ", "التاريخ", "حرر في"),
        *("نشر يوم", "نشر الخبر في", "تاريخ نشر الخبر", "أول نشر", "أضيف بتاريخ", "نشر منذ", "تاريخ ووقت الإضافة"),
        *("published", "published on", "published at", "first published", "posted", "posted on", "date", "date posted"),
        *("publication date", "date published", "issued on", "created", "created on", "publish date", "posted at"),
        *("publié le", "publié", "publiée le", "date de publication", "posté le", "mis en ligne le", "paru le"),
        *("تاریخ انتشار", "زمان انتشار", "منتشر شده در", "منتشر شده", "انتشار", "تاریخ درج", "تاریخ"),
    ),
    "updated": (
        *("آخر تحديث", "اخر تحديث", "تم التحديث", "تم التحديث في", "حدث في", "تحديث", "تاريخ التحديث", "عدل في"),
        *(
            "آخر تعديل",
            "تم التعديل",
            "تم تحديثه",
            "updated",
            "updated on",
            "last updated",
            "last updated on",
            "modified",
        ),
        *(
            "last modified",
            "update",
            "edited",
            "mis à jour le",
            "mis à jour",
            "modifié le",
            "modifié",
            "dernière mise à jour",
        ),
        *("actualisé le", "به روز شده در", "به روز رسانی", "آخرین به روزرسانی", "بروزرسانی", "به روزرسانی"),
    ),
    "crawled": (
        *(
            "تاريخ الجلب",
            "تاريخ السحب",
            "تاريخ الأرشفة",
            "crawled",
            "crawled at",
            "crawled on",
            "fetched",
            "fetched at",
        ),
        *("retrieved", "retrieved on", "retrieved at", "scraped", "scraped at", "archived", "archived on", "captured"),
        *("downloaded", "downloaded at", "récupéré le", "archivé le"),
    ),
    "tags": (
        *("كلمات دلالية", "الكلمات الدلالية", "كلمات دلاليه", "كلمات مفتاحية", "الكلمات المفتاحية", "كلمات البحث"),
        *("الوسوم", "وسوم", "الأوسمة", "تاجات", "تاغات", "تاغ", "التاغات", "التاجات", "هاشتاغ", "هاشتاج", "علامات"),
        *("العلامات", "الكلمات الدالة", "كلمات دالة", "مواضيع الخبر", "موضوعات", "المواضيع", "شارات"),
        *("tags", "tag", "keywords", "key words", "topics", "filed under", "tagged", "subjects"),
        *("mots clés", "mots clefs", "mot clé", "étiquettes", "sujets", "thèmes", "thématiques", "balises"),
        *("برچسب ها", "برچسب‌ها", "برچسبها", "برچسب", "کلیدواژه ها", "کلید واژه ها", "کلیدواژه‌ها", "کلمات کلیدی"),
    ),
    "read_more": (
        *("اقرأ أيضا", "إقرأ أيضا", "اقرا ايضا", "اقرأ", "إقرأ", "اقرأ المزيد", "إقرأ المزيد", "اقرأ كذلك", "قرأ أيضا"),
        *("للمزيد", "المزيد", "لمزيد من التفاصيل", "طالع", "طالع أيضا", "شاهد", "شاهد أيضا", "شاهدوا أيضا", "اطلع على"),
        *(
            "قد يهمك",
            "قد يهمك أيضا",
            "قد يعجبك",
            "ربما يهمك",
            "أيضا",
            "وأيضا",
            "تابع أيضا",
            "مواضيع قد تهمك",
            "انظر أيضا",
        ),
        *("لا تفوت", "خبر ذو صلة", "موضوع ذو صلة", "مقال ذو صلة", "اقرأ ايضا على", "شاهد بالفيديو", "لقراءة المزيد"),
        *(
            "read also",
            "read more",
            "also read",
            "see also",
            "watch",
            "watch also",
            "read",
            "more",
            "read next",
            "don t miss",
        ),
        *(
            "lire aussi",
            "à lire aussi",
            "lire également",
            "voir aussi",
            "à voir aussi",
            "lire plus",
            "à voir",
            "lire la suite",
        ),
        *("بیشتر بخوانید", "بخوانید", "همچنین بخوانید", "مطلب مرتبط", "بیشتر بدانید", "ببینید", "این را هم بخوانید"),
    ),
    "related": (
        *("مقالات مشابهة", "مقالات ذات صلة", "أخبار ذات صلة", "مواضيع ذات صلة", "موضوعات ذات صلة", "مواد ذات صلة"),
        *("أخبار متعلقة", "مواضيع متعلقة", "موضوعات متعلقة", "مقالات متعلقة", "أخبار مشابهة", "مواضيع مشابهة"),
        *("ذات صلة", "أخبار مرتبطة", "مواضيع مرتبطة", "الأكثر قراءة", "الأكثر مشاهدة", "الأكثر تداولا", "آخر الأخبار"),
        *("أحدث الأخبار", "أهم الأخبار", "أخبار أخرى", "المزيد من الأخبار", "مزيد من الأخبار", "المزيد حول هذه القصة"),
        *("مقالات أخرى", "مواضيع أخرى", "روابط ذات صلة", "اخترنا لك", "اخترنا لكم", "نرشح لك", "الأخبار الأكثر قراءة"),
        *("مواضيع مختارة", "مقالات مقترحة", "أخبار مقترحة", "المقال التالي", "المقال السابق", "آخر المقالات"),
        *(
            "related",
            "related articles",
            "related stories",
            "related news",
            "related posts",
            "related topics",
            "most read",
        ),
        *("related content", "more on this story", "more stories", "more news", "more from", "you may also like"),
        *(
            "recommended",
            "recommended for you",
            "most popular",
            "most viewed",
            "trending",
            "trending now",
            "latest news",
        ),
        *("top stories", "up next", "editors picks", "similar articles", "you might also like", "read these next"),
        *("articles similaires", "articles liés", "articles connexes", "à lire également", "sur le même sujet"),
        *("les plus lus", "les plus lues", "à découvrir", "dans la même rubrique", "vous aimerez aussi", "en lien"),
        *("sur le même thème", "plus d articles", "actualités liées", "dernières actualités", "les plus consultés"),
        *("مطالب مرتبط", "اخبار مرتبط", "خبرهای مرتبط", "پربازدیدترین", "پربیننده ترین", "آخرین اخبار", "اخبار بیشتر"),
        *("مطالب مشابه", "پیشنهاد ما", "تازه ترین خبرها", "تازه‌ترین اخبار", "پربازدیدترین‌ها"),
    ),
    "comments": (
        *("التعليقات", "تعليقات", "تعليق", "أضف تعليقا", "أضف تعليق", "أضف تعليقك", "اترك تعليقا", "اترك تعليقك"),
        *("تعليقات القراء", "تعليقات الزوار", "شارك برأيك", "اكتب تعليقك", "comments", "comment", "leave a comment"),
        *("leave a reply", "add a comment", "post a comment", "join the conversation", "view comments", "commentaires"),
        *("commentaire", "laisser un commentaire", "ajouter un commentaire", "réagir", "نظرات", "ارسال نظر", "دیدگاه"),
        *("دیدگاه ها", "نظر شما", "دیدگاه‌ها", "نظر خود را بنویسید", "نظرات کاربران"),
    ),
    "share": (
        *("شارك", "شاركها", "شاركنا", "شارك على", "شارك الخبر", "شارك المقال", "مشاركة", "مشاركة على", "انشر على"),
        *("شارك عبر", "شارك هذا المقال", "شارك هذا الخبر", "تابعنا على", "تابعنا", "تابعونا على", "تابعونا", "إرسال"),
        *(
            "أرسل لصديق",
            "طباعة",
            "اطبع",
            "نسخ الرابط",
            "انسخ الرابط",
            "حفظ",
            "share",
            "share this",
            "share on",
            "tweet",
        ),
        *(
            "share this article",
            "share this story",
            "share via",
            "print",
            "email",
            "copy link",
            "follow us",
            "follow us on",
        ),
        *(
            "partager",
            "partager sur",
            "partagez",
            "partager cet article",
            "imprimer",
            "envoyer",
            "suivez nous",
            "copier le lien",
        ),
        *("اشتراک گذاری", "به اشتراک بگذارید", "هم رسانی", "ارسال به دوستان", "چاپ", "کپی لینک", "لینک کوتاه"),
    ),
    "promo": (
        *(
            "تابع أحدث الأخبار",
            "تابعوا أحدث الأخبار",
            "لمتابعة أحدث الأخبار",
            "تابع آخر الأخبار",
            "حمل التطبيق",
            "حمل تطبيق",
        ),
        *("اشترك في النشرة", "اشترك في نشرتنا", "اشترك الآن", "النشرة البريدية", "نشرتنا البريدية", "انضم إلى قناتنا"),
        *(
            "اشترك في قناتنا",
            "سجل الآن",
            "إعلان",
            "إعلانات",
            "advertisement",
            "advertising",
            "sponsored",
            "sponsored content",
        ),
        *("subscribe", "subscribe now", "subscribe to our", "sign up", "sign up for", "newsletter", "download our app"),
        *("get our app", "get the app", "join our", "support our journalism", "story continues below advertisement"),
        *(
            "publicité",
            "abonnez vous",
            "s abonner",
            "inscrivez vous",
            "téléchargez l application",
            "la suite après la publicité",
        ),
        *("آگهی", "تبلیغات", "عضو کانال", "به کانال ما بپیوندید", "عضویت در خبرنامه", "خبرنامه"),
    ),
    "footer": (
        *("جميع الحقوق محفوظة", "كل الحقوق محفوظة", "حقوق النشر", "حقوق الطبع", "الحقوق محفوظة", "من نحن", "اتصل بنا"),
        *("سياسة الخصوصية", "شروط الاستخدام", "الشروط والأحكام", "اتفاقية الاستخدام", "خريطة الموقع", "تواصل معنا"),
        *("أعلن معنا", "هيئة التحرير", "copyright", "all rights reserved", "about us", "contact us", "privacy policy"),
        *("terms of use", "terms of service", "terms and conditions", "cookie policy", "advertise with us", "site map"),
        *("tous droits réservés", "droits de reproduction", "mentions légales", "qui sommes nous", "nous contacter"),
        *("politique de confidentialité", "conditions d utilisation", "gestion des cookies", "plan du site"),
        *("تمامی حقوق", "تمام حقوق", "کلیه حقوق", "درباره ما", "تماس با ما", "حریم خصوصی", "استفاده از مطالب"),
    ),
    "views": (
        *("عدد المشاهدات", "المشاهدات", "مشاهدات", "عدد الزيارات", "عدد القراءات", "القراءات", "قراءات", "مشاهدة"),
        *("وقت القراءة", "مدة القراءة", "زمن القراءة", "دقائق قراءة", "عدد الكلمات", "رقم الخبر", "حجم الخط", "استمع"),
        *(
            "استمع للخبر",
            "views",
            "reads",
            "view count",
            "reading time",
            "min read",
            "listen",
            "listen to this article",
        ),
        *(
            "vues",
            "lectures",
            "temps de lecture",
            "lecture",
            "écouter",
            "تعداد بازدید",
            "بازدید",
            "کد خبر",
            "شناسه خبر",
        ),
    ),
    "caption": (
        *(
            "الصورة",
            "صورة",
            "صور",
            "تصوير",
            "مصدر الصورة",
            "التعليق على الصورة",
            "حقوق الصورة",
            "تعليق الصورة",
            "فيديو",
        ),
        *(
            "photo",
            "photos",
            "image",
            "image source",
            "image caption",
            "photo credit",
            "picture",
            "photograph",
            "file photo",
        ),
        *("media caption", "crédit photo", "crédits", "photo d illustration", "légende", "عکس", "تصویر"),
    ),
    "home": ("الرئيسية", "الصفحة الرئيسية", "home", "homepage", "accueil", "خانه", "صفحه اصلی", "صفحه نخست", "أنت هنا"),
}

_ONE_WORD_UNMARKED: frozenset[LabelKind] = frozenset(("published", "updated", "crawled", "byline"))
_STANDS_UNMARKED = _ONE_WORD_UNMARKED | {"tags", "footer", "promo", "share", "attribution"}
"""Kinds whose labels of two words or more (of some kinds: any) also count where running text follows at once.

All other labels are words of running text too, and count only before a mark such as a colon, or alone on a line.
"""

NETWORKS = frozenset(
    word_key(word)
    for word in (
        *("فيسبوك", "الفيسبوك", "فايسبوك", "تويتر", "إكس", "واتساب", "واتسآب", "واتس", "تلغرام", "تليجرام", "تيليجرام"),
        *(
            "تلجرام",
            "تليغرام",
            "لينكدإن",
            "لينكد",
            "إنستغرام",
            "انستجرام",
            "يوتيوب",
            "بنترست",
            "ماسنجر",
            "سناب",
            "ثريدز",
        ),
        *("تيك", "توك", "بريد", "البريد", "facebook", "twitter", "x", "whatsapp", "telegram", "linkedin", "instagram"),
        *(
            "youtube",
            "pinterest",
            "messenger",
            "email",
            "e-mail",
            "mail",
            "reddit",
            "tumblr",
            "viber",
            "threads",
            "tiktok",
        ),
        *("فیسبوک", "توییتر", "واتساپ", "تلگرام", "اینستاگرام", "لینکدین", "ایمیل", "copy", "link", "print", "sms"),
    )
)
"""Words of share bars."""

_PROMO_VERBS = frozenset(
    word_key(word)
    for word in (
        *(
            "تابع",
            "تابعوا",
            "تابعونا",
            "حمل",
            "حملوا",
            "حمّل",
            "اشترك",
            "اشتركوا",
            "انضم",
            "انضموا",
            "للاشتراك",
            "لمتابعة",
        ),
        *(
            "نزل",
            "سجل",
            "لتحميل",
            "تابعنا",
            "يمكنكم",
            "يمكنك",
            "subscribe",
            "download",
            "follow",
            "join",
            "get",
            "sign",
            "abonnez",
            "suivez",
        ),
        *("téléchargez", "retrouvez", "inscrivez", "recevez", "بپیوندید", "عضو", "دنبال", "دانلود"),
    )
)
_PROMO_GOODS = frozenset(
    word_key(word)
    for word in (
        *("تطبيق", "تطبيقنا", "التطبيق", "نشرة", "النشرة", "نشرتنا", "قناتنا", "صفحتنا", "تلغرام", "تليجرام", "واتساب"),
        *("تيليجرام", "غوغل", "جوجل", "موقعنا", "البريدية", "الإخبارية", "يوتيوب", "app", "newsletter", "newsletters"),
        *(
            "whatsapp",
            "telegram",
            "channel",
            "application",
            "appli",
            "chaîne",
            "google",
            "کانال",
            "خبرنامه",
            "اپلیکیشن",
        ),
    )
)

OUTLET_WORDS = frozenset(
    word_key(word)
    for word in (
        *("نيوز", "نت", "قناة", "صحيفة", "جريدة", "وكالة", "وكالات", "موقع", "الإخبارية", "عربية", "عربي", "أونلاين"),
        *("الجزيرة", "العربية", "رويترز", "الأناضول", "فضائية", "إذاعة", "تلفزيون", "اليوم", "بوست", "مباشر", "برس"),
        *(
            "arabic",
            "news",
            "tv",
            "times",
            "post",
            "bbc",
            "cnn",
            "rt",
            "afp",
            "reuters",
            "ap",
            "press",
            "radio",
            "daily",
        ),
        *(
            "herald",
            "tribune",
            "journal",
            "gazette",
            "guardian",
            "telegraph",
            "agency",
            "euronews",
            "france",
            "24",
            "dw",
        ),
        *("com", "net", "org", "monde", "figaro", "presse", "média", "média", "actu", "خبرگزاری", "روزنامه", "ایسنا"),
        *("فارسی", "ایرنا", "تسنیم", "فرانس", "سكاي", "سبوتنيك", "يورونيوز", "شينخوا", "أ ف ب", "د ب أ"),
    )
)
"""Words that make a short phrase look like the name of an outlet."""

_MARK = re.compile(r"[\s)\]]*(?:[::؛|/•»>]|\.{2,}|…|[-–—]+\s|[-–—]+$|⬇|👇|\(\d+\)|$)")
_COMMA = re.compile(r"\s*[،,]\s")
_VALUE_LEAD = re.compile(r"[\s::;؛|/•»>.…⬇👇–—-]*")


class Label(NamedTuple):
    """A label at the start of a line.

    Attributes:
        kind: what the label announces.
        value_start: offset in the line where what it announces begins; the line's length where nothing follows.
        marked: whether a colon, dash or the like, or the end of the line, follows the label.
    """

    kind: LabelKind
    value_start: int
    marked: bool


@cache
def _table() -> tuple[dict[str, LabelKind], frozenset[str], int]:
    by_key: dict[str, LabelKind] = {}
    for kind, phrases in LABELS.items():
        for phrase in phrases:
            by_key.setdefault(word_key(phrase), kind)
    return by_key, frozenset(key.split()[0] for key in by_key), max(len(key.split()) for key in by_key)


def match_label(text: str, key: str | None = None) -> Label | None:
    """The label a line starts with, longest first; ``None`` for a line that starts with none.

    A label that is also a word of running text counts only where a mark or the line's end follows it.

    Args:
        text: the line.
        key: its key, where the caller has it.
    """
    by_key, first_words, longest = _table()
    head = text[:70]
    first = (word_key(head) if key is None else key).split(" ", 1)[0]
    if first not in first_words:
        return None
    tokens = tokenize(head)[: longest + 1]
    parts: list[tuple[str, int]] = []
    for token in tokens:
        parts.extend((part, token.end) for part in token.key.split())
    for count in range(min(longest, len(parts)), 0, -1):
        key = " ".join(part for part, _ in parts[:count])
        kind = by_key.get(key)
        if kind is None:
            continue
        end = parts[count - 1][1]
        mark = _MARK.match(text, end) or (_COMMA.match(text, end) if kind == "read_more" else None)
        if mark is not None:
            return Label(kind, _VALUE_LEAD.match(text, mark.end()).end(), True)  # type: ignore[union-attr]
        if kind in _STANDS_UNMARKED and (count > 1 or kind in _ONE_WORD_UNMARKED):
            return Label(kind, _VALUE_LEAD.match(text, end).end(), False)  # type: ignore[union-attr]
    return None


def is_share_bar(words: list[str]) -> bool:
    """Whether a line is a row of networks to share on, by its words' keys."""
    named = sum(word in NETWORKS for word in words)
    return named >= 2 and named * 2 >= len(words)


def is_promo(words: list[str]) -> bool:
    """Whether a line asks to follow, install or subscribe, by its words' keys."""
    return bool(words) and words[0] in _PROMO_VERBS and any(word in _PROMO_GOODS for word in words)


def looks_like_outlet(words: list[str]) -> bool:
    """Whether a phrase looks like the name of an outlet, by its words' keys."""
    return 0 < len(words) <= 5 and any(word in OUTLET_WORDS for word in words)
