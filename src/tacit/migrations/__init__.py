"""The revisions of the store's schema, run by Alembic on a connection that is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["configured", "revisions", "upgrade"]


def configured() -> Config:
    """Alembic's configuration, without a file."""
    config = Config()
    config.set_main_option("script_location", "tacit:migrations")
    return config


def revisions() -> frozenset[str]:
    """The revisions that this tacit knows."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(configured()).walk_revisions())


def upgrade(connection: Connection) -> None:
    """Bring the database to the newest revision, within the transaction of `connection`."""
    config = configured()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
