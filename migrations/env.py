"""Alembic's environment: the application's own write engine and metadata."""

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


def run_migrations() -> None:
    """Migrate inside one transaction of the write engine."""
    with database.engine.begin() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
        )
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations need the database: run 'dure db upgrade' with DURE_DATABASE_URL set.")
run_migrations()
