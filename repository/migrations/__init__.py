"""Every change of the catalogue's tables, from the first one on (Alembic)."""
