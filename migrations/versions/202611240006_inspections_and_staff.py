"""Inspections with their subjects and teams; socio-political organisations and commune staff with their levels.

Revision: 202611240006
Follows: 202611240005
"""

import sqlalchemy as sa
from alembic import op

revision = "202611240006"
down_revision = "202611240005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inspection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "body",
            sa.Enum(
                "committee",
                "standing",
                "commission",
                "advisory",
                "cell",
                name="inspecting_body",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "signs",
                "compliance",
                "finance",
                "discipline",
                "supervision",
                "thematic",
                name="inspection_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "matter",
            sa.Enum(
                "regulations",
                "ethics",
                "duties",
                "forbidden",
                "other",
                name="inspection_matter",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("is_planned", sa.Boolean(), nullable=False),
        sa.Column("is_dispersed", sa.Boolean(), nullable=False),
        sa.Column("decision_on", sa.Date(), nullable=True),
        sa.Column("decision_number", sa.String(length=40), nullable=True),
        sa.Column("plan_on", sa.Date(), nullable=True),
        sa.Column("plan_number", sa.String(length=40), nullable=True),
        sa.Column("report_on", sa.Date(), nullable=True),
        sa.Column("report_number", sa.String(length=40), nullable=True),
        sa.Column("conclusion_on", sa.Date(), nullable=True),
        sa.Column("conclusion_number", sa.String(length=40), nullable=True),
        sa.Column("mend_by", sa.Date(), nullable=True),
        sa.Column("mended_on", sa.Date(), nullable=True),
        sa.Column("mended_how", sa.String(length=300), nullable=True),
        sa.Column("corrected_because", sa.String(length=300), nullable=True),
        sa.Column("cancelled_because", sa.String(length=300), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("cancelled_because IS NULL OR conclusion_on IS NULL", name=op.f("ck_inspection_cancelled_or_concluded")),
        sa.CheckConstraint(
            "mend_by IS NULL OR (conclusion_on IS NOT NULL AND mend_by > conclusion_on)", name=op.f("ck_inspection_mended_after_conclusion")
        ),
        sa.CheckConstraint("mended_on IS NULL OR mend_by IS NOT NULL", name=op.f("ck_inspection_mended_what_was_due")),
        sa.CheckConstraint("year BETWEEN 1930 AND 2200", name=op.f("ck_inspection_plausible_year")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_inspection_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
    )
    with op.batch_alter_table("inspection") as batch_op:
        batch_op.create_index("ix_inspection_unit_id_year", ["unit_id", "year"], unique=False)

    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "front",
                "farmers",
                "women",
                "youth",
                "veterans",
                "trade_union",
                "cadre",
                "civil_servant",
                name="staff_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("name_sort", sa.String(length=600).with_variant(sa.String(length=600, collation="C"), "postgresql"), nullable=True),
        sa.Column("post", sa.String(length=120), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("(post IS NOT NULL) = (kind IN ('cadre', 'civil_servant'))", name=op.f("ck_staff_people_have_posts")),
        sa.CheckConstraint("(person_id IS NOT NULL) = (kind IN ('cadre', 'civil_servant'))", name=op.f("ck_staff_officials_are_people")),
        sa.CheckConstraint("(name IS NULL) = (person_id IS NOT NULL)", name=op.f("ck_staff_one_name")),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name=op.f("ck_staff_period_in_order")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_staff_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_staff_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
    )
    with op.batch_alter_table("staff") as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_staff_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_staff_person_open",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        )
        batch_op.create_index(
            "uq_staff_organisation_open",
            ["unit_id", "kind"],
            unique=True,
            sqlite_where=sa.text("ended_on IS NULL AND person_id IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL AND person_id IS NULL"),
        )

    op.create_table(
        "inspection_subject",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column(
            "conclusion",
            sa.Enum(
                "good",
                "not_good",
                "faults",
                "discipline",
                name="inspection_conclusion",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_subject_inspection_id_inspection")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_inspection_subject_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_inspection_subject_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_subject")),
        sa.UniqueConstraint("inspection_id", "person_id", name=op.f("uq_inspection_subject_inspection_id_person_id")),
    )
    with op.batch_alter_table("inspection_subject") as batch_op:
        batch_op.create_index(batch_op.f("ix_inspection_subject_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspection_subject_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_inspection_subject_unit",
            ["inspection_id", "unit_id"],
            unique=True,
            sqlite_where=sa.text("person_id IS NULL"),
            postgresql_where=sa.text("person_id IS NULL"),
        )

    op.create_table(
        "inspection_teammate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_head", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_teammate_inspection_id_inspection")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_inspection_teammate_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_teammate")),
        sa.UniqueConstraint("inspection_id", "person_id", name=op.f("uq_inspection_teammate_inspection_id_person_id")),
    )
    with op.batch_alter_table("inspection_teammate") as batch_op:
        batch_op.create_index(batch_op.f("ix_inspection_teammate_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_inspection_teammate_head",
            ["inspection_id"],
            unique=True,
            sqlite_where=sa.text("is_head"),
            postgresql_where=sa.text("is_head"),
        )

    op.create_table(
        "staff_rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum("excellent", "good", "done", "not_done", name="level", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("paper", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("year BETWEEN 1930 AND 2200", name=op.f("ck_staff_rating_plausible_year")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_rating_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_rating")),
        sa.UniqueConstraint("staff_id", "year", name=op.f("uq_staff_rating_staff_id_year")),
    )
    with op.batch_alter_table("staff_rating") as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_rating_year"), ["year"], unique=False)


def downgrade() -> None:
    """Refused: inspections and levels of organisations and staff have no place in the schema of before."""
    raise NotImplementedError("restore the backup made before the upgrade")
