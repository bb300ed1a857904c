"""first tables"""

import sqlalchemy as sa
from alembic import op

from app.db import Moment
from app.ledger.triggers import create_triggers, drop_triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("owner", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("kind", "owner", "currency", name=op.f("uq_account_kind_owner_currency")),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("cause", sa.String(length=30), nullable=False),
        sa.Column("owner", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("subject_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("key", name=op.f("uq_journal_key")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_owner"), ["owner"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("cause", sa.String(length=160), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("subject", sa.String(length=250), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("unsubscribe_url", sa.String(length=500), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("given_up_at", Moment(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("cause", name=op.f("uq_letter_cause")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index("ix_letter_due", ["sent_at", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_recipient"), ["recipient"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.Column("given_up_at", Moment(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )

    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_key", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=True),
        sa.Column("cluster", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("handle", sa.String(length=12), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("level_below_since", Moment(), nullable=True),
        sa.Column("level_settled_at", Moment(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("moderator_since", Moment(), nullable=True),
        sa.Column("demo_role", sa.String(length=20), nullable=True),
        sa.Column("session_key", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("erased_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email_key", name=op.f("uq_person_email_key")),
        sa.UniqueConstraint("handle", name=op.f("uq_person_handle")),
    )
    op.create_table(
        "purse_call",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_purse_call")),
    )
    op.create_table(
        "sandbox_call",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sandbox_call")),
    )
    op.create_table(
        "sandbox_event",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("object_id", sa.String(length=80), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("deliveries_left", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sandbox_event")),
    )
    with op.batch_alter_table("sandbox_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sandbox_event_due_at"), ["due_at"], unique=False)

    op.create_table(
        "sandbox_method",
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("behaviour", sa.String(length=30), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_sandbox_method")),
    )
    op.create_table(
        "sandbox_object",
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("parent", sa.String(length=80), nullable=True),
        sa.Column("method", sa.String(length=80), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("decline_code", sa.String(length=40), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("captured", sa.BigInteger(), nullable=False),
        sa.Column("refunded", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.CheckConstraint("captured >= 0 AND captured <= amount", name=op.f("ck_sandbox_object_captured")),
        sa.CheckConstraint("refunded >= 0 AND refunded <= captured", name=op.f("ck_sandbox_object_refunded")),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_sandbox_object")),
    )
    with op.batch_alter_table("sandbox_object", schema=None) as batch_op:
        batch_op.create_index(
            "ix_sandbox_object_expiring",
            ["expires_at"],
            unique=False,
            sqlite_where=sa.text("status = 'held'"),
            postgresql_where=sa.text("status = 'held'"),
        )
        batch_op.create_index(batch_op.f("ix_sandbox_object_parent"), ["parent"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("next_path", sa.String(length=500), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
    )
    op.create_table(
        "webhook_inbox",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("gateway", sa.String(length=20), nullable=False),
        sa.Column("event_id", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("object_id", sa.String(length=80), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_inbox")),
        sa.UniqueConstraint("gateway", "event_id", name=op.f("uq_webhook_inbox_gateway_event_id")),
    )
    op.create_table(
        "access_token",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("ending", sa.String(length=4), nullable=False),
        sa.Column("scopes", sa.String(length=40), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_access_token_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_access_token_digest")),
        sa.UniqueConstraint("person_id", "form_key", name=op.f("uq_access_token_person_id_form_key")),
    )
    op.create_table(
        "payee",
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("gateway", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("saved_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_payee_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_payee")),
    )
    op.create_table(
        "payment_method",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("gateway", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("saved_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_payment_method_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_method")),
        sa.UniqueConstraint("gateway", "reference", name=op.f("uq_payment_method_gateway_reference")),
    )
    with op.batch_alter_table("payment_method", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_method_fingerprint"), ["fingerprint"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_method_person_id"), ["person_id"], unique=False)

    op.create_table(
        "petition",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("addressee", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("topic", sa.String(length=20), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("deadline", Moment(), nullable=True),
        sa.Column("organizer_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("featured_at", Moment(), nullable=True),
        sa.Column("sponsors_needed", sa.Integer(), nullable=False),
        sa.Column("rejection", sa.String(length=40), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("submitted_at", Moment(), nullable=True),
        sa.Column("opened_at", Moment(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("tipped_at", Moment(), nullable=True),
        sa.Column("window_ends_at", Moment(), nullable=True),
        sa.Column("fired_at", Moment(), nullable=True),
        sa.Column("response_track", sa.String(length=12), nullable=False),
        sa.Column("response_due_at", Moment(), nullable=True),
        sa.Column("responded_at", Moment(), nullable=True),
        sa.Column("response_text", sa.Text(), nullable=True),
        sa.Column("source", sa.String(length=30), nullable=True),
        sa.Column("source_id", sa.String(length=60), nullable=True),
        sa.Column("archive", sa.JSON(), nullable=True),
        sa.CheckConstraint(
            "response_track IN ('none', 'awaiting', 'responded', 'silent')",
            name=op.f("ck_petition_response_track"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'sponsoring', 'moderation', 'open', 'closed', 'rejected', 'hidden', 'stopped', 'removed', 'archived')",
            name=op.f("ck_petition_state"),
        ),
        sa.ForeignKeyConstraint(["organizer_id"], ["person.id"], name=op.f("fk_petition_organizer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_petition_idempotency_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_petition_slug")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_petition_source_source_id")),
    )
    with op.batch_alter_table("petition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_petition_organizer_id"), ["organizer_id"], unique=False)
        batch_op.create_index("ix_petition_state_opened", ["state", "opened_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_petition_topic"), ["topic"], unique=False)
        batch_op.create_index(batch_op.f("ix_petition_window_ends_at"), ["window_ends_at"], unique=False)

    op.create_table(
        "posting",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("journal_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_posting_amount")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_posting_account_id")),
        sa.ForeignKeyConstraint(["journal_id"], ["journal.id"], name=op.f("fk_posting_journal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
        sa.UniqueConstraint("journal_id", "account_id", name=op.f("uq_posting_journal_id_account_id")),
    )
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posting_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_posting_journal_id"), ["journal_id"], unique=False)

    op.create_table(
        "purse_hold",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("captured", sa.BigInteger(), nullable=False),
        sa.Column("refunded", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("about", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('held', 'declined', 'captured', 'released')", name=op.f("ck_purse_hold_state")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_purse_hold_amount")),
        sa.CheckConstraint("captured >= 0 AND captured <= amount", name=op.f("ck_purse_hold_captured")),
        sa.CheckConstraint("refunded >= 0 AND refunded <= captured", name=op.f("ck_purse_hold_refunded")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_purse_hold_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purse_hold")),
    )
    with op.batch_alter_table("purse_hold", schema=None) as batch_op:
        batch_op.create_index("ix_purse_hold_person", ["person_id", "currency", "state"], unique=False)

    op.create_table(
        "purse_payout",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("gateway", sa.String(length=20), nullable=False),
        sa.Column("payee", sa.String(length=80), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("failure", sa.String(length=40), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("lease_until", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'paid', 'failed')", name=op.f("ck_purse_payout_state")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_purse_payout_amount")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_purse_payout_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purse_payout")),
        sa.UniqueConstraint("key", name=op.f("uq_purse_payout_key")),
        sa.UniqueConstraint("person_id", "form_key", name=op.f("uq_purse_payout_person_id_form_key")),
    )
    with op.batch_alter_table("purse_payout", schema=None) as batch_op:
        batch_op.create_index("ix_purse_payout_due", ["state", "lease_until"], unique=False)

    op.create_table(
        "arrival",
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("host", sa.String(length=260), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shown", sa.BigInteger(), nullable=False),
        sa.Column("signed", sa.Integer(), nullable=False),
        sa.Column("pledged", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_arrival_petition_id")),
        sa.PrimaryKeyConstraint("petition_id", "host", "day", name=op.f("pk_arrival")),
    )
    op.create_table(
        "charge",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("owner", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("subject_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("payer_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("method_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("credit", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("reference", sa.String(length=80), nullable=True),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("lease_until", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.CheckConstraint("state IN ('started', 'done', 'failed')", name=op.f("ck_charge_state")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_charge_amount")),
        sa.ForeignKeyConstraint(["method_id"], ["payment_method.id"], name=op.f("fk_charge_method_id")),
        sa.ForeignKeyConstraint(["owner"], ["petition.id"], name=op.f("fk_charge_owner")),
        sa.ForeignKeyConstraint(["payer_id"], ["person.id"], name=op.f("fk_charge_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge")),
        sa.UniqueConstraint("key", name=op.f("uq_charge_key")),
    )
    with op.batch_alter_table("charge", schema=None) as batch_op:
        batch_op.create_index("ix_charge_owner", ["owner", "purpose"], unique=False)
        batch_op.create_index(batch_op.f("ix_charge_payer_id"), ["payer_id"], unique=False)
        batch_op.create_index("ix_charge_state_lease", ["state", "lease_until"], unique=False)
        batch_op.create_index(batch_op.f("ix_charge_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("moderator_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("verb", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["moderator_id"], ["person.id"], name=op.f("fk_decision_moderator_id")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_decision_petition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_petition_id"), ["petition_id"], unique=False)

    op.create_table(
        "firing",
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("tallies", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_firing_petition_id")),
        sa.PrimaryKeyConstraint("petition_id", name=op.f("pk_firing")),
    )
    op.create_table(
        "follow",
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_follow_person_id")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_follow_petition_id")),
        sa.PrimaryKeyConstraint("petition_id", "person_id", name=op.f("pk_follow")),
    )
    op.create_table(
        "hook_endpoint",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("scope", sa.String(length=5), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("rotation", sa.Integer(), nullable=False),
        sa.Column("rotated_at", Moment(), nullable=True),
        sa.Column("free_at", Moment(), nullable=False),
        sa.Column("lease", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", Moment(), nullable=True),
        sa.Column("disabled_at", Moment(), nullable=True),
        sa.Column("disabled_because", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "(scope = 'one') = (petition_id IS NOT NULL)", name=op.f("ck_hook_endpoint_petition")
        ),
        sa.CheckConstraint("scope IN ('every', 'own', 'one')", name=op.f("ck_hook_endpoint_scope")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hook_endpoint_person_id")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_hook_endpoint_petition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_endpoint")),
        sa.UniqueConstraint("person_id", "form_key", name=op.f("uq_hook_endpoint_person_id_form_key")),
    )
    with op.batch_alter_table("hook_endpoint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hook_endpoint_petition_id"), ["petition_id"], unique=False)

    op.create_table(
        "hook_message",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("cause", sa.String(length=120), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_hook_message_petition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_message")),
        sa.UniqueConstraint("cause", name=op.f("uq_hook_message_cause")),
    )
    op.create_table(
        "kept_answer",
        sa.Column("token_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("key_digest", sa.String(length=64), nullable=False),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["access_token.id"], name=op.f("fk_kept_answer_token_id")),
        sa.PrimaryKeyConstraint("token_id", "key_digest", name=op.f("pk_kept_answer")),
    )
    with op.batch_alter_table("kept_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_answer_made_at"), ["made_at"], unique=False)

    op.create_table(
        "leaving",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("taken_back_at", Moment(), nullable=True),
        sa.Column("paid_at", Moment(), nullable=True),
        sa.Column("returned_at", Moment(), nullable=True),
        sa.CheckConstraint("paid_at IS NULL OR taken_back_at IS NULL", name=op.f("ck_leaving_once")),
        sa.CheckConstraint(
            "returned_at IS NULL OR taken_back_at IS NOT NULL", name=op.f("ck_leaving_returned")
        ),
        sa.CheckConstraint("units > 0 AND amount > 0", name=op.f("ck_leaving_amount")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leaving_person_id")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_leaving_petition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaving")),
    )
    with op.batch_alter_table("leaving", schema=None) as batch_op:
        batch_op.create_index("ix_leaving_due", ["due_at"], unique=False)
        batch_op.create_index(
            "uq_leaving_member",
            ["petition_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("taken_back_at IS NULL"),
            postgresql_where=sa.text("taken_back_at IS NULL"),
        )

    op.create_table(
        "loan",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("borrower_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("unit", sa.BigInteger(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("lent", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("to_lenders", sa.BigInteger(), nullable=False),
        sa.Column("drawn", sa.BigInteger(), nullable=False),
        sa.Column("restored", sa.BigInteger(), nullable=False),
        sa.Column("method_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("disbursed_at", Moment(), nullable=False),
        sa.Column("last_paid_at", Moment(), nullable=True),
        sa.Column("look_at", Moment(), nullable=True),
        sa.Column("rescheduled_at", Moment(), nullable=True),
        sa.Column("delinquent_at", Moment(), nullable=True),
        sa.Column("defaulted_at", Moment(), nullable=True),
        sa.Column("repaid_at", Moment(), nullable=True),
        sa.CheckConstraint("lent = unit * units", name=op.f("ck_loan_lent")),
        sa.CheckConstraint("paid + drawn = to_lenders + restored", name=op.f("ck_loan_waterfall")),
        sa.CheckConstraint("paid >= 0 AND paid <= lent", name=op.f("ck_loan_paid")),
        sa.CheckConstraint("restored >= 0 AND restored <= drawn", name=op.f("ck_loan_restored")),
        sa.CheckConstraint("to_lenders >= 0 AND to_lenders <= lent", name=op.f("ck_loan_to_lenders")),
        sa.ForeignKeyConstraint(["borrower_id"], ["person.id"], name=op.f("fk_loan_borrower_id")),
        sa.ForeignKeyConstraint(["id"], ["petition.id"], name=op.f("fk_loan_id")),
        sa.ForeignKeyConstraint(["method_id"], ["payment_method.id"], name=op.f("fk_loan_method_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan")),
    )
    with op.batch_alter_table("loan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_loan_borrower_id"), ["borrower_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_loan_look_at"), ["look_at"], unique=False)

    op.create_table(
        "loan_agreement",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("borrower_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("signed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["borrower_id"], ["person.id"], name=op.f("fk_loan_agreement_borrower_id")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_loan_agreement_petition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_agreement")),
    )
    with op.batch_alter_table("loan_agreement", schema=None) as batch_op:
        batch_op.create_index("ix_loan_agreement_petition", ["petition_id", "signed_at"], unique=False)

    op.create_table(
        "milestone",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("evidence_link", sa.String(length=500), nullable=True),
        sa.Column("evidence_image", sa.String(length=80), nullable=True),
        sa.Column("claimed_at", Moment(), nullable=True),
        sa.Column("vote_ends_at", Moment(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'claimed', 'accepted', 'rejected')", name=op.f("ck_milestone_state")
        ),
        sa.CheckConstraint("share > 0 AND share <= 100", name=op.f("ck_milestone_share")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_milestone_petition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
        sa.UniqueConstraint("petition_id", "position", name=op.f("uq_milestone_petition_id_position")),
    )
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_milestone_vote_ends_at"), ["vote_ends_at"], unique=False)

    op.create_table(
        "petition_event",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("cause", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_petition_event_petition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_event")),
        sa.UniqueConstraint("petition_id", "cause", name=op.f("uq_petition_event_petition_id_cause")),
    )
    op.create_table(
        "petition_search",
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petition.id"], name=op.f("fk_petition_search_petition_id")
        ),
        sa.PrimaryKeyConstraint("petition_id", name=op.f("pk_petition_search")),
    )
    op.create_table(
        "petition_update",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("author_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("published_at", Moment(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_petition_update_author_id")),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petition.id"], name=op.f("fk_petition_update_petition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_update")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_petition_update_idempotency_key")),
    )
    with op.batch_alter_table("petition_update", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_petition_update_petition_id"), ["petition_id"], unique=False)

    op.create_table(
        "pledge",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("measure", sa.String(length=12), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("tip", sa.BigInteger(), nullable=False),
        sa.Column("charge", sa.BigInteger(), nullable=True),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("mandate", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=14), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("hide_name", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("payment_method_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("hold_reference", sa.String(length=80), nullable=True),
        sa.Column("captured", sa.BigInteger(), nullable=False),
        sa.Column("refunded", sa.BigInteger(), nullable=False),
        sa.Column("tip_refunded", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(length=40), nullable=True),
        sa.Column("next_try_at", Moment(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("ready_at", Moment(), nullable=True),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("frozen_at", Moment(), nullable=True),
        sa.Column("held_at", Moment(), nullable=True),
        sa.Column("captured_at", Moment(), nullable=True),
        sa.Column("released_at", Moment(), nullable=True),
        sa.Column("left_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'ready', 'withdrawn', 'frozen', 'failing', 'held', 'captured', 'released', 'dropped', 'part_refunded', 'refunded', 'disputed', 'active', 'ended', 'kept', 'broken')",
            name=op.f("ck_pledge_state"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_pledge_amount")),
        sa.CheckConstraint("captured >= 0 AND captured <= cost", name=op.f("ck_pledge_captured")),
        sa.CheckConstraint(
            "charge IS NULL OR (charge >= 0 AND charge <= cost)", name=op.f("ck_pledge_charge")
        ),
        sa.CheckConstraint("refunded >= 0 AND refunded <= captured", name=op.f("ck_pledge_refunded")),
        sa.CheckConstraint("tip >= 0 AND cost >= tip", name=op.f("ck_pledge_cost")),
        sa.CheckConstraint("tip_refunded >= 0 AND tip_refunded <= tip", name=op.f("ck_pledge_tip_refunded")),
        sa.ForeignKeyConstraint(
            ["payment_method_id"], ["payment_method.id"], name=op.f("fk_pledge_payment_method_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pledge_person_id")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_pledge_petition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge")),
        sa.UniqueConstraint("hold_reference", name=op.f("uq_pledge_hold_reference")),
        sa.UniqueConstraint(
            "petition_id", "idempotency_key", name=op.f("uq_pledge_petition_id_idempotency_key")
        ),
    )
    with op.batch_alter_table("pledge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pledge_email_key"), ["email_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_pledge_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "ix_pledge_petition_state", ["petition_id", "state", "next_try_at"], unique=False
        )

    op.create_table(
        "point_event",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("cause", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("counterparty_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("cluster", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("class", sa.String(length=10), nullable=False),
        sa.Column("mp", sa.BigInteger(), nullable=False),
        sa.Column("light", sa.Boolean(), nullable=False),
        sa.Column("voids", sa.Uuid(as_uuid=False), nullable=True),
        sa.CheckConstraint(
            "class IN ('support', 'organise', 'care', 'penalty')", name=op.f("ck_point_event_class")
        ),
        sa.ForeignKeyConstraint(
            ["counterparty_id"], ["person.id"], name=op.f("fk_point_event_counterparty_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_point_event_person_id")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_point_event_petition_id")),
        sa.ForeignKeyConstraint(["voids"], ["point_event.id"], name=op.f("fk_point_event_voids")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_event")),
        sa.UniqueConstraint("cause", "person_id", name=op.f("uq_point_event_cause_person_id")),
    )
    with op.batch_alter_table("point_event", schema=None) as batch_op:
        batch_op.create_index("ix_point_event_person_at", ["person_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_point_event_petition_id"), ["petition_id"], unique=False)

    op.create_table(
        "pool",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("sponsor_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("method_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("failure", sa.String(length=40), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("deposited_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.CheckConstraint("purpose IN ('bonus', 'reserve')", name=op.f("ck_pool_purpose")),
        sa.CheckConstraint(
            "state IN ('draft', 'asked', 'failed', 'lying', 'given', 'returned')", name=op.f("ck_pool_state")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_pool_amount")),
        sa.ForeignKeyConstraint(["method_id"], ["payment_method.id"], name=op.f("fk_pool_method_id")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_pool_petition_id")),
        sa.ForeignKeyConstraint(["sponsor_id"], ["person.id"], name=op.f("fk_pool_sponsor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool")),
        sa.UniqueConstraint("petition_id", "form_key", name=op.f("uq_pool_petition_id_form_key")),
    )
    with op.batch_alter_table("pool", schema=None) as batch_op:
        batch_op.create_index("ix_pool_petition", ["petition_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_pool_sponsor_id"), ["sponsor_id"], unique=False)

    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("body", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("proposer_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("quorum_percent", sa.Integer(), nullable=False),
        sa.Column("voters", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("put_at", Moment(), nullable=False),
        sa.Column("opens_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("yes", sa.Integer(), nullable=True),
        sa.Column("no", sa.Integer(), nullable=True),
        sa.Column("abstain", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('text', 'reschedule', 'surplus')", name=op.f("ck_proposal_kind")),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'rejected', 'no_quorum')", name=op.f("ck_proposal_outcome")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (outcome IS NULL) AND (decided_at IS NULL) = (yes IS NULL)",
            name=op.f("ck_proposal_secret"),
        ),
        sa.CheckConstraint("opens_at < ends_at", name=op.f("ck_proposal_moments")),
        sa.CheckConstraint("quorum_percent BETWEEN 1 AND 100", name=op.f("ck_proposal_quorum_percent")),
        sa.CheckConstraint("voters > 0", name=op.f("ck_proposal_voters")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_proposal_petition_id")),
        sa.ForeignKeyConstraint(["proposer_id"], ["person.id"], name=op.f("fk_proposal_proposer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint(
            "petition_id", "idempotency_key", name=op.f("uq_proposal_petition_id_idempotency_key")
        ),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_ends_at"), ["ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_petition_id"), ["petition_id"], unique=False)

    op.create_table(
        "shift",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("cancelled_at", Moment(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_shift_ends")),
        sa.CheckConstraint("places > 0", name=op.f("ck_shift_places")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_shift_petition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
        sa.UniqueConstraint(
            "petition_id", "idempotency_key", name=op.f("uq_shift_petition_id_idempotency_key")
        ),
    )
    with op.batch_alter_table("shift", schema=None) as batch_op:
        batch_op.create_index("ix_shift_petition_starts", ["petition_id", "starts_at"], unique=False)

    op.create_table(
        "signature",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("hide_name", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("sponsor", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("network", sa.String(length=64), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("validated_at", Moment(), nullable=True),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("invalidated_at", Moment(), nullable=True),
        sa.Column("invalidation_reason", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'validated', 'fraudulent', 'invalidated', 'withdrawn')",
            name=op.f("ck_signature_state"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_signature_person_id")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_signature_petition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint("petition_id", "email_key", name=op.f("uq_signature_petition_id_email_key")),
    )
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signature_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "ix_signature_petition_state", ["petition_id", "state", "validated_at"], unique=False
        )

    op.create_table(
        "threshold",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("measure", sa.String(length=12), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("target", sa.BigInteger(), nullable=False),
        sa.Column("tally", sa.BigInteger(), nullable=False),
        sa.Column("contributors", sa.Integer(), nullable=False),
        sa.Column("reached_at", Moment(), nullable=True),
        sa.Column("accepted_at", Moment(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "measure IN ('signatures', 'money', 'hours', 'units')", name=op.f("ck_threshold_measure")
        ),
        sa.CheckConstraint("tally >= 0", name=op.f("ck_threshold_tally")),
        sa.CheckConstraint("target > 0", name=op.f("ck_threshold_target")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_threshold_petition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threshold")),
        sa.UniqueConstraint("petition_id", "kind", name=op.f("uq_threshold_petition_id_kind")),
    )
    op.create_table(
        "widget_choice",
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("open_to_all_since", Moment(), nullable=True),
        sa.Column("signs_in_frame_since", Moment(), nullable=True),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_widget_choice_petition_id")),
        sa.PrimaryKeyConstraint("petition_id", name=op.f("pk_widget_choice")),
    )
    op.create_table(
        "action",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("goal", sa.BigInteger(), nullable=False),
        sa.Column("pledged", sa.BigInteger(), nullable=False),
        sa.Column("held_at_decision", sa.BigInteger(), nullable=True),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("collect_until", Moment(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("underway_at", Moment(), nullable=True),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("released_at", Moment(), nullable=True),
        sa.Column("delivered_at", Moment(), nullable=True),
        sa.Column("stopped_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('collecting', 'underway', 'delivered', 'released', 'stopped', 'orphaned')",
            name=op.f("ck_action_state"),
        ),
        sa.ForeignKeyConstraint(["petition_id"], ["firing.petition_id"], name=op.f("fk_action_petition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        sa.UniqueConstraint("petition_id", name=op.f("uq_action_petition_id")),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("subject_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("gateway", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("reference", sa.String(length=80), nullable=True),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("lease_until", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.CheckConstraint("state IN ('started', 'done', 'failed')", name=op.f("ck_attempt_state")),
        sa.ForeignKeyConstraint(["petition_id"], ["firing.petition_id"], name=op.f("fk_attempt_petition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("key", name=op.f("uq_attempt_key")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index("ix_attempt_state_lease", ["state", "lease_until"], unique=False)
        batch_op.create_index("ix_attempt_subject", ["subject_id", "purpose"], unique=False)

    op.create_table(
        "ballot",
        sa.Column("proposal_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("receipt", sa.String(length=24), nullable=False),
        sa.Column("choice", sa.String(length=7), nullable=False),
        sa.CheckConstraint("choice IN ('yes', 'no', 'abstain')", name=op.f("ck_ballot_choice")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_ballot_proposal_id")),
        sa.PrimaryKeyConstraint("proposal_id", "receipt", name=op.f("pk_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "deed_word",
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("pledge_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("side IN ('person', 'organizer', 'moderator')", name=op.f("ck_deed_word_side")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_deed_word_amount")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_deed_word_petition_id")),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledge.id"], name=op.f("fk_deed_word_pledge_id")),
        sa.PrimaryKeyConstraint("petition_id", "pledge_id", "side", name=op.f("pk_deed_word")),
    )
    with op.batch_alter_table("deed_word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deed_word_pledge_id"), ["pledge_id"], unique=False)

    op.create_table(
        "duty",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("pledge_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("debtor", sa.String(length=10), nullable=False),
        sa.Column("creditor", sa.String(length=10), nullable=False),
        sa.Column("measure", sa.String(length=12), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("called_at", Moment(), nullable=True),
        sa.Column("kept_by_debtor_at", Moment(), nullable=True),
        sa.Column("kept_by_creditor_at", Moment(), nullable=True),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'kept', 'broken', 'waived')", name=op.f("ck_duty_state")),
        sa.CheckConstraint("amount >= 0 AND done >= 0", name=op.f("ck_duty_amount")),
        sa.ForeignKeyConstraint(["petition_id"], ["firing.petition_id"], name=op.f("fk_duty_petition_id")),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledge.id"], name=op.f("fk_duty_pledge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
        sa.UniqueConstraint("key", name=op.f("uq_duty_key")),
    )
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.create_index("ix_duty_due", ["state", "due_at"], unique=False)
        batch_op.create_index("ix_duty_petition", ["petition_id", "name"], unique=False)
        batch_op.create_index(batch_op.f("ix_duty_pledge_id"), ["pledge_id"], unique=False)

    op.create_table(
        "hook_delivery",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("message_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", Moment(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(length=20), nullable=True),
        sa.Column("delivered_at", Moment(), nullable=True),
        sa.Column("dead_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["hook_endpoint.id"], name=op.f("fk_hook_delivery_endpoint_id")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["hook_message.id"], name=op.f("fk_hook_delivery_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_delivery")),
        sa.UniqueConstraint(
            "endpoint_id", "message_id", name=op.f("uq_hook_delivery_endpoint_id_message_id")
        ),
    )
    with op.batch_alter_table("hook_delivery", schema=None) as batch_op:
        batch_op.create_index("ix_hook_delivery_created_at", ["created_at"], unique=False)
        batch_op.create_index(
            "ix_hook_delivery_due",
            ["endpoint_id", "due_at"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_hook_delivery_message_id"), ["message_id"], unique=False)

    op.create_table(
        "loan_repayment",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("loan_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("to_lenders", sa.BigInteger(), nullable=False),
        sa.Column("to_reserve", sa.BigInteger(), nullable=False),
        sa.Column("lenders_had", sa.BigInteger(), nullable=False),
        sa.Column("failure", sa.String(length=40), nullable=True),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('instalment', 'recovery', 'reserve')", name=op.f("ck_loan_repayment_purpose")
        ),
        sa.CheckConstraint("state IN ('started', 'done', 'failed')", name=op.f("ck_loan_repayment_state")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_loan_repayment_amount")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_loan_repayment_loan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_repayment")),
        sa.UniqueConstraint("loan_id", "key", name=op.f("uq_loan_repayment_loan_id_key")),
    )
    op.create_table(
        "loan_stake",
        sa.Column("pledge_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("loan_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.CheckConstraint("units > 0", name=op.f("ck_loan_stake_units")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_loan_stake_loan_id")),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledge.id"], name=op.f("fk_loan_stake_pledge_id")),
        sa.PrimaryKeyConstraint("pledge_id", name=op.f("pk_loan_stake")),
        sa.UniqueConstraint("loan_id", "first", name=op.f("uq_loan_stake_loan_id_first")),
    )
    with op.batch_alter_table("loan_stake", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_loan_stake_loan_id"), ["loan_id"], unique=False)

    op.create_table(
        "milestone_vote",
        sa.Column("milestone_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("accepts", sa.Boolean(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["milestone_id"], ["milestone.id"], name=op.f("fk_milestone_vote_milestone_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_milestone_vote_person_id")),
        sa.PrimaryKeyConstraint("milestone_id", "person_id", name=op.f("pk_milestone_vote")),
    )
    op.create_table(
        "payout",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("milestone_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("cause", sa.String(length=60), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_by", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("approved_by", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("approved_at", Moment(), nullable=True),
        sa.Column("paid_at", Moment(), nullable=True),
        sa.Column("failure", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'approved', 'paying', 'paid', 'failed')", name=op.f("ck_payout_state")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payout_amount")),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> proposed_by", name=op.f("ck_payout_two_people")
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_payout_approved_by")),
        sa.ForeignKeyConstraint(["milestone_id"], ["milestone.id"], name=op.f("fk_payout_milestone_id")),
        sa.ForeignKeyConstraint(["petition_id"], ["firing.petition_id"], name=op.f("fk_payout_petition_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_payout_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout")),
        sa.UniqueConstraint("cause", name=op.f("uq_payout_cause")),
        sa.UniqueConstraint("milestone_id", name=op.f("uq_payout_milestone_id")),
    )
    with op.batch_alter_table("payout", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payout_petition_id"), ["petition_id"], unique=False)

    op.create_table(
        "proposal_voter",
        sa.Column("proposal_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("voted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_proposal_voter_person_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_voter_proposal_id")),
        sa.PrimaryKeyConstraint("proposal_id", "person_id", name=op.f("pk_proposal_voter")),
    )
    op.create_table(
        "shift_seat",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("shift_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("pledge_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("taken_at", Moment(), nullable=True),
        sa.Column("left_at", Moment(), nullable=True),
        sa.Column("checked_in_at", Moment(), nullable=True),
        sa.Column("checked_in_by", sa.String(length=10), nullable=True),
        sa.CheckConstraint("checked_in_at IS NULL OR state = 'taken'", name=op.f("ck_shift_seat_checked_in")),
        sa.CheckConstraint("state IN ('taken', 'waiting', 'left')", name=op.f("ck_shift_seat_state")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_shift_seat_petition_id")),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledge.id"], name=op.f("fk_shift_seat_pledge_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_shift_seat_shift_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_seat")),
        sa.UniqueConstraint(
            "petition_id", "shift_id", "pledge_id", name=op.f("uq_shift_seat_petition_id_shift_id_pledge_id")
        ),
    )
    with op.batch_alter_table("shift_seat", schema=None) as batch_op:
        batch_op.create_index("ix_shift_seat_pledge", ["pledge_id"], unique=False)
        batch_op.create_index("ix_shift_seat_shift", ["shift_id", "state", "turn"], unique=False)

    op.create_table(
        "shortage",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("pledge_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("said_by", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("refund", sa.BigInteger(), nullable=False),
        sa.Column("given", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("reported_at", Moment(), nullable=False),
        sa.Column("answer_due_at", Moment(), nullable=True),
        sa.Column("contested_at", Moment(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.CheckConstraint("said_by IN ('buyer', 'organizer')", name=op.f("ck_shortage_said_by")),
        sa.CheckConstraint(
            "state IN ('reported', 'contested', 'agreed', 'dismissed', 'withdrawn')",
            name=op.f("ck_shortage_state"),
        ),
        sa.CheckConstraint("given >= 0 AND given <= refund", name=op.f("ck_shortage_given")),
        sa.CheckConstraint("units > 0", name=op.f("ck_shortage_units")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_shortage_decided_by")),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["firing.petition_id"], name=op.f("fk_shortage_petition_id")
        ),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledge.id"], name=op.f("fk_shortage_pledge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortage")),
        sa.UniqueConstraint(
            "petition_id", "idempotency_key", name=op.f("uq_shortage_petition_id_idempotency_key")
        ),
    )
    with op.batch_alter_table("shortage", schema=None) as batch_op:
        batch_op.create_index("ix_shortage_pledge", ["pledge_id", "state"], unique=False)
        batch_op.create_index("ix_shortage_state", ["state", "reported_at"], unique=False)

    op.create_table(
        "subscription",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("cap", sa.BigInteger(), nullable=True),
        sa.Column("first_month", sa.Integer(), nullable=False),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column("paused_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_because", sa.String(length=10), nullable=True),
        sa.Column("stuck_at", Moment(), nullable=True),
        sa.Column("stuck_because", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "ended_because IS NULL OR ended_because IN ('cancelled', 'unpaid', 'closed', 'erased')",
            name=op.f("ck_subscription_ended_because"),
        ),
        sa.CheckConstraint("amount IS NULL OR amount > 0", name=op.f("ck_subscription_amount")),
        sa.CheckConstraint("cap IS NULL OR cap > 0", name=op.f("ck_subscription_cap")),
        sa.ForeignKeyConstraint(["id"], ["pledge.id"], name=op.f("fk_subscription_id")),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["firing.petition_id"], name=op.f("fk_subscription_petition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index("ix_subscription_petition", ["petition_id", "ended_at"], unique=False)

    op.create_table(
        "subscription_round",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("told_at", Moment(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("begun_at", Moment(), nullable=True),
        sa.Column("run_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["firing.petition_id"], name=op.f("fk_subscription_round_petition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription_round")),
        sa.UniqueConstraint("petition_id", "month", name=op.f("uq_subscription_round_petition_id_month")),
    )
    op.create_table(
        "surplus",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("year_ends_at", Moment(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("patronage_percent", sa.Integer(), nullable=False),
        sa.Column("others_use", sa.BigInteger(), nullable=False),
        sa.Column("equity", sa.BigInteger(), nullable=False),
        sa.Column("reserve", sa.BigInteger(), nullable=False),
        sa.Column("patronage", sa.BigInteger(), nullable=False),
        sa.Column("dividend", sa.BigInteger(), nullable=False),
        sa.Column("retained", sa.BigInteger(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("put_at", Moment(), nullable=False),
        sa.Column("accepted_at", Moment(), nullable=True),
        sa.Column("rejected_at", Moment(), nullable=True),
        sa.Column("paid_at", Moment(), nullable=True),
        sa.CheckConstraint("accepted_at IS NULL OR rejected_at IS NULL", name=op.f("ck_surplus_decided")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_surplus_amount")),
        sa.CheckConstraint("dividend <= patronage", name=op.f("ck_surplus_patronage")),
        sa.CheckConstraint("paid_at IS NULL OR accepted_at IS NOT NULL", name=op.f("ck_surplus_paid")),
        sa.CheckConstraint(
            "reserve >= 0 AND patronage >= 0 AND dividend >= 0 AND retained >= 0 AND reserve + patronage + dividend + retained = amount",
            name=op.f("ck_surplus_split"),
        ),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_surplus_petition_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_surplus_proposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surplus")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_surplus_proposal_id")),
    )
    with op.batch_alter_table("surplus", schema=None) as batch_op:
        batch_op.create_index(
            "uq_surplus_year",
            ["petition_id", "year_ends_at"],
            unique=True,
            sqlite_where=sa.text("rejected_at IS NULL"),
            postgresql_where=sa.text("rejected_at IS NULL"),
        )

    op.create_table(
        "thanks",
        sa.Column("pledge_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("by_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("what", sa.String(length=80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_thanks_by_id")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_thanks_petition_id")),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledge.id"], name=op.f("fk_thanks_pledge_id")),
        sa.PrimaryKeyConstraint("pledge_id", name=op.f("pk_thanks")),
    )
    with op.batch_alter_table("thanks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_thanks_petition_id"), ["petition_id"], unique=False)

    op.create_table(
        "subscription_bill",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("pledge_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(length=40), nullable=True),
        sa.Column("method_label", sa.String(length=60), nullable=True),
        sa.Column("passed_on", sa.String(length=60), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("first_try_at", Moment(), nullable=True),
        sa.Column("next_try_at", Moment(), nullable=True),
        sa.Column("paid_at", Moment(), nullable=True),
        sa.Column("given_back_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('due', 'charging', 'paid', 'unpaid', 'let_go')",
            name=op.f("ck_subscription_bill_state"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_subscription_bill_amount")),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["firing.petition_id"], name=op.f("fk_subscription_bill_petition_id")
        ),
        sa.ForeignKeyConstraint(
            ["pledge_id"], ["subscription.id"], name=op.f("fk_subscription_bill_pledge_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription_bill")),
        sa.UniqueConstraint("pledge_id", "month", name=op.f("uq_subscription_bill_pledge_id_month")),
    )
    with op.batch_alter_table("subscription_bill", schema=None) as batch_op:
        batch_op.create_index("ix_subscription_bill_petition", ["petition_id", "state"], unique=False)
        batch_op.create_index("ix_subscription_bill_state", ["state", "next_try_at"], unique=False)

    op.create_table(
        "surplus_part",
        sa.Column("surplus_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("patronage", sa.BigInteger(), nullable=False),
        sa.Column("dividend", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("patronage >= 0 AND dividend >= 0", name=op.f("ck_surplus_part_amount")),
        sa.CheckConstraint("units > 0 AND used >= 0", name=op.f("ck_surplus_part_reason")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_surplus_part_person_id")),
        sa.ForeignKeyConstraint(["surplus_id"], ["surplus.id"], name=op.f("fk_surplus_part_surplus_id")),
        sa.PrimaryKeyConstraint("surplus_id", "person_id", name=op.f("pk_surplus_part")),
    )
    op.create_table(
        "subscription_due",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("pledge_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("petition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("told", sa.BigInteger(), nullable=False),
        sa.Column("told_at", Moment(), nullable=False),
        sa.Column("owed", sa.BigInteger(), nullable=True),
        sa.Column("bill_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("waived_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "owed IS NULL OR (owed >= 0 AND owed <= told)", name=op.f("ck_subscription_due_owed")
        ),
        sa.CheckConstraint("told >= 0", name=op.f("ck_subscription_due_told")),
        sa.ForeignKeyConstraint(
            ["bill_id"], ["subscription_bill.id"], name=op.f("fk_subscription_due_bill_id")
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["firing.petition_id"], name=op.f("fk_subscription_due_petition_id")
        ),
        sa.ForeignKeyConstraint(
            ["pledge_id"], ["subscription.id"], name=op.f("fk_subscription_due_pledge_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription_due")),
        sa.UniqueConstraint("pledge_id", "month", name=op.f("uq_subscription_due_pledge_id_month")),
    )
    with op.batch_alter_table("subscription_due", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscription_due_bill_id"), ["bill_id"], unique=False)
        batch_op.create_index("ix_subscription_due_month", ["petition_id", "month"], unique=False)

    create_petition_gram()
    create_triggers()


def create_petition_gram() -> None:
    """The search index has two bodies; see app/petitions/searching.py."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE petition_gram USING fts5("
            "petition_id UNINDEXED, grams, tokenize='unicode61 remove_diacritics 0', detail=none)"
        )
        return
    op.execute(
        "CREATE TABLE petition_gram (petition_id uuid PRIMARY KEY REFERENCES petition (id), grams text[] NOT NULL)"
    )
    op.execute("CREATE INDEX ix_petition_gram_grams ON petition_gram USING gin (grams)")


def downgrade() -> None:
    drop_triggers()
    op.execute("DROP TABLE petition_gram")
    with op.batch_alter_table("subscription_due", schema=None) as batch_op:
        batch_op.drop_index("ix_subscription_due_month")
        batch_op.drop_index(batch_op.f("ix_subscription_due_bill_id"))

    op.drop_table("subscription_due")
    op.drop_table("surplus_part")
    with op.batch_alter_table("subscription_bill", schema=None) as batch_op:
        batch_op.drop_index("ix_subscription_bill_state")
        batch_op.drop_index("ix_subscription_bill_petition")

    op.drop_table("subscription_bill")
    with op.batch_alter_table("thanks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_thanks_petition_id"))

    op.drop_table("thanks")
    with op.batch_alter_table("surplus", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_surplus_year",
            sqlite_where=sa.text("rejected_at IS NULL"),
            postgresql_where=sa.text("rejected_at IS NULL"),
        )

    op.drop_table("surplus")
    op.drop_table("subscription_round")
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.drop_index("ix_subscription_petition")

    op.drop_table("subscription")
    with op.batch_alter_table("shortage", schema=None) as batch_op:
        batch_op.drop_index("ix_shortage_state")
        batch_op.drop_index("ix_shortage_pledge")

    op.drop_table("shortage")
    with op.batch_alter_table("shift_seat", schema=None) as batch_op:
        batch_op.drop_index("ix_shift_seat_shift")
        batch_op.drop_index("ix_shift_seat_pledge")

    op.drop_table("shift_seat")
    op.drop_table("proposal_voter")
    with op.batch_alter_table("payout", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payout_petition_id"))

    op.drop_table("payout")
    op.drop_table("milestone_vote")
    with op.batch_alter_table("loan_stake", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_loan_stake_loan_id"))

    op.drop_table("loan_stake")
    op.drop_table("loan_repayment")
    with op.batch_alter_table("hook_delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hook_delivery_message_id"))
        batch_op.drop_index(
            "ix_hook_delivery_due",
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_hook_delivery_created_at")

    op.drop_table("hook_delivery")
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_pledge_id"))
        batch_op.drop_index("ix_duty_petition")
        batch_op.drop_index("ix_duty_due")

    op.drop_table("duty")
    with op.batch_alter_table("deed_word", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deed_word_pledge_id"))

    op.drop_table("deed_word")
    op.drop_table("ballot")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_attempt_subject")
        batch_op.drop_index("ix_attempt_state_lease")

    op.drop_table("attempt")
    op.drop_table("action")
    op.drop_table("widget_choice")
    op.drop_table("threshold")
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.drop_index("ix_signature_petition_state")
        batch_op.drop_index(batch_op.f("ix_signature_person_id"))

    op.drop_table("signature")
    with op.batch_alter_table("shift", schema=None) as batch_op:
        batch_op.drop_index("ix_shift_petition_starts")

    op.drop_table("shift")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_petition_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_ends_at"))

    op.drop_table("proposal")
    with op.batch_alter_table("pool", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pool_sponsor_id"))
        batch_op.drop_index("ix_pool_petition")

    op.drop_table("pool")
    with op.batch_alter_table("point_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_point_event_petition_id"))
        batch_op.drop_index("ix_point_event_person_at")

    op.drop_table("point_event")
    with op.batch_alter_table("pledge", schema=None) as batch_op:
        batch_op.drop_index("ix_pledge_petition_state")
        batch_op.drop_index(batch_op.f("ix_pledge_person_id"))
        batch_op.drop_index(batch_op.f("ix_pledge_email_key"))

    op.drop_table("pledge")
    with op.batch_alter_table("petition_update", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_petition_update_petition_id"))

    op.drop_table("petition_update")
    op.drop_table("petition_search")
    op.drop_table("petition_event")
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_milestone_vote_ends_at"))

    op.drop_table("milestone")
    with op.batch_alter_table("loan_agreement", schema=None) as batch_op:
        batch_op.drop_index("ix_loan_agreement_petition")

    op.drop_table("loan_agreement")
    with op.batch_alter_table("loan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_loan_look_at"))
        batch_op.drop_index(batch_op.f("ix_loan_borrower_id"))

    op.drop_table("loan")
    with op.batch_alter_table("leaving", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_leaving_member",
            sqlite_where=sa.text("taken_back_at IS NULL"),
            postgresql_where=sa.text("taken_back_at IS NULL"),
        )
        batch_op.drop_index("ix_leaving_due")

    op.drop_table("leaving")
    with op.batch_alter_table("kept_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kept_answer_made_at"))

    op.drop_table("kept_answer")
    op.drop_table("hook_message")
    with op.batch_alter_table("hook_endpoint", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hook_endpoint_petition_id"))

    op.drop_table("hook_endpoint")
    op.drop_table("follow")
    op.drop_table("firing")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_petition_id"))

    op.drop_table("decision")
    with op.batch_alter_table("charge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_charge_subject_id"))
        batch_op.drop_index("ix_charge_state_lease")
        batch_op.drop_index(batch_op.f("ix_charge_payer_id"))
        batch_op.drop_index("ix_charge_owner")

    op.drop_table("charge")
    op.drop_table("arrival")
    with op.batch_alter_table("purse_payout", schema=None) as batch_op:
        batch_op.drop_index("ix_purse_payout_due")

    op.drop_table("purse_payout")
    with op.batch_alter_table("purse_hold", schema=None) as batch_op:
        batch_op.drop_index("ix_purse_hold_person")

    op.drop_table("purse_hold")
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_posting_journal_id"))
        batch_op.drop_index(batch_op.f("ix_posting_account_id"))

    op.drop_table("posting")
    with op.batch_alter_table("petition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_petition_window_ends_at"))
        batch_op.drop_index(batch_op.f("ix_petition_topic"))
        batch_op.drop_index("ix_petition_state_opened")
        batch_op.drop_index(batch_op.f("ix_petition_organizer_id"))

    op.drop_table("petition")
    with op.batch_alter_table("payment_method", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_method_person_id"))
        batch_op.drop_index(batch_op.f("ix_payment_method_fingerprint"))

    op.drop_table("payment_method")
    op.drop_table("payee")
    op.drop_table("access_token")
    op.drop_table("webhook_inbox")
    op.drop_table("sign_in")
    with op.batch_alter_table("sandbox_object", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sandbox_object_parent"))
        batch_op.drop_index(
            "ix_sandbox_object_expiring",
            sqlite_where=sa.text("status = 'held'"),
            postgresql_where=sa.text("status = 'held'"),
        )

    op.drop_table("sandbox_object")
    op.drop_table("sandbox_method")
    with op.batch_alter_table("sandbox_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sandbox_event_due_at"))

    op.drop_table("sandbox_event")
    op.drop_table("sandbox_call")
    op.drop_table("purse_call")
    op.drop_table("person")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_due",
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )

    op.drop_table("outbox")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_recipient"))
        batch_op.drop_index("ix_letter_due")

    op.drop_table("letter")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journal_owner"))

    op.drop_table("journal")
    op.drop_table("account")
