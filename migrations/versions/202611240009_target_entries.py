"""The entered values of targets.

Revision: 202611240009
Follows: 202611240008
"""

import sqlalchemy as sa
from alembic import op

revision = "202611240009"
down_revision = "202611240008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "target_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("measured_in", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("paper", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("corrected_because", sa.String(length=300), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("year BETWEEN 1930 AND 2200", name=op.f("ck_target_entry_plausible_year")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_target_entry_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_entry")),
        sa.UniqueConstraint("unit_id", "no", "year", name=op.f("uq_target_entry_unit_id_no_year")),
    )


def downgrade() -> None:
    """Refused: entered values have no place in the schema of before."""
    raise NotImplementedError("restore the backup made before the upgrade")
