"""The whole way of an admission: votes, reviews, documents, days set apart, calendar addresses.

Files of before keep their facts: a vote moves to its own table, an approved file goes to where its member stands.

Revision: 202611240002
Follows: 202611240001
"""

import sqlalchemy as sa
from alembic import op

from partyreg import clock

revision = "202611240002"
down_revision = "202611240001"
branch_labels = None
depends_on = None

STEPS = (
    "listed",
    "asked",
    "draft",
    "returned",
    "submitted",
    "committee",
    "deciding",
    "decided",
    "probation",
    "sent_back",
    "proposed",
    "ruling",
    "recognised",
    "closed",
    "withdrawn",
    "declined",
    "cancelled",
    "removed",
    "moved",
)
UNDER_WAY = sa.text("step IN ({})".format(", ".join(f"'{step}'" for step in STEPS[:13])))
VOTE = ("voted_on", "resolution_number", "full_members", "not_counted", "present", "in_favour", "against", "blank")
#: Which regulation governed when a file was opened.
INSTRUMENT = """CASE WHEN opened_on >= '2026-07-26' THEN '208-QĐ/TW' WHEN opened_on >= '2026-04-08' THEN '20-QĐ/TW'
    WHEN opened_on >= '2025-07-01' THEN '294-QĐ/TW' WHEN opened_on >= '2025-01-20' THEN '232-QĐ/TW'
    WHEN opened_on >= '2021-07-30' THEN '24-QĐ/TW' ELSE '29-QĐ/TW' END"""

#: Where an approved file stands: where its member does. Whoever left as a full member has come to the end of this way.
WHERE_NOW = """CASE
    WHEN {0} AND s.ended_on IS NULL AND s.standing = 'probationary') THEN 'probation'
    WHEN {0} AND s.ended_on IS NULL)
        AND (SELECT m.card_number FROM member m WHERE m.id = admission.person_id) IS NULL THEN 'recognised'
    WHEN {0} AND s.standing = 'full') THEN 'closed'
    WHEN {0} AND s.exit = 'removed') THEN 'removed'
    WHEN {0} AND s.exit = 'moved_away') THEN 'moved'
    WHEN {0}) THEN 'closed'
    ELSE 'decided' END""".format("EXISTS (SELECT 1 FROM standing_period s WHERE s.member_id = admission.person_id")  # noqa: S608
#: What was kept of a vote and can be counted.
COUNTED = """voted_on IS NOT NULL AND full_members IS NOT NULL AND present IS NOT NULL AND in_favour IS NOT NULL
    AND coalesce(not_counted, 0) >= 0 AND present + coalesce(not_counted, 0) <= full_members"""
SOMETHING = " OR ".join(f"{name} IS NOT NULL" for name in VOTE)


def _told(words: str, name: str, kind: str = "VARCHAR(10)") -> str:
    return f"|| '{words} ' || coalesce(CAST({name} AS {kind}), '–')"


#: A vote that cannot be counted, in words for the log of its file.
UNCOUNTED = f"""'Biểu quyết ghi chưa đủ trước khi nâng cấp sổ:' {_told(" ngày", "voted_on")}
    {_told(", nghị quyết", "resolution_number", "VARCHAR(40)")} {_told(", đảng viên chính thức", "full_members")}
    {_told(", không tính", "not_counted")} {_told(", có mặt", "present")} {_told(", tán thành", "in_favour")}
    {_told(", không tán thành", "against")} {_told(", phiếu trắng", "blank")} || '. Chi bộ ghi lại ở mục biểu quyết.'"""


def _restep(table: str, column: str) -> None:
    """The column takes the new steps; between the old guard and the new one its values are moved."""
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(op.f(f"ck_{table}_{column}"), type_="check")
    if table == "admission":
        op.execute(f"UPDATE admission SET step = {WHERE_NOW} WHERE step = 'approved'")  # noqa: S608 - our own text
    else:
        op.execute(f"UPDATE {table} SET {column} = 'decided' WHERE {column} = 'approved'")  # noqa: S608 - our own names
    with op.batch_alter_table(table) as batch_op:
        batch_op.create_check_constraint(op.f(f"ck_{table}_{column}"), f"{column} IN ({', '.join(repr(step) for step in STEPS)})")


def upgrade() -> None:
    op.create_table(
        "special_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_off", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_special_day")),
        sa.UniqueConstraint("day", name=op.f("uq_special_day_day")),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("form_code", sa.String(length=20), nullable=True),
        sa.Column("series", sa.String(length=20), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("signer", sa.String(length=120), nullable=True),
        sa.Column("facts", sa.Text(), nullable=True),
        sa.Column("is_outside", sa.Boolean(), nullable=False),
        sa.Column("voided_on", sa.Date(), nullable=True),
        sa.Column("void_reason", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(number IS NULL) = (series IS NULL) AND (number IS NULL) = (year IS NULL)",
            name=op.f("ck_document_number_with_series_and_year"),
        ),
        sa.CheckConstraint("(voided_on IS NULL) = (void_reason IS NULL)", name=op.f("ck_document_void_with_reason")),
        sa.CheckConstraint("is_outside = (facts IS NULL)", name=op.f("ck_document_facts_unless_outside")),
        sa.CheckConstraint("number IS NULL OR number > 0", name=op.f("ck_document_number_positive")),
        sa.ForeignKeyConstraint(["issuer_id"], ["unit.id"], name=op.f("fk_document_issuer_id_unit")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_document_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("issuer_id", "series", "year", "number", name=op.f("uq_document_issuer_id_series_year_number")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_issued_on"), ["issued_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_issuer_id"), ["issuer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "document_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column(
            "format", sa.Enum("docx", "pdf", name="file_format", native_enum=False, create_constraint=True, length=32), nullable=False
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_file_document_id_document")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_file")),
        sa.UniqueConstraint("document_id", "format", name=op.f("uq_document_file_document_id_format")),
    )
    with op.batch_alter_table("document_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_file_document_id"), ["document_id"], unique=False)

    op.create_table(
        "feed_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_feed_key_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feed_key_token_hash")),
    )
    with op.batch_alter_table("feed_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_key_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_feed_key_open",
            ["user_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "admission_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("admission_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["admission_id"], ["admission.id"], name=op.f("fk_admission_paper_admission_id_admission")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_admission_paper_document_id_document")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission_paper")),
        sa.UniqueConstraint("document_id", name=op.f("uq_admission_paper_document_id")),
    )
    with op.batch_alter_table("admission_paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_admission_paper_admission_id"), ["admission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_admission_paper_document_id"), ["document_id"], unique=False)

    op.create_table(
        "admission_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("admission_id", sa.Integer(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["admission_id"], ["admission.id"], name=op.f("fk_admission_review_admission_id_admission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission_review")),
        sa.UniqueConstraint("admission_id", "reviewed_on", name=op.f("uq_admission_review_admission_id_reviewed_on")),
    )
    with op.batch_alter_table("admission_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_admission_review_admission_id"), ["admission_id"], unique=False)

    op.create_table(
        "admission_vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("admission_id", sa.Integer(), nullable=False),
        sa.Column(
            "body",
            sa.Enum("cell", "committee", "standing", name="voting_body", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "purpose",
            sa.Enum("admission", "recognition", "removal", name="purpose", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column(
            "form",
            sa.Enum("secret_ballot", "member_card", name="vote_form", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("not_counted", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("in_favour", sa.Integer(), nullable=False),
        sa.Column("against", sa.Integer(), nullable=False),
        sa.Column("blank", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.CheckConstraint("in_favour + against + blank <= present", name=op.f("ck_admission_vote_no_more_votes_than_present")),
        sa.CheckConstraint("in_favour >= 0 AND against >= 0 AND blank >= 0", name=op.f("ck_admission_vote_votes_not_negative")),
        sa.CheckConstraint("members >= 0 AND not_counted >= 0 AND present >= 0", name=op.f("ck_admission_vote_heads_not_negative")),
        sa.CheckConstraint("present + not_counted <= members", name=op.f("ck_admission_vote_no_more_present_than_members")),
        sa.ForeignKeyConstraint(["admission_id"], ["admission.id"], name=op.f("fk_admission_vote_admission_id_admission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission_vote")),
        sa.UniqueConstraint("admission_id", "body", "purpose", "held_on", name=op.f("uq_admission_vote_admission_id_body_purpose_held_on")),
    )
    with op.batch_alter_table("admission_vote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_admission_vote_admission_id"), ["admission_id"], unique=False)

    with op.batch_alter_table("admission") as batch_op:
        batch_op.drop_index("uq_admission_open")
        batch_op.add_column(sa.Column("started_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("instrument", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("is_readmission", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("listed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("listing_number", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("helper_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("helper_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("asked_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("asked_number", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("permitted_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("permit_number", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("cv_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("unions_opinion_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("residence_opinion_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("readmission_paper", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("passed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("received_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("late_paper", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("new_class_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("new_class_number", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("self_review_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("remark_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("full_opinions_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("proposed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("full_passed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ruled_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ruling_number", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("ruling_year", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("ruling_signer", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("moved_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("moved_paper", sa.String(length=80), nullable=True))
    op.execute(f"UPDATE admission SET started_on = opened_on, instrument = {INSTRUMENT}")  # noqa: S608 - our own text
    op.execute(sa.text("UPDATE admission SET is_readmission = :no").bindparams(sa.bindparam("no", False, sa.Boolean)))
    op.execute(
        f"""INSERT INTO admission_vote (admission_id, body, purpose, held_on, members, not_counted, present, in_favour, against, blank, number)
        SELECT id, 'cell', 'admission', voted_on, full_members, coalesce(not_counted, 0), present, in_favour, coalesce(against, 0),
               coalesce(blank, 0), resolution_number
        FROM admission WHERE {COUNTED}"""  # noqa: S608 - our own text
    )
    # A day, a number or a count without a vote that can be counted is not lost: it stands in the log of the file.
    op.execute(
        sa.text(
            f"""INSERT INTO admission_move (admission_id, from_step, to_step, moved_at, user_id, actor, reason)
            SELECT id, step, step, :now, NULL, 'nâng cấp sổ', {UNCOUNTED}
            FROM admission WHERE ({SOMETHING}) AND id NOT IN (SELECT admission_id FROM admission_vote)"""  # noqa: S608 - our own text
        ).bindparams(sa.bindparam("now", clock.now().replace(tzinfo=None), sa.DateTime))
    )
    with op.batch_alter_table("admission") as batch_op:
        batch_op.drop_constraint(op.f("ck_admission_votes_not_negative"), type_="check")
        batch_op.drop_constraint(op.f("ck_admission_no_more_votes_than_present"), type_="check")
    with op.batch_alter_table("admission") as batch_op:
        for name in VOTE:
            batch_op.drop_column(name)
        batch_op.alter_column("started_on", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column("instrument", existing_type=sa.String(length=80), nullable=False)
        batch_op.alter_column("is_readmission", existing_type=sa.Boolean(), nullable=False)
        batch_op.alter_column("opened_on", existing_type=sa.Date(), nullable=True)
        batch_op.create_index(op.f("ix_admission_helper_id"), ["helper_id"])
        batch_op.create_unique_constraint(op.f("uq_admission_ruling_year_ruling_number"), ["ruling_year", "ruling_number"])
        batch_op.create_foreign_key(op.f("fk_admission_helper_id_member"), "member", ["helper_id"], ["id"])
    _restep("admission", "step")
    _restep("admission_move", "from_step")
    _restep("admission_move", "to_step")
    with op.batch_alter_table("admission") as batch_op:
        batch_op.create_index("uq_admission_open", ["person_id"], unique=True, sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY)
    with op.batch_alter_table("admission_move") as batch_op:
        batch_op.add_column(sa.Column("instrument", sa.String(length=80), nullable=True))
    with op.batch_alter_table("member") as batch_op:
        batch_op.add_column(sa.Column("readmitted_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("readmission_number", sa.String(length=40), nullable=True))


def downgrade() -> None:
    """Refused: the votes of committees, the reviews and the issued papers have no place in the schema of before."""
    raise NotImplementedError("restore the backup made before the upgrade")
