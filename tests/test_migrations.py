"""The revisions lead to the very tables that the store uses."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine

from tacit.migrations import configured, revisions
from tacit.store import Store
from tacit.store.schema import REVISION, metadata


def test_the_newest_revision_is_the_one_the_store_checks_for() -> None:
    assert ScriptDirectory.from_config(configured()).get_heads() == [REVISION]
    assert REVISION in revisions()


def test_migrating_makes_what_the_schema_says(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store, store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrated_tables_have_the_same_columns_keys_and_indexes(tmp_path: Path) -> None:
    declared = create_engine(f"sqlite:///{tmp_path / 'declared.db'}")
    metadata.create_all(declared)

    def described(engine: object) -> dict[str, object]:
        found = MetaData()
        found.reflect(engine)  # type: ignore[arg-type]
        return {
            table.name: (
                [(c.name, str(c.type), c.nullable, c.primary_key) for c in table.columns],
                sorted((i.name, [c.name for c in i.columns]) for i in table.indexes),
                sorted(str(c.name) for c in table.constraints if c.name),
            )
            for table in found.sorted_tables
            if table.name != "alembic_version"
        }

    with Store.open(tmp_path) as store:
        assert described(store.engine) == described(declared)
    declared.dispose()


def test_the_first_revision_can_be_taken_back(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        with store.writing() as connection:
            config = configured()
            config.attributes["connection"] = connection
            command.downgrade(config, "base")
        with store.reading() as connection:
            tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").scalars()
            assert set(tables) == {"alembic_version"}
    with Store.open(tmp_path) as store:
        assert store.count("t").examples == 0
