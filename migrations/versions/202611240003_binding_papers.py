"""A decision that took effect binds; a cancelled admission is a way out of its own.

Revision: 202611240003
Follows: 202611240002
"""

import sqlalchemy as sa
from alembic import op

revision = "202611240003"
down_revision = "202611240002"
branch_labels = None
depends_on = None

EXITS = ("expelled", "removed", "withdrew", "died", "moved_away", "cancelled")
#: The papers that a deed issued as it decided; one declared void already stays as it was declared.
DECISIONS = ("decision", "recognition_decision", "removal_decision", "cancel_decision")


def upgrade() -> None:
    with op.batch_alter_table("document") as batch_op:
        batch_op.add_column(sa.Column("is_binding", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("document") as batch_op:
        batch_op.alter_column("is_binding", server_default=None)
    document = sa.table("document", sa.column("kind"), sa.column("voided_on"), sa.column("is_binding"))
    op.execute(document.update().where(document.c.kind.in_(DECISIONS), document.c.voided_on.is_(None)).values(is_binding=True))
    with op.batch_alter_table("standing_period") as batch_op:
        batch_op.drop_constraint(op.f("ck_standing_period_exit"), type_="check")
    with op.batch_alter_table("standing_period") as batch_op:
        batch_op.create_check_constraint(op.f("ck_standing_period_exit"), f"exit IN ({', '.join(map(repr, EXITS))})")


def downgrade() -> None:
    """Refused: a cancelled admission has no place in the schema of before."""
    raise NotImplementedError("restore the backup made before the upgrade")
