"""Discipline: cases, acts, votes, appeals, and who has read a case.

Revision: 202611240007
Follows: 202611240006
"""

import sqlalchemy as sa
from alembic import op

revision = "202611240007"
down_revision = "202611240006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "discipline_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("home_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column(
            "body",
            sa.Enum(
                "cell",
                "commission",
                "standing",
                "committee",
                "superior",
                name="decider",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "inspection",
                "signs",
                "denunciation",
                "self_report",
                "court",
                "other",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("inspection_id", sa.Integer(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("paper", sa.String(length=120), nullable=True),
        sa.Column("is_superior_task", sa.Boolean(), nullable=False),
        sa.Column("is_from_paper", sa.Boolean(), nullable=False),
        sa.Column("heard_on", sa.Date(), nullable=True),
        sa.Column("is_heard_in_absence", sa.Boolean(), nullable=False),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.Column(
            "deferral",
            sa.Enum("pregnancy", "child", "illness", name="deferral", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("deferred_on", sa.Date(), nullable=True),
        sa.Column("deferred_until", sa.Date(), nullable=True),
        sa.Column(
            "form",
            sa.Enum(
                "reprimand",
                "warning",
                "removal_from_office",
                "expulsion",
                "dissolution",
                name="form",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("position_id", sa.Integer(), nullable=True),
        sa.Column("issuer", sa.String(length=160), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column(
            "closed_because",
            sa.Enum(
                "no_violation",
                "not_due",
                "limitation",
                "exempt",
                "left",
                name="close_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("closing_note", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(closed_on IS NULL) = (closed_because IS NULL)", name=op.f("ck_discipline_case_closed_with_reason")),
        sa.CheckConstraint("(member_id IS NULL) <> (organisation_id IS NULL)", name=op.f("ck_discipline_case_one_subject")),
        sa.CheckConstraint("(signed_on IS NULL) = (form IS NULL)", name=op.f("ck_discipline_case_signed_with_form")),
        sa.CheckConstraint(
            "closed_on IS NULL OR signed_on IS NULL OR (closed_because = 'left' AND published_on IS NULL)",
            name=op.f("ck_discipline_case_closed_or_signed"),
        ),
        sa.CheckConstraint("delivered_on IS NULL OR delivered_on >= signed_on", name=op.f("ck_discipline_case_delivered_after_signing")),
        sa.CheckConstraint(
            "published_on IS NULL OR body = 'cell' OR published_on >= signed_on", name=op.f("ck_discipline_case_published_after_signing")
        ),
        sa.CheckConstraint("published_on IS NULL OR signed_on IS NOT NULL", name=op.f("ck_discipline_case_published_when_signed")),
        sa.ForeignKeyConstraint(["home_id"], ["unit.id"], name=op.f("fk_discipline_case_home_id_unit")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_discipline_case_inspection_id_inspection")),
        sa.ForeignKeyConstraint(["member_id"], ["person.id"], name=op.f("fk_discipline_case_member_id_person")),
        sa.ForeignKeyConstraint(["organisation_id"], ["unit.id"], name=op.f("fk_discipline_case_organisation_id_unit")),
        sa.ForeignKeyConstraint(["position_id"], ["position.id"], name=op.f("fk_discipline_case_position_id_position")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_discipline_case_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discipline_case")),
    )
    with op.batch_alter_table("discipline_case") as batch_op:
        batch_op.create_index(batch_op.f("ix_discipline_case_inspection_id"), ["inspection_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_discipline_case_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_discipline_case_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_discipline_case_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "discipline_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("acted_on", sa.Date(), nullable=False),
        sa.Column(
            "content",
            sa.Enum(
                "centralism",
                "ethics",
                "unity",
                "forbidden",
                "population",
                "corruption",
                "duty",
                "land",
                "finance",
                "assets",
                "politics",
                "security",
                "other",
                name="content",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["case_id"], ["discipline_case.id"], name=op.f("fk_discipline_act_case_id_discipline_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discipline_act")),
        sa.UniqueConstraint("case_id", "acted_on", "content", name=op.f("uq_discipline_act_case_id_acted_on_content")),
    )
    with op.batch_alter_table("discipline_act") as batch_op:
        batch_op.create_index(batch_op.f("ix_discipline_act_case_id"), ["case_id"], unique=False)

    op.create_table(
        "discipline_appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("lodged_on", sa.Date(), nullable=False),
        sa.Column(
            "result",
            sa.Enum("kept", "changed", "annulled", name="result", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column(
            "form",
            sa.Enum(
                "reprimand",
                "warning",
                "removal_from_office",
                "expulsion",
                "dissolution",
                name="form",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.CheckConstraint("form IS NULL OR result = 'changed'", name=op.f("ck_discipline_appeal_form_only_when_changed")),
        sa.CheckConstraint("(result IS NULL) = (published_on IS NULL)", name=op.f("ck_discipline_appeal_settled_on_a_day")),
        sa.CheckConstraint("published_on IS NULL OR published_on >= lodged_on", name=op.f("ck_discipline_appeal_settled_after_lodging")),
        sa.ForeignKeyConstraint(["case_id"], ["discipline_case.id"], name=op.f("fk_discipline_appeal_case_id_discipline_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discipline_appeal")),
    )
    with op.batch_alter_table("discipline_appeal") as batch_op:
        batch_op.create_index(batch_op.f("ix_discipline_appeal_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "uq_discipline_appeal_open",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("result IS NULL"),
            postgresql_where=sa.text("result IS NULL"),
        )

    op.create_table(
        "discipline_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("reader", sa.String(length=120), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["discipline_case.id"], name=op.f("fk_discipline_reading_case_id_discipline_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discipline_reading")),
    )
    with op.batch_alter_table("discipline_reading") as batch_op:
        batch_op.create_index(batch_op.f("ix_discipline_reading_case_id"), ["case_id"], unique=False)

    op.create_table(
        "discipline_vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "body",
            sa.Enum(
                "cell",
                "commission",
                "standing",
                "committee",
                "superior",
                name="decider",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "part", sa.Enum("decides", "proposes", name="part", native_enum=False, create_constraint=True, length=32), nullable=False
        ),
        sa.Column(
            "form",
            sa.Enum(
                "reprimand",
                "warning",
                "removal_from_office",
                "expulsion",
                "dissolution",
                name="form",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("not_counted", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("in_favour", sa.Integer(), nullable=False),
        sa.Column("against", sa.Integer(), nullable=False),
        sa.Column("blank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["discipline_case.id"], name=op.f("fk_discipline_vote_case_id_discipline_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discipline_vote")),
    )
    with op.batch_alter_table("discipline_vote") as batch_op:
        batch_op.create_index(batch_op.f("ix_discipline_vote_case_id"), ["case_id"], unique=False)


def downgrade() -> None:
    """Refused: cases of discipline have no place in the schema of before."""
    raise NotImplementedError("restore the backup made before the upgrade")
