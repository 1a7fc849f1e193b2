"""From the landing folder to rows of ``raw_pages``: find dumps, read each format, decode bytes to text, go back to bytes.

Belongs here: file formats, character encodings, HTML as visible text, and what a container or the markup itself states
about a page. Does not belong here: knowing what a line of a page means, which is the work of ``pages``.
"""
