"""Year-end packs and their files.

Revision: 202611240010
Follows: 202611240009
"""

import sqlalchemy as sa
from alembic import op

revision = "202611240010"
down_revision = "202611240009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("needs", sa.String(length=600), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("line_count >= 0", name=op.f("ck_report_pack_lines_counted")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_report_pack_made_by_id_user")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_report_pack_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_pack")),
    )
    op.create_index(op.f("ix_report_pack_unit_id"), "report_pack", ["unit_id"])
    op.create_index(op.f("ix_report_pack_made_by_id"), "report_pack", ["made_by_id"])
    op.create_table(
        "report_pack_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column(
            "format",
            sa.Enum("docx", "pdf", "xlsx", name="pack_format", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["pack_id"], ["report_pack.id"], name=op.f("fk_report_pack_file_pack_id_report_pack")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_pack_file")),
        sa.UniqueConstraint("pack_id", "format", name=op.f("uq_report_pack_file_pack_id_format")),
    )
    op.create_index(op.f("ix_report_pack_file_pack_id"), "report_pack_file", ["pack_id"])


def downgrade() -> None:
    """Refused: kept packs have no place in the schema of before."""
    raise NotImplementedError("restore the backup made before the upgrade")
