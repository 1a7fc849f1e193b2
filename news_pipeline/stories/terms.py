"""The terms that tell what a text is about: light stems of its words, without function words.

Stems are for comparing only and may be no words. Affixes are those of the light10 stemmer (Larkey, Ballesteros and
Connell 2007, "Light stemming for Arabic information retrieval"), which such systems measure better by than roots.
"""

from __future__ import annotations

from news_pipeline.arabic.keys import word_key

_PREFIXES = ("وال", "بال", "كال", "فال", "ولل", "لل", "ال")
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")
_MIN_STEM = 3

FUNCTION_WORDS = frozenset(
    word_key(
        """
    في من على إلى عن مع منذ حتى خلال بين بعد قبل عند عندما حين حول دون غير ضد نحو لدى عبر تحت فوق أمام وراء بسبب
    أن إن أنه أنها إنه إنها بأن لأن لأنه كأن لكن لكنه لكنها ليس ليست لم لن لا ما ماذا لماذا كيف متى أين هل قد لقد سوف
    هو هي هم هما نحن أنا أنت هذا هذه ذلك تلك هؤلاء أولئك هنا هناك الذي التي الذين اللذين اللتين اللاتي
    كان كانت كانوا يكون تكون كما كل كلا بعض أي أو ثم إذا إذ لو لولا بل حيث مما فيما بما كما لما عما ممن فقط أيضا
    به بها بهم له لها لهم لنا لي لك فيه فيها فيهم منه منها منهم عليه عليها عليهم إليه إليها عنه عنها معه معها بينهم
    بينما قال قالت وقال وقالت يقول تقول وأضاف أضاف أضافت وأضافت أوضح وأوضح أكد وأكد أكدت وأكدت أشار وأشار ذكر ذكرت
    وذكرت أعلن أعلنت وأعلن وأعلنت أفاد أفادت وأفادت بحسب وفق وفقا حسب تم يتم جدا أكثر أقل أول أولى آخر أخرى مرة
    اليوم أمس غدا الآن يوم الأحد الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت صباح مساء الماضي الماضية الجاري
    المقبل المقبلة الحالي الحالية عام سنة شهر أسبوع ساعة يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر
    نوفمبر ديسمبر جانفي فيفري أفريل ماي جوان جويلية أوت ألف مليون مليار عدد نفس ذات سيما عدم ضمن أثناء لذلك وذلك وهو وهي
    وكان وكانت ومن وفي وعلى وإن وأن ولا ولم وقد كذلك يمكن يجب مثل مثلا رغم الرغم جميع عدة أحد إحدى
    the a an of and in on at to for from by with is are was were be it this that as has have had not will said
    """
    ).split()
)
"""Words of no topic: particles, pronouns, verbs of saying, days and months; as keys."""


def term_of(word: str) -> str:
    """The term a word's key stands for; empty for function words, single letters and digits, and years."""
    is_year = len(word) == 4 and word.isdigit() and word.startswith(("19", "20"))
    if word in FUNCTION_WORDS or len(word) < 2 or is_year:
        return ""
    stem = word
    if stem.startswith("و") and len(stem) - 1 >= _MIN_STEM + 1 and not stem.startswith("وال"):
        stem = stem[1:]
        if stem in FUNCTION_WORDS:
            return ""
    for prefix in _PREFIXES:
        if stem.startswith(prefix) and len(stem) - len(prefix) >= _MIN_STEM:
            stem = stem[len(prefix) :]
            break
    for suffix in _SUFFIXES:
        if stem.endswith(suffix) and len(stem) - len(suffix) >= _MIN_STEM:
            stem = stem[: -len(suffix)]
            break
    return "" if stem in FUNCTION_WORDS else stem
