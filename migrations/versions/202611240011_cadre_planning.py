"""Cadre planning: who was approved for which post of which term.

Revision: 202611240011
Follows: 202611240010
"""

import sqlalchemy as sa
from alembic import op

revision = "202611240011"
down_revision = "202611240010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cadre_planning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(length=120), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("last_year", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=160), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("paper", sa.String(length=80), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_because", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(ended_on IS NULL) = (ended_because IS NULL)", name=op.f("ck_cadre_planning_ended_with_reason")),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= approved_on", name=op.f("ck_cadre_planning_ended_after_approval")),
        sa.CheckConstraint(
            "first_year BETWEEN 1930 AND 2200 AND last_year BETWEEN first_year AND first_year + 10",
            name=op.f("ck_cadre_planning_plausible_term"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_cadre_planning_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_cadre_planning_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cadre_planning")),
    )
    with op.batch_alter_table("cadre_planning", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cadre_planning_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cadre_planning_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_cadre_planning_running",
            ["person_id", "post", "first_year"],
            unique=True,
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        )


def downgrade() -> None:
    """Refused: cadre planning has no place in the schema of before."""
    raise NotImplementedError("restore the backup made before the upgrade")
