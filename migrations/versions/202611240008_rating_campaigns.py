"""Rating campaigns: parameters, a line for each subject, moves of the sheets, frozen states and amendments.

Revision: 202611240008
Follows: 202611240007
"""

import sqlalchemy as sa
from alembic import op

revision = "202611240008"
down_revision = "202611240007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rating_campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("roll_on", sa.Date(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_by", sa.String(length=120), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name=op.f("ck_rating_campaign_closed_after_opened")),
        sa.ForeignKeyConstraint(["year"], ["rating_year.year"], name=op.f("fk_rating_campaign_year_rating_year")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_campaign")),
        sa.UniqueConstraint("year", name=op.f("uq_rating_campaign_year")),
    )

    op.create_table(
        "rating_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("member", "organisation", "official", name="subject_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "targets",
                "self",
                "vote",
                "check",
                "opinion",
                "decision",
                "decided",
                name="rating_step",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "not_rated",
            sa.Enum("exempt", "suspended", "new", "other", name="not_rated", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column(
            "law_reason",
            sa.Enum("exempt", "suspended", "new", "other", name="law_reason", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column(
            "self_level",
            sa.Enum("excellent", "good", "done", "not_done", name="self_level", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("score", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("voted_on", sa.Date(), nullable=True),
        sa.Column("full_members", sa.Integer(), nullable=True),
        sa.Column("not_counted", sa.Integer(), nullable=True),
        sa.Column("present", sa.Integer(), nullable=True),
        sa.Column("votes_excellent", sa.Integer(), nullable=True),
        sa.Column("votes_good", sa.Integer(), nullable=True),
        sa.Column("votes_done", sa.Integer(), nullable=True),
        sa.Column("votes_not_done", sa.Integer(), nullable=True),
        sa.Column("blank", sa.Integer(), nullable=True),
        sa.Column(
            "proposed",
            sa.Enum("excellent", "good", "done", "not_done", name="proposed_level", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("proposed_why", sa.String(length=300), nullable=True),
        sa.Column("proposed_paper", sa.String(length=80), nullable=True),
        sa.Column("proposed_by", sa.String(length=120), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("checked_by", sa.String(length=120), nullable=True),
        sa.Column("checked_note", sa.String(length=300), nullable=True),
        sa.Column(
            "decided",
            sa.Enum("excellent", "good", "done", "not_done", name="decided_level", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_paper", sa.String(length=80), nullable=True),
        sa.Column("decided_why", sa.String(length=300), nullable=True),
        sa.Column("decided_by", sa.String(length=120), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("score IS NULL OR score BETWEEN 0 AND 100", name=op.f("ck_rating_line_score_of_a_hundred")),
        sa.CheckConstraint("(step = 'decided') = (decided_on IS NOT NULL)", name=op.f("ck_rating_line_decided_on_a_day")),
        sa.CheckConstraint("kind <> 'official'", name=op.f("ck_rating_line_members_and_cells")),
        sa.CheckConstraint("decided IS NULL OR not_rated IS NULL", name=op.f("ck_rating_line_level_or_reason")),
        sa.CheckConstraint("(member_id IS NOT NULL) = (kind = 'member')", name=op.f("ck_rating_line_member_of_members")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_rating_line_unit_id_unit")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_rating_line_member_id_member")),
        sa.ForeignKeyConstraint(["campaign_id"], ["rating_campaign.id"], name=op.f("fk_rating_line_campaign_id_rating_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_line")),
        sa.UniqueConstraint("campaign_id", "member_id", name=op.f("uq_rating_line_campaign_id_member_id")),
    )
    with op.batch_alter_table("rating_line") as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_line_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rating_line_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_rating_line_cell",
            ["campaign_id", "unit_id"],
            unique=True,
            sqlite_where=sa.text("member_id IS NULL"),
            postgresql_where=sa.text("member_id IS NULL"),
        )

    op.create_table(
        "rating_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "from_step",
            sa.Enum(
                "targets",
                "self",
                "vote",
                "check",
                "opinion",
                "decision",
                "decided",
                name="from_step",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "to_step",
            sa.Enum(
                "targets",
                "self",
                "vote",
                "check",
                "opinion",
                "decision",
                "decided",
                name="to_step",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("moved_at", sa.DateTime(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["rating_campaign.id"], name=op.f("fk_rating_move_campaign_id_rating_campaign")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_rating_move_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_move")),
    )
    with op.batch_alter_table("rating_move") as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_move_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rating_move_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "rating_freeze",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(), nullable=False),
        sa.Column("frozen_by", sa.String(length=120), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["rating_campaign.id"], name=op.f("fk_rating_freeze_campaign_id_rating_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_freeze")),
        sa.UniqueConstraint("campaign_id", name=op.f("uq_rating_freeze_campaign_id")),
    )

    op.create_table(
        "rating_amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "from_level",
            sa.Enum("excellent", "good", "done", "not_done", name="from_level", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column(
            "to_level",
            sa.Enum("excellent", "good", "done", "not_done", name="to_level", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("amended_on", sa.Date(), nullable=False),
        sa.Column("paper", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("entered_by", sa.String(length=120), nullable=False),
        sa.CheckConstraint("from_level IS NULL OR from_level <> to_level", name=op.f("ck_rating_amendment_changes_the_level")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_rating_amendment_unit_id_unit")),
        sa.ForeignKeyConstraint(["line_id"], ["rating_line.id"], name=op.f("fk_rating_amendment_line_id_rating_line")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_amendment")),
    )
    with op.batch_alter_table("rating_amendment") as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_amendment_line_id"), ["line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rating_amendment_unit_id"), ["unit_id"], unique=False)


def downgrade() -> None:
    """Refused: votes, decisions and frozen states have no place in the schema of before."""
    raise NotImplementedError("restore the backup made before the upgrade")
