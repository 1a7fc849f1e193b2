"""The warehouse: DuckDB views, macros and the catalog over the Parquet tables, and the way back from a count to bytes.

Belongs here: what a reader of the finished tables calls. Does not belong here: computing or writing tables.
"""
