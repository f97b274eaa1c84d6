"""Resolutions and their targets, entered as data.

Revision: 202611240013
Follows: 202611240012
"""

import sqlalchemy as sa
from alembic import op

revision = "202611240013"
down_revision = "202611240012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "resolution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("corrected_because", sa.String(length=300), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("in_force_from BETWEEN first_on AND last_on", name=op.f("ck_resolution_in_force_within_term")),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_resolution_term_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution")),
    )
    op.create_table(
        "resolution_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resolution_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("comparator", sa.String(length=2), nullable=False),
        sa.Column("threshold", sa.BigInteger(), nullable=False),
        sa.Column("upper", sa.BigInteger(), nullable=True),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("article", sa.String(length=200), nullable=False),
        sa.Column("baseline", sa.BigInteger(), nullable=True),
        sa.Column("baseline_year", sa.Integer(), nullable=True),
        sa.Column("baseline_source", sa.String(length=200), nullable=True),
        sa.Column("corrected_because", sa.String(length=300), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=300), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(baseline IS NULL) = (baseline_year IS NULL) AND (baseline IS NULL) = (baseline_source IS NULL)",
            name=op.f("ck_resolution_target_baseline_whole"),
        ),
        sa.CheckConstraint("(withdrawn_on IS NULL) = (withdrawn_because IS NULL)", name=op.f("ck_resolution_target_withdrawn_with_reason")),
        sa.ForeignKeyConstraint(["resolution_id"], ["resolution.id"], name=op.f("fk_resolution_target_resolution_id_resolution")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution_target")),
    )
    with op.batch_alter_table("resolution_target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resolution_target_resolution_id"), ["resolution_id"], unique=False)
    op.create_table(
        "resolution_amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resolution_id", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("no", sa.String(length=20), nullable=True),
        sa.Column("years", sa.String(length=200), nullable=False),
        sa.Column("before", sa.String(length=500), nullable=False),
        sa.Column("after", sa.String(length=500), nullable=False),
        sa.Column("because", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["resolution_id"], ["resolution.id"], name=op.f("fk_resolution_amendment_resolution_id_resolution")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution_amendment")),
    )
    with op.batch_alter_table("resolution_amendment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resolution_amendment_resolution_id"), ["resolution_id"], unique=False)


def downgrade() -> None:
    """Refused: what the office entered has no place in the schema of before."""
    raise NotImplementedError("restore the backup made before the upgrade")
