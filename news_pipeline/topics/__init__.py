"""Topics of the news: what an article is about, what a day covered, and how that compares with the weeks before.

Belongs here: subjects (IPTC Media Topics), the daily rollup, trends, the dimension of topics; Arrow in, Arrow out. Does
not belong here: finding entities or stories, files and partitions, views and macros.
"""
