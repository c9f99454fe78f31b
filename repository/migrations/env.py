"""Alembic's entry: runs the changes on the connection that ``Database.migrate`` hands in."""

from alembic import context

from repository.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()
