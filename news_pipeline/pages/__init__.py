"""From the text of a page to its anatomy and its articles.

Belongs here: labels, lines, blocks, layouts, dates, tags, headlines, languages, and the assembly of articles. Does not
belong here: reading dumps and decoding bytes (``dumps``), and what articles are about (``entities``, ``topics``).
"""
