"""Meetings, whole: agenda, tasks, drafts, plans, waived months, scores.

Revision: 202611240004
Follows: 202611240003
"""

import sqlalchemy as sa
from alembic import op

revision = "202611240004"
down_revision = "202611240003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meeting_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("client_key", sa.String(length=36), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_meeting_draft_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_draft")),
        sa.UniqueConstraint("client_key", name=op.f("uq_meeting_draft_client_key")),
    )
    with op.batch_alter_table("meeting_draft") as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_draft_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "meeting_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("regular", "thematic", "extraordinary", name="meeting_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("begins_at", sa.Time(), nullable=True),
        sa.Column("place", sa.String(length=120), nullable=True),
        sa.Column("topic", sa.String(length=200), nullable=True),
        sa.Column("agenda", sa.Text(), nullable=True),
        sa.Column("cancelled_because", sa.String(length=300), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_meeting_plan_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_plan")),
    )
    with op.batch_alter_table("meeting_plan") as batch_op:
        batch_op.create_index("ix_meeting_plan_unit_id_held_on", ["unit_id", "held_on"], unique=False)

    op.create_table(
        "meeting_waiver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_meeting_waiver_month_of_a_year")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_meeting_waiver_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_waiver")),
        sa.UniqueConstraint("unit_id", "year", "month", name=op.f("uq_meeting_waiver_unit_id_year_month")),
    )
    op.create_table(
        "meeting_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=True),
        sa.Column("in_favour", sa.Integer(), nullable=True),
        sa.Column("against", sa.Integer(), nullable=True),
        sa.Column("blank", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(in_favour IS NULL) = (against IS NULL) AND (in_favour IS NULL) = (blank IS NULL)",
            name=op.f("ck_meeting_item_vote_whole_or_none"),
        ),
        sa.CheckConstraint("in_favour >= 0 AND against >= 0 AND blank >= 0", name=op.f("ck_meeting_item_vote_not_negative")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_item_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_item")),
        sa.UniqueConstraint("meeting_id", "position", name=op.f("uq_meeting_item_meeting_id_position")),
    )
    op.create_table(
        "meeting_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column(
            "scorer", sa.Enum("cell", "committee", name="scorer", native_enum=False, create_constraint=True, length=32), nullable=False
        ),
        sa.Column("points", sa.Text(), nullable=False),
        sa.Column("total", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("scored_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("total BETWEEN 0 AND 100", name=op.f("ck_meeting_score_total_of_a_hundred")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_score_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_score")),
        sa.UniqueConstraint("meeting_id", "scorer", name=op.f("uq_meeting_score_meeting_id_scorer")),
    )
    op.create_table(
        "meeting_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=300), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("closed_on IS NOT NULL OR NOT is_done", name=op.f("ck_meeting_task_done_is_closed")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_task_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_meeting_task_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_task")),
    )
    with op.batch_alter_table("meeting_task") as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_task_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_task_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("meeting") as batch_op:
        batch_op.add_column(sa.Column("documents_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Refused: agendas, tasks, drafts, plans, waived months and scores have no place in the schema of before."""
    raise NotImplementedError("restore the backup made before the upgrade")
