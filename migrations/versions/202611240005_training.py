"""Training: classes and their lists.

Revision: 202611240005
Follows: 202611240004
"""

import sqlalchemy as sa
from alembic import op

revision = "202611240005"
down_revision = "202611240004"
branch_labels = None
depends_on = None

KINDS = ("awareness", "new_member", "cell_secretaries", "village_heads", "village_fronts", "digital", "officials", "other")
RESULTS = ("called", "finished", "failed", "away")


def upgrade() -> None:
    op.create_table(
        "training_course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="course_kind", native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=True),
        sa.Column("organiser", sa.String(length=120), nullable=True),
        sa.Column("place", sa.String(length=120), nullable=True),
        sa.Column("paper", sa.String(length=80), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ended_on >= started_on", name=op.f("ck_training_course_days_in_order")),
        sa.CheckConstraint("sessions IS NULL OR sessions > 0", name=op.f("ck_training_course_sessions_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_course")),
    )
    with op.batch_alter_table("training_course") as batch_op:
        batch_op.create_index(batch_op.f("ix_training_course_ended_on"), ["ended_on"], unique=False)

    op.create_table(
        "training_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("result", sa.Enum(*RESULTS, name="result", native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column("certificate_number", sa.String(length=40), nullable=True),
        sa.Column("certificate_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "certificate_on IS NULL OR result = 'finished'", name=op.f("ck_training_result_certificate_of_a_finished_class")
        ),
        sa.CheckConstraint(
            "certificate_number IS NULL OR certificate_on IS NOT NULL", name=op.f("ck_training_result_certificate_has_a_day")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["training_course.id"], name=op.f("fk_training_result_course_id_training_course")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_training_result_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_result")),
        sa.UniqueConstraint("course_id", "person_id", name=op.f("uq_training_result_course_id_person_id")),
    )
    with op.batch_alter_table("training_result") as batch_op:
        batch_op.create_index(batch_op.f("ix_training_result_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    """Refused: classes and their lists have no place in the schema of before."""
    raise NotImplementedError("restore the backup made before the upgrade")
