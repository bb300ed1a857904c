"""Append-only tables: the database itself refuses to change or delete what was written.

On PostgreSQL a deferred trigger, once a journal, also refuses one that does not add up to zero, and another
refuses postings to a journal of an earlier transaction.
"""

from __future__ import annotations

from alembic import op

APPEND_ONLY = ("journal", "posting", "point_event", "firing", "decision", "ballot")


def create_triggers() -> None:
    """Called by migrations; batch operations drop triggers, so they are made again after those."""
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        "CREATE FUNCTION refuse_imbalance() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT 1 FROM posting p JOIN account a ON a.id = p.account_id "
        "WHERE p.journal_id = NEW.id GROUP BY a.currency HAVING sum(p.amount) <> 0) "
        "THEN RAISE EXCEPTION 'journal % does not balance', NEW.id; END IF; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE CONSTRAINT TRIGGER journal_balances AFTER INSERT ON journal DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION refuse_imbalance()"
    )
    op.execute(
        "CREATE FUNCTION refuse_late_posting() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF (SELECT xmin::text::bigint FROM journal WHERE id = NEW.journal_id) "
        "<> txid_current() % 4294967296 "
        "THEN RAISE EXCEPTION 'journal % is closed', NEW.journal_id; END IF; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER posting_in_time AFTER INSERT ON posting "
        "FOR EACH ROW EXECUTE FUNCTION refuse_late_posting()"
    )


def drop_triggers() -> None:
    """Undo :func:`create_triggers`."""
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for verb in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_no_{verb}")
        return
    op.execute("DROP TRIGGER posting_in_time ON posting")
    op.execute("DROP TRIGGER journal_balances ON journal")
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute("DROP FUNCTION refuse_late_posting()")
    op.execute("DROP FUNCTION refuse_imbalance()")
    op.execute("DROP FUNCTION refuse_change()")
