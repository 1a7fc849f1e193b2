"""What belongs together: texts that repeat each other, articles that tell one story.

Belongs here: fingerprints of texts, the finding of copies, the numbering of stories, the assembly of a day's articles.
Does not belong here: reading pages, naming entities, subjects and their counts.
"""
