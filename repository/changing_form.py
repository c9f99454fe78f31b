"""Brings the tables of a catalogue to another version's form, by Alembic."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from repository.database_fits import MIGRATIONS
from vocabulary.errors import MissingPart


def upgrade(connection: Connection) -> None:
    """To this version's form, in the transaction of the connection.

    Raises:
        MissingPart: ``catalogue_newer``.
    """
    config = _config(connection)
    _tables_must_be_known(connection, config)
    command.upgrade(config, "head")


def downgrade(connection: Connection, revision: str) -> None:
    """To an earlier form (``base``: none); what that cannot hold is lost."""
    command.downgrade(_config(connection), revision)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _tables_must_be_known(connection: Connection, config: Config) -> None:
    """Refuses a catalogue that a newer version of the program has changed.

    Raises:
        MissingPart: ``catalogue_newer``.
    """
    known = {one.revision for one in ScriptDirectory.from_config(config).walk_revisions()}
    unknown = set(MigrationContext.configure(connection).get_current_heads()) - known
    if unknown:
        named = ", ".join(sorted(unknown))
        raise MissingPart(
            f"Danh mục đã được phiên bản mới hơn của chương trình sửa (dạng {named}). Hãy cài "
            "phiên bản mới trên máy này; đừng chạy bản cũ.",
            f"The catalogue has the form {named} of a newer version of this program. Install the "
            "newer version on this host; do not run the old one.",
            code="catalogue_newer",
        )
