"""The language of reported speech: which words open, carry and end what somebody says.

Word lists and small questions about one word; keys are those of ``norm_ar``. How they are put together stands in
``quotes.py`` (what is said) and ``speakers.py`` (who says it).
"""

from __future__ import annotations

import re
from functools import lru_cache

from news_pipeline.arabic.clitics import proclitic_splits, strip_article
from news_pipeline.arabic.keys import norm_ar
from news_pipeline.entities import triggers


def _keys(text: str) -> frozenset[str]:
    """The keys of words; the preposition على has one of its own, apart from the name Ali (see ``words.look_up``)."""
    return frozenset(key for word in text.split() for key in (("على", "علي") if word == "على" else (norm_ar(word),)))


COMPLEMENTIZER = _keys(
    "أن إن أنه إنه أنها إنها أنهم إنهم أنهما إنهما أنني إنني أننا إننا أنك إنك بأن بأنه بأنها بأنهم بأننا بأنني بأنهما أني إني "
    "أنهن بأنهن إنك إنكم أنكم"
)
NEGATION = _keys("لم لا لن ما ولم ولا ولن وما فلم ألم")

# What leads to أن: the preposition a verb asks for. Those not listed take أن or بأن alone.
_PREPOSITIONS: dict[str, frozenset[str]] = {}
for _verbs, _preposition in (
    ("أشار أشارت أشاروا يشير تشير مشيرا مشيرة مشيرين لفت لفتت يلفت لافتا لافتة نوه نوهت منوها منوهة", "إلى"),
    ("شدد شددت شددوا يشدد تشدد مشددا مشددة أكد أكدت أكدوا أكدتا يؤكد تؤكد مؤكدا مؤكدة مؤكدين", "على"),
    ("أصر أصرت أصروا يصر تصر", "على"),
    ("حذر حذرت حذروا يحذر تحذر محذرا محذرة", "من"),
    ("كشف كشفت كاشفا كاشفة أعلن أعلنت أعلنوا يعلن تعلن معلنا معلنة", "عن"),
    ("اشتكى اشتكت اشتكوا يشتكي تشتكي", "من"),
):
    for _verb in _keys(_verbs):
        _PREPOSITIONS[_verb] = _keys(_preposition)
PREPOSITIONS = _keys("إلى على من عن في حول بشأن حتى مع")

OWN_THAT = _keys(
    "قبل بعد دون بدون غير إلا بيد منذ رغم حتى لولا لو كما عكس خاصة لاسيما سيما "
    "يمكن يمكنه يمكنها يجب ينبغي يتعين يستطيع يريد تريد يأمل تأمل نأمل آمل يخشى تخشى وتخشى ويخشى يتوقع تتوقع يعتقد تعتقد يفترض "
    "يبدو سبق لابد بد شأنه شأنها شأنهم الممكن المتوقع المقرر المرجح المحتمل المفترض الضروري المهم الواضح المعروف المنتظر "
    "طلب طلبت يطلب تطلب قرر قررت اقترح اقترحت أراد أرادت يفضل تفضل يرغب ترغب يسعني منه منها منهم "
    "المستبعد الأفضل يعني تعني يجوز كاد أوشك آملا آملة"
)
"""Words whose own أن follows them (``قبل أن``, ``من المقرر أن``): it opens nothing that the verb before them reports."""

NOUN_ALIKE = _keys(
    "متابعة رد ذكر كشف كتب زعم علق عقب زاد شرح حث قول وصف ختم عبر طالب رأى بين لفت تابع وعد جاء ورد مذكرة"
)
BEFORE_NOUN = PREPOSITIONS | _keys(
    "وهو وهي عدم بعد قبل كل أي بين دون عند خلال هذا هو هي أول بدون تحت لدى وفي ومن وعن وعلى"
)
"""Behind these, a form that could be verb or noun is the noun (``من رد فعله``)."""

ENDS_CLAUSE = _keys("بحسب حسب وفق وفقا وفيما فيما طبقا نقلا حسبما وفقما علما")
"""Behind a comma, these begin what the reporter adds: a source, or another side of the story."""

CONNECTORS = _keys(
    "لكن لكنه لكنها لكنهم ولكن ولكنه ولكنها كما حيث بينما وبينما غير بيد إلا إذ وإذ وكان وكانت كان كانت أنه أنها عندما حين حينما فيما"
)
"""Behind a comma and before another verb of speech, these open the next statement (``، لكنه شدد على``)."""

STANCE = frozenset(
    form
    for masculine in norm_ar(
        "متوقعا متمنيا مستبعدا داعيا مطالبا معربا معبرا مكتفيا آملا منتقدا ملمحا متعهدا واصفا متسائلا منددا مستنكرا طارحا "
        "مستشهدا رافضا مرجحا مرحبا مستغربا مناشدا مهددا متوعدا ملوحا مقترحا محملا مثمنا مبديا حاثا موجها مجددا موصيا شاكرا مهنئا "
        "مستعرضا متهما متطرقا مكررا مستذكرا مخاطبا مستدركا"
    ).split()
    for form in (masculine, f"{masculine[:-1]}ه", f"{masculine[:-1]}ين")
) - _keys("محملة موجهة مجددة مهددة مجددا موجها")
"""Participles of taking a stand: they hang on the verb of speech, so that its reported clause ends before them."""

MAY_END_CLAUSE = STANCE | ENDS_CLAUSE | CONNECTORS | _keys("في خلال وذلك وهو وهي الأمر") | {"على"}
"""All words at which a clause may end, besides verbs of speech."""

RESUMING = _keys("فيه فيها فيهما خلاله خلالها عنه عنها به بها")
"""Behind a verb in a relative clause these take up its noun, which then is no subject (``الكلمة التي قال فيها``)."""

KIN = _keys("محامي محامية شقيق شقيقة زوجة زوج والد والدة نجل ابن ابنة أرملة مكتب حملة أسرة عائلة أنصار مقربون")
RELATIVES = _keys("الذي التي الذين اللذين اللذان والذي والتي والذين")
MAY_LEAD = COMPLEMENTIZER | RELATIVES
"""All words between a verb and what it introduces that the reader must look at, besides verbs and marks."""

SAID_IN = _keys(
    "بيان تصريح تصريحات مقابلة حديث حديثه حديثها كلمة كلمته كلمتها مؤتمر تغريدة تغريدته تدوينة اتصال لقاء حوار حواره خطاب خطابه "
    "رسالة تقرير مداخلة مداخلته مداخلتها تعليق منشور"
)

EVIDENCE = _keys(
    "تحقيق التحقيق فحص مسح وثيقة وثائق شهادة محضر تحليل تحاليل نتائج اختبار اختبارات صور صورة تسجيل تسجيلات إحصاءات إحصائيات "
    "أرقام بحث أبحاث تجارب تجربة فيديو مؤشرات مزيفة استطلاع استبيان تقديرات بيانات معطيات أدلة سجلات حسابات قياسات"
)
"""Findings that show something rather than persons who say it (``كشف تحقيق أن``)."""

FIGURES = _keys(
    "النتائج تقديرات التقديرات بيانات البيانات إحصاءات إحصائيات الإحصاءات الإحصائيات معطيات المعطيات نتائج أرقام الأرقام"
)
"""What figures indicate nobody says (``تشير تقديرات إلى أن``)."""

IMPERSONAL = _keys("يذكر يشار تجدر")

ENDS_SUBJECT = _keys(
    "في على إلى الى عن من خلال عبر أمام بعد قبل اليوم أمس مساء صباح ظهر الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة "
    "السبت حول عقب أثناء ضمن لدى مع أيضا كذلك للصحفيين للصحافيين بشأن تعليقا ردا كما عند أنذاك حينها بدوره بدورها ل قد "
    "للجزيرة لوكالة لصحيفة لقناة مجددا سابقا لاحقا فيه فيها له لها لهم به بها هنا هناك الآن ذلك هذا ضرورة عدم أنباء بيان "
    "متحدثا خلاله خلالها لرويترز لفرانس لبي لشبكة لراديو لإذاعة للتلفزيون وهو وهي الذي التي الذين لموقع لمجلة ليل فجر يوم "
    "تحته تحتها فوقه عليه عليها عنه عنها إليه إليها منه منها معه معها لهما لهن حوله حولها ضده ضدها بسبب رغم لأن "
    "وقتها آنذاك حين حينئذ مرارا رسميا صراحة بوضوح إثر هامش استنادا نقلا بناء لمراسل لمراسلة لمراسلنا لوسائل للأناضول خصوصا منتصف إلينا لنا منذ"
) - {"علي"}

PERIODS = _keys("العام الأسبوع الشهر السنة اليوم الليلة")
PAST_OR_NEXT = _keys("الماضي الماضية الفائت الفائتة المنصرم المنصرمة الجاري الجارية المقبل المقبلة")

# What is in marks behind these is a name.
TITLED_NOUNS = _keys(
    "فيلم فيلمه فيلمها كتاب كتابه كتابها رواية روايته روايتها صحيفة صحيفتي جريدة جريدتي مجلة مجلتي قناة قناتي إذاعة تلفزيون "
    "فضائية برنامج برنامجه برنامجها مسلسل مسلسله أغنية أغنيته أغنيتها ألبوم ألبومه ألبومها مسرحية موقع بوابة منصة شركة حركة "
    "تنظيم عملية حملة اسم يدعى تدعى معروف معروفة مسمى مسماة هاشتاغ وسم وكالة وكالتي شبكة شبكتي راديو جماعة جبهة منظمة مؤسسة "
    "جمعية مجموعة حزب نادي مهرجان جائزة تطبيق لقب ملقب ملقبة عنوان مشروع مبادرة معرض سفينة فندق مطعم "
    "فرقة فريق منتخب مستشفى سجن عائلة أسرة قبيلة موضوع شعار ندوة مؤتمر تقنية تكنولوجيا برمجية لعبة صاروخ صواريخ طائرة طائرات "
    "منظومة مكنى مكنيا صفقة قانون ترويسة كتيبة لواء كتائب سلسلة مقال مقالة أوبرا قصيدة لوحة متحف مركز مدرسة أكاديمية جامعة "
    "مدينة بلدة قرية شارع حي ميدان كنيسة مسجد جزيرة نسخة خدمة خاصية ميزة جهاز هاتف سيارة طراز نوع مصطلح عبارة كلمة "
    "مرض فيروس متلازمة تحالف ائتلاف تيار كتلة بطولة كأس دوري مسابقة برج سوق مجمع صالة قاعة ملعب استاد استوديو شخصية دور خلية "
    "الداعية يسمى تسمى يعرف تعرف مسماه سمي سميت أسماه عنوانه عنوانها اسمه اسمها يسمونه تسميه أسمته وصفهم لعبته ديوان حلقة فقرة زاوية "
    "أغاني فيديو كليب شريط وثائقي إنجاز بحيرة نظام اتفاقية معاهدة معركة غزوة"
)
_NAMING = _keys(
    "موضوع قائمة سماه سماها أسماه يسمى تسمى يسمي تسمي بمسمى المسمى المسماة المعروف المعروفة يعرف تعرف الملقب الملقبة المكنى بعنوان عنوان عنوانه عنوانها باسم شعار شعاره "
    "هاشتاغ وسم هاشتاج الوسم يطلق بلقب لقب فيلم مسلسل كتاب رواية أغنية"
)

SPEECH_NOUNS = _keys(
    "إشارة قول تأكيد تذكير تشديد إعلان تحذير إعراب تعبير تنويه كشف إفادة إيضاح توضيح اعتراف إقرار زعم ادعاء نفي تصريح إضافة "
    "تعليق رد دعوة مطالبة شكر ترحيب إعادة لفت تلويح تهديد وصف حديث سؤال تساؤل تعهد وعد"
)
POSSESSIVES = ("ها", "هم", "هما", "ه")
_PARTICLES = ("و", "ف")

# Nominal statements: which verbs take a verbal noun, and the preposition before it ("" for none).
NOMINAL: dict[str, frozenset[str]] = {}
for _verbs, _preposition in (
    ("أعلن أعلنت أعلنوا يعلن تعلن معلنا معلنة أعلنا أعلنتا", " عن"),
    ("أكد أكدت أكدوا يؤكد تؤكد مؤكدا مؤكدة مؤكدين أكدا أكدتا", " على"),
    ("شدد شددت شددوا يشدد تشدد مشددا مشددة مشددين", "على"),
    ("أشار أشارت أشاروا يشير تشير مشيرا مشيرة مشيرين", "إلى"),
):
    for _verb in _keys(_verbs):
        NOMINAL[_verb] = _keys(_preposition) | ({""} if _preposition.startswith(" ") else set())

_ACTS = _keys(
    "مقتل مصرع وفاة قتل رفع رفض دعم وقف فتح بدء سحب منع حظر فوز خروج دخول وصول وقوف عودة زيادة ضرورة أهمية إمكانية حقيقة حرص "
    "عدم غياب نجاح فشل ضبط سقوط طرد شن قيام عزل فصل نقل هزيمة وجود حاجة خطورة سعي عزم نية رغبة استعداد ثقة قدرة جاهزية "
    "إصابة إقامة إعادة إقالة إزالة إدانة إحالة إطالة إثارة إضافة إتاحة استقالة استعادة استضافة استجابة مشاركة مواصلة مغادرة مقاطعة مصادرة "
    "محاربة مكافحة محاسبة معاقبة مراجعة مساندة ملاحقة مضاعفة موافقة متابعة محاكمة معالجة مواجهة تمسك تقدم تراجع توقف "
    "تخلي تولي توصل تضامن تعاون تعرض تسلم تحرير تسوية تهيئة تصفية توفر تفهم تحمل نشر صرف خفض حل ربط دفن حجب حبس سجن قطع "
    "كسر نزع هدم هروب فرار صعود هبوط نمو تضرر غرق حدوث حصول ظهور اندلاع شراء بيع بناء صنع طرح قبول لجوء لزوم وجوب كون أحقية خلو تعاقد تأهل تدخل "
    "تجاوز تبادل تفاقم تزايد تحول تطور تدهور تحسن تجدد تفشي اتخاذ اتفاق اتهام اطلاع انضمام "
    "فرض قدوم حرمان صدور رحيل نفاد رصد سن جمع خطف أسر كسب ترك عقد عبور حفظ حماية رعاية سلامة بقاء بدء ذهاب نشوب جعل انهيار "
    "تنازل تواصل تصاعد تداول تعافي تكفل تعهد تفوق تأجيل إلغاء إنشاء إنهاء إرجاء إجراء إخلاء "
    "شرعية براءة نقص ضعف قلة بطلان ضلوع تورط التزام احترام استمرار حق حقه حقها"
)
_NO_ACT = _keys(
    "تاريخ تقرير تمثيل تلميذ اقتصاد امتحان احتياط ائتلاف اتحاد اختصاص إسلام إعلام إنسان إيران إطار استاد تصريح تعليق اختبار إخوان "
    "إقليم"
)
_PATTERN = re.compile(
    r"ت..ي[^ا]|ان..ا.|ا.[تطد].ا.|است..ا.|إ..ا."  # تفعيل، انفعال، افتعال، استفعال، إفعال
)

MEDIA = _keys("المجلة الموقع الجريدة الإذاعة المحطة")
"""Media by their noun alone, besides the heads of bodies that the recogniser knows."""

BODIES = MEDIA | _keys("الحكومة السلطات الشرطة الوزارة السفارة النيابة الادعاء القضاء البرلمان الرئاسة السلطة")
"""Bodies that speak by their noun alone or with an adjective."""

SPOKESPEOPLE = _keys("متحدث متحدثة المتحدث المتحدثة ناطق الناطق ناطقة الناطقة")
ANONYMOUS = _keys(
    "مسؤول مسؤولة مسؤولون مسؤولين مسئول مسئولون مصدر مصادر المصدر المصادر قاض قاضي ضابط ضباط طبيب أطباء شاهد شهود سكان الأهالي أهالي محلل "
    "محللون محللين خبير خبراء دبلوماسي دبلوماسيون باحث باحثون باحثة علماء ناشط ناشطة ناشطون نشطاء تقارير مواطن مواطنون مواطنة شخص "
    "أشخاص رجل رجال امرأة فتاة مستخدم مستخدمون مغرد مغردون دراسة دراسات مراقبون متظاهرون أحد إحدى بعض أحدهم كثيرون آخر آخرون أخرى مواقع "
    "وسائل صحف طالب طلاب عالم المحققون محققون المدعون ممثلو أفراد صحفي صحفيون كاتب عضو معلق مشجع"
)
"""Those an article does not name: nobody can be looked up for them, unless a name follows."""

REPORTERS = _keys("مراسل مراسلة مراسلنا مراسلتنا")
"""Without a name they mean somebody unnamed, not the medium they work for."""

ONE_OF = _keys("أحد إحدى بعض")

NAMED_AS = _keys("يدعى تدعى ويدعى وتدعى اسمه اسمها واسمه واسمها")
"""Between somebody unnamed and the name that follows after all (``مستخدم للموقع، يدعى سمير``)."""

ADDRESSING = _keys(
    "اتهم اتهمت اتهموا متهما متهمة وصف وصفت وصفوا اعتبر اعتبرت شكر شكرت أبلغ أبلغت أخبر أخبرت هدد هددت دعا دعت طالب طالبت حث حثت وحث ناشد "
    "ناشدت انتقد انتقدت هاجم هاجمت ذكر ذكرت ثمن ثمنت أدان أدانت دان دانت أبدى أبدت أورد أوردت توعد توعدت"
)
"""Verbs whose object stands right behind the subject: a person there is the one spoken to (``اتهم الحزب سمير``)."""

PASSING_ON = _keys("نقل نقلت تنقل")
"""Verbs of passing on what others say: the speaker stands behind their عن."""

RELATIONS = _keys(
    "محامي محامية محامو شقيق شقيقة زوجة زوج والد والدة نجل ابن ابنة أنصار حملة أسرة عائلة مكتب مساعد مساعدو وكيل وكيلة طبيب صديق صديقة "
    "مقربون خليفة سلف نائب مستشار مدير فريق حزب"
)
"""Whoever stands right before a person's name with one of these is somebody else (``محامي فلان``)."""

ADVERBIAL = PREPOSITIONS | _keys("خلال بعد قبل عقب أثناء ردا تعليقا لدى عند منذ ضمن بينما عندما حين فيما خلالها")
"""What a sentence may begin with that is not its subject."""

HIS_WORDS = _keys("قوله قولها قولهم تعبيره تعبيرها تعبيرهم وصفه وصفها رأيه رأيها كلامه كلامها تصريحه تصريحها")
ACCORDING = _keys("بحسب حسب وفق وفقا طبقا")
CIRCUMSTANCE = _keys("حين حينما عندما عقب خلال بعد قبل على في أثناء ردا تعليقا ضمن بعدما منذ مع إثر رغم بسبب بحسب وفقا")
CLOSES_SUBJECT = _keys(
    "اليوم أمس الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت رسميا بيان تصريح مساء صباح فيه فيها أيضا مجددا"
)
PARTIAL = _keys("وصف وصفت وصفوا وصفه وصفها اتهم اتهمت هدد هددت اعتبر اعتبرت")
"""Verbs of saying whose object may be a few quoted words (``وصف القرار بـ"الظالم تماما"``)."""

DOCUMENTS = _keys("بلاغ البلاغ بلاغا بيان تقرير دراسة البيان التقرير الدراسة تصريح بيانا تقريرا")
STUDIES = _keys("تقرير دراسة")
"""Documents that anybody may have written, where no article says that they are known."""
OF_DOCUMENTS = _keys("تضمن تضمنت جاء ورد")
STANDS_IN = _keys("جاء ورد")
"""Verbs that say what stands in a document: ``تضمن البيان أن``, ``جاء في البيان أن``."""
WITH_BI = _keys("ندد نددت رحب رحبت أشاد أشادت طالب طالبت طالبوا")
"""Verbs whose object stands behind a joined ب: what begins with one is no subject."""
BY_TURN = _keys("جهته جهتها جانبه جانبها ناحيته ناحيتها جهتهم جانبهم جهة جانب")
"""``من جهته``: begins a sentence before its verb."""
THE_SAME = _keys("نفسه ذاته عينه")
ISSUING = _keys("أصدر أصدرت نشر نشرت وأصدر وأصدرت ونشر ونشرت أصدره أصدرها أصدرته أصدرتها")
WHO = _keys("من ممن لمن")
SAYING = _keys("قائلا قائلة")
TAKES_INNA = _keys("قال قالت قالوا يقول تقول يقولون وقال وقالت وقالوا ويقول وتقول")
OFFICIALS = _keys("المسؤول المسئول المسؤولة المسئولة")
UNNAMED_OFFICES = _keys(
    "القاضي القاضية الضابط الطبيب الطبيبة الجندي المتهم السائق الرجل الأستاذ المحامي المحامية الباحث الطفل الشاب"
)
"""Offices that tell who somebody is to a story, not to a state: without a name they mean somebody unnamed."""

LETTER_NAMES = _keys(
    "إيه آيه أي إي بي سي دي إف أف جي إتش إش آي كي إل أل إم أم إن أن أو كيو آر أر إس أس تي يو في دبليو إكس واي زد"
)
ASIDE = _keys("قد فقد وقد سابقا أيضا بدوره بدورها كان كانت")
_NAMED_THUS = _keys("عليه عليها عليهم عليهما")
_CALLED = _keys("أطلق أطلقت أطلقوا أطلقه أطلقها يطلق تطلق يطلقون وأطلق")
_MASCULINE_IN_T = _keys("لفت تابع تحدث تساءل تعهد يلفت")


_PARTICIPLES = frozenset(verb for verb, kind in triggers.REPORTING_VERBS.items() if kind == "participle") | _keys(
    "داعيا داعية مطالبا مطالبة واصفا واصفة متحدثا متحدثة تعليقا متوقعا متوقعة"
)


def is_participle(verb: str) -> bool:
    """Whether a form hangs on the verb of its sentence and has its subject."""
    return verb in _PARTICIPLES


@lru_cache(maxsize=50_000)
def verb_key(key: str) -> tuple[str, int]:
    """The verb behind a joined particle, and how many letters that takes: ``وقال``, ``ليقول``, ``بالقول``."""
    verbs = triggers.REPORTING_VERBS
    if key[1:] in verbs and (key not in verbs or len(key) == 3):
        if key[0] in _PARTICLES or (key[0] == "ل" and key[1] in "يت"):
            return key[1:], 1
        if key[0] in "بل" and verbs[key[1:]] == "noun":
            return key[1:], 1
    if key[:2] in ("ول", "وب", "فب") and key[2:] in verbs and (key[2] in "يت" or verbs[key[2:]] == "noun"):
        return key[2:], 2
    return key, 0


def leads_to_that(verb: str, governor: str, before: str) -> bool:
    """Whether the words before an أن let it belong to the verb.

    It may follow the verb's own preposition or none, or that of a manner of speech (``اختتم بالإشارة إلى أن``).
    """
    if before in OWN_THAT:
        return False
    return before not in PREPOSITIONS or own_preposition(verb, before) or is_manner_of_speech(governor)


def own_preposition(verb: str, word: str) -> bool:
    """Whether the verb asks for that preposition."""
    return word in _PREPOSITIONS.get(verb, frozenset())


@lru_cache(maxsize=4096)
def gender(verb: str) -> str:
    """``f``, ``m`` or ``p`` (plural), by the form of a verb or participle of speech."""
    if verb.endswith(("وا", "ون", "ين")) or (verb.endswith("تا") and not is_participle(verb)):
        return "p"
    if verb in _MASCULINE_IN_T:
        return "m"
    if triggers.REPORTING_VERBS.get(verb) == "noun" or verb == "وصفه":
        return "f" if verb.endswith("ها") else "m"
    return "f" if verb.endswith(("ت", "ه", "ها")) or (verb.startswith("ت") and len(verb) > 3) else "m"


@lru_cache(maxsize=50_000)
def names_act(surface: str) -> bool:
    """Whether a word as written is a verbal noun: by list or, for derived verbs, by its pattern."""
    key = norm_ar(surface)
    article = key.startswith(("ال", "لل", "وال"))
    for suffix in ("", "هما", "هم", "ها", "ه", "نا"):
        stem = key.removesuffix(suffix) if suffix else key
        if len(stem) < 2 or (suffix and stem == key):
            continue
        stems = {stem, f"{stem[:-1]}ه"} if suffix and stem.endswith("ت") else {stem}
        if stems & _NO_ACT:
            return False
        if stems & _ACTS:
            return True
        written = f"إ{stem[1:]}" if surface.startswith("إ") else stem
        if not article and len(stem) >= 5 and _PATTERN.fullmatch(written):
            return True
    return False


@lru_cache(maxsize=50_000)
def takes_name(key: str) -> bool:
    """Whether a word, bare or with particles and article, is a noun that a name follows: ``بالقناة``, ``ولصحيفة``."""
    rests = {strip_article(rest) for rest in (key, *(rest for _, rest in proclitic_splits(key)))}
    return any(rest in TITLED_NOUNS or (rest.endswith("تا") and f"{rest[:-2]}ه" in TITLED_NOUNS) for rest in rests)


def names_by_calling(verb: str, preposition: str) -> bool:
    """``أطلق عليها "…"``: a name follows."""
    return preposition in _NAMED_THUS and verb in _CALLED


def is_definite(key: str) -> bool:
    """Whether a word has the article."""
    return len(key) >= 5 and key.startswith(("ال", "وال"))


@lru_cache(maxsize=50_000)
def is_document(key: str) -> bool:
    """Whether a word is a noun for what a body issues, also with article or pronoun: ``بيان``, ``البيان``, ``بيانها``."""
    return key in DOCUMENTS or any(key.endswith(s) and key.removesuffix(s) in DOCUMENTS for s in POSSESSIVES)


@lru_cache(maxsize=50_000)
def announces_name(key: str) -> bool:
    """Whether a word says that a name follows, though not right behind it: ``ما يسمى``, ``المعروف``."""
    return key in _NAMING or any(rest in _NAMING for _, rest in proclitic_splits(key))


@lru_cache(maxsize=50_000)
def is_manner_of_speech(key: str) -> bool:
    """Whether a word is ب with a verbal noun of speech, which ends the subject: ``بالإشارة``, ``بالقول``, ``بقوله``."""
    if key[:1] in _PARTICLES:
        key = key[1:]
    if not key.startswith("ب"):
        return False
    noun = key[3:] if key.startswith("بال") else key[1:]
    return noun in SPEECH_NOUNS or is_speech_noun(noun)


@lru_cache(maxsize=50_000)
def is_speech_noun(key: str) -> bool:
    """Whether a word is a verbal noun of speech with the speaker's pronoun: ``إعلانه``, ``تأكيدها``."""
    return any(
        key.endswith(pronoun) and bool({stem := key.removesuffix(pronoun), f"{stem.removesuffix('ت')}ه"} & SPEECH_NOUNS)
        for pronoun in POSSESSIVES
    )
