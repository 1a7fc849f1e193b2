"""Arabic text as the rest of the project needs it: matching keys, tokens with offsets, clitics.

Belongs here: pure functions over strings. Does not belong here: knowledge of pages, names or topics.
"""
