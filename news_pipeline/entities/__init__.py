"""Who, where and which organisation an article names, and who said what.

Belongs here: the lexicon, recognition of names by lexicon and rules, linking within an article and to known entities,
quotations, and the tables built from mentions. Does not belong here: Arabic text in general (``arabic``), page layout
(``pages``), topics and trends (``topics``).
"""
