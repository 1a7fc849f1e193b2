"""Pages written for these tests, in the layouts that dumps come in."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from news_pipeline import contract
from news_pipeline.pages.parse import parse_pages

SEED_LIKE = """صدى المدينة:
2024-02-09@08:15:30 GMT

بلدية الميناء: لا نية لإغلاق سوق السمك القديم

تاريخ النشر: 3rd, November 2022 GMT

بلدية الميناء: لا نية لإغلاق سوق السمك القديم

نفى رئيس بلدية الميناء، نديم الحلو، اليوم الخميس، وجود أي نية لإغلاق سوق السمك القديم، مؤكدا أن أعمال الترميم ستبدأ في الربيع.

اتحاد المزارعين: موسم الزيتون هذا العام هو الأفضل منذ عقد

وقال الحلو للصحفيين: "نحن نرمم سقف السوق فقط، ولا أحد سيترك مكانه".

ولهذا نعقد اجتماعا أسبوعيا مع الباعة".

وكانت نقابة الباعة قد طلبت، في 12 أكتوبر 2022، ضمانات مكتوبة من البلدية قبل بدء أعمال الترميم في سوق السمك القديم.

المصدر: صدى

المصدر: صدى المدينة

كلمات دلالية: فيضانات سوق السمك القديم نديم الحلو رامي قسطنديان أعمال الترميم

إقرأ أيضاً:

مصنع الزجاج يعيد فتح أبوابه بعد عامين

تابع أحدث الأخبار عبر تطبيق

أعاد مصنع الزجاج في الضاحية الشرقية فتح أبوابه أمس بعد عامين من التوقف، وعاد ثمانون عاملا إلى أفرانه.

وأوضح مدير المصنع أن الطلب على الزجاج الملون ارتفع كثيرا في الأشهر الأخيرة.

\u00a0

مقالات مشابهة

  • شاهد.. قارب صيد يعود بعد أسبوع من الضياع
  • تقرير: أسعار السمك ترتفع في الشتاء
  • افتتاح مدرسة بحرية للفتيات
"""

PORTAL = """الرئيسية > محليات > حديقة الحيوان تستقبل زراف

حديقة الحيوان تستقبل زرافتين من كينيا

كتبت: هند الزين

الثلاثاء 14 يونيو 2022 - 09:45

شارك على: فيسبوك تويتر واتساب

استقبلت حديقة الحيوان صباح اليوم زرافتين صغيرتين وصلتا جوا من كينيا بعد رحلة استغرقت يوما كاملا.

تفاصيل الرحلة

وقالت مديرة الحديقة إن الرحلة رافقها طبيبان بيطريان طوال الوقت.

اقرأ أيضا: ولادة فيل نادر في محمية الشمال

وستفتح الحظيرة الجديدة أبوابها للزوار الأسبوع المقبل.

المصدر: أخبار الواحة

الوسوم: حديقة الحيوان، كينيا، الزراف

أخبار ذات صلة

- ولادة فيل نادر في محمية الشمال

- مسابقة لرسم الحيوانات في المدارس

التعليقات (0)

أضف تعليقاً

جميع الحقوق محفوظة © 2024
"""

ENGLISH = """Home
World
Sport
Home > World > Africa
Old lighthouse to open as a museum
By Laila Aston and Omar B.
Published 12 March 2021, 14:05 GMT
Updated 15 March 2021
Share
Facebook
Twitter
Image caption: The lighthouse before the works
The harbour council said on Friday that the old lighthouse would open as a museum before the end of the year.
"We have kept every lamp," the director told reporters on the pier.
Read more: Harbour wall repaired after the storm
The lighthouse was closed eleven years ago when its stairs were found to be unsafe.
Source: Coast Courier
Tags: lighthouse, museums, harbour
Related articles
Harbour wall repaired after the storm
A night among the ferries
Comments (1)
Sami
I climbed these stairs as a child and I will climb them again.
© 2021 Coast Courier. All rights reserved.
"""

FRENCH = """Accueil > Culture
La médina retrouve ses lanternes
Par Samia K.
Publié le 3 février 2022 à 09h30 - Mis à jour le 4 février 2022
Partager sur Facebook Twitter WhatsApp
La commune a rallumé jeudi soir les deux cents lanternes de la vieille ville après trois ans de travaux.
À lire aussi : Le théâtre municipal cherche un toit
« Nous avons attendu ce soir pendant des années », a déclaré le maire devant la grande porte.
Source : La Gazette du Sud
Mots-clés : médina, patrimoine
Sur le même sujet
Le théâtre municipal cherche un toit
"""

PERSIAN = """خانه » جامعه
کتابخانه قدیمی شهر دوباره باز شد
تاریخ انتشار: ۲۹ شهریور ۱۴۰۲ - ۱۲:۳۰
کد خبر: ۱۲۳۴
کتابخانه قدیمی شهر که پنج سال بسته بود امروز با حضور صدها نفر از مردم دوباره باز شد.
مدیر کتابخانه گفت که بیش از ده هزار کتاب تازه برای کودکان خریداری شده است.
منبع: روزنامه بامداد
برچسب‌ها: کتابخانه، کودکان
"""


def raw_page(text: str | None, page_id: str = "page", **columns: Any) -> dict[str, Any]:
    """A row of ``raw_pages``."""
    return {
        "page_id": page_id,
        "dump": "dump",
        "file": "dump/page.txt",
        "byte_start": 0,
        "byte_end": 1,
        "sha256": "0",
        "text": text,
        **columns,
    }


def parse(*pages: dict[str, Any], time_zone: str = "UTC") -> dict[str, list[dict[str, Any]]]:
    """The rows of each table that ``parse_pages`` makes of some pages."""
    tables: dict[str, pa.Table] = parse_pages(contract.from_rows("raw_pages", list(pages)), time_zone)
    return {name: table.to_pylist() for name, table in tables.items()}


def kinds(text: str) -> list[tuple[str, str]]:
    """Kind and stripped text of each block of a page."""
    blocks = parse(raw_page(text))["page_blocks"]
    return [(block["kind"], text[block["char_start"] : block["char_end"]].strip()) for block in blocks]
