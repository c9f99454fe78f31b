"""Keeping and letting go: retention schedule, legal holds, disposal lists, fixity.

Plain functions over a session of the catalogue; they return frozen views. What the law
says stands in data (:mod:`repository.keeping.schedule`), what a person decides in rows.
"""
