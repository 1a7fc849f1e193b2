"""news_pipeline: raw dumps of news pages to parsed articles, entity tables and a daily topic rollup.

The packages follow the flow: ``dumps`` → ``pages`` → ``entities`` → ``stories`` → ``topics`` → ``warehouse``, with
``arabic`` below them and ``defs`` (Dagster) above. Everything outside ``defs`` is plain Python without Dagster.
"""
