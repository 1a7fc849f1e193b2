"""Dagster only: partitions, assets, checks, sensors, schedules, jobs and resources.

Belongs here: wiring. An asset resolves its partition keys, calls a plain function of the package, and reports what it
did as metadata and check results. Does not belong here: anything that reads, parses, counts or writes by itself.
"""
