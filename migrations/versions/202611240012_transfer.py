"""Descent of a cell from the former commune from which it went over.

Revision: 202611240012
Follows: 202611240011
"""

import sqlalchemy as sa
from alembic import op

revision = "202611240012"
down_revision = "202611240011"
branch_labels = None
depends_on = None

KINDS = ("merge", "split", "rename", "transfer")


def upgrade() -> None:
    with op.batch_alter_table("lineage") as batch_op:
        batch_op.drop_constraint(op.f("ck_lineage_lineage_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_lineage_lineage_kind"), f"kind IN ({', '.join(repr(kind) for kind in KINDS)})")
        batch_op.create_index(
            "uq_lineage_transfer",
            ["into_id"],
            unique=True,
            sqlite_where=sa.text("kind = 'transfer'"),
            postgresql_where=sa.text("kind = 'transfer'"),
        )


def downgrade() -> None:
    """Refused: the descent of cells has no place in the schema of before."""
    raise NotImplementedError("restore the backup made before the upgrade")
