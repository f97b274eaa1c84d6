"""Two people press a button in the same moment, each in a session of her own: one deed is done, once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from partyreg import clock, create_app, schema, store
from partyreg.admissions import actions, paper_actions, ruling_actions
from partyreg.admissions.models import Admission, AdmissionVote
from partyreg.db import db
from partyreg.documents.models import Document
from partyreg.errors import Conflict, RuleBroken
from partyreg.members.models import Member, Person
from partyreg.org.models import Unit, UnitKind
from partyreg.rulebook.admission import Step, VoteForm
from tests import make
from tests.admissions.deeds import TODAY
from tests.make.admissions import STANDING, SYSTEM, admission
from tests.postgres import fresh_database

#: What the door answers with a page that says that somebody was faster, or why the deed is refused.
REFUSALS = (Conflict, StaleDataError, IntegrityError, RuleBroken)


@pytest.fixture
def register(engine_name, database_url, tmp_path):
    """An application on a migrated database of its own, in which a commit is a commit; `.bon` and `.he` are ids of cells."""
    url = f"sqlite:///{tmp_path / 'partyreg.db'}"
    if engine_name == "postgresql":
        shared = database_url(engine_name)
        url = fresh_database(shared, f"{shared.rpartition('/')[2]}_two")
    app = create_app(
        {"SECRET_KEY": "for tests only", "PARTYREG_DATABASE_URL": url, "PARTYREG_INSTANCE": str(tmp_path), "PARTYREG_ARGON2_FAST": True}
    )
    with clock.freeze(TODAY), app.app_context():
        schema.upgrade(db.engine)
        root = make.unit(code="muong-chien", name="Đảng bộ xã Mường Chiên", kind=UnitKind.COMMUNE, parent=None)
        for code in ("bon", "he"):
            make.unit(code=f"cb-{code}", name=f"Chi bộ bản {code}", parent=root)
        db.session.commit()
        try:
            yield app
        finally:
            db.session.close()
            db.engine.dispose()


def files_at(step, count=2):
    """The keys and versions of so many files at that step, as their pages showed them."""
    cells = db.session.scalars(sa.select(Unit).where(Unit.kind == UnitKind.VILLAGE_CELL).order_by(Unit.id)).all()
    made = [admission(unit=cells[n % 2], step=step, full_name=f"Lò Thị {'ABCD'[n]}") for n in range(count)]
    seen = [(one.id, one.version) for one in made]
    db.session.commit()
    return seen


def at_once(app, *deeds):
    """What each deed answers, or what it is refused with; all begin together, each in a session of its own."""
    gate = threading.Barrier(len(deeds))

    def run(deed):
        with app.app_context():
            gate.wait(30)
            try:
                told = deed()
                db.session.commit()
            except REFUSALS as refused:
                db.session.rollback()
                return refused
            finally:
                db.session.close()
            return told

    with ThreadPoolExecutor(len(deeds)) as crowd:
        answers = list(crowd.map(run, deeds))
    db.session.expire_all()
    assert store.verify(db.engine) == []
    return answers


def deciding(seen, **changed):
    """The decision on one file, as a page sends it; answers the number."""
    key, version = seen

    def deed():
        said = {"decided_on": TODAY, "signer": "Lò Văn Pâng", "counts": STANDING, "form": VoteForm.SECRET_BALLOT, **changed}
        return ruling_actions.decide(SYSTEM, db.session.get_one(Admission, key), version, **said).sign

    return deed


def refusals(answers):
    """Those answers that are refusals."""
    return [one for one in answers if isinstance(one, Exception)]


def test_two_who_decide_on_one_file_make_one_decision(register):
    [seen] = files_at(Step.DECIDING, 1)
    answers = at_once(register, deciding(seen), deciding(seen))
    assert len(refusals(answers)) == 1 and not isinstance(refusals(answers)[0], RuleBroken)
    assert "1-QĐ/ĐU" in answers
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Document)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).where(AdmissionVote.body == "standing")) == 1


def test_two_decisions_at_once_have_two_numbers(register):
    answers = at_once(register, *(deciding(seen) for seen in files_at(Step.DECIDING)))
    assert sorted(answers) == ["1-QĐ/ĐU", "2-QĐ/ĐU"]


def test_one_outside_number_is_given_to_one_of_two_decisions(register):
    answers = at_once(register, *(deciding(seen, outside_number="125") for seen in files_at(Step.DECIDING)))
    [refused] = refusals(answers)
    assert [one.code for one in refused.findings] == ["document.number_taken"]
    assert "125-QĐ/ĐU" in answers


def test_two_ceremonies_of_one_candidate_make_one_member(register):
    [(key, version)] = files_at(Step.DECIDED, 1)

    def hold():
        return actions.hold_ceremony(SYSTEM, db.session.get_one(Admission, key), version, ceremony_on=TODAY).id

    answers = at_once(register, hold, hold)
    assert len(refusals(answers)) == 1
    file = db.session.get_one(Admission, key)
    assert (file.step, db.session.get_one(Member, file.person_id).ceremony_on) == (Step.PROBATION, TODAY)


def test_two_cards_with_one_number_are_one_members(register):
    def issue(key, version):
        file = db.session.get_one(Admission, key)
        ruling_actions.issue_card(SYSTEM, file, version, card_number="014000000777", issued_on=TODAY)

    answers = at_once(register, *(lambda seen=seen: issue(*seen) for seen in files_at(Step.RECOGNISED)))
    assert len(refusals(answers)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).where(Member.card_number == "014000000777")) == 1


def test_two_files_of_one_person_are_one(register):
    [(key, _version)] = files_at(Step.WITHDRAWN, 1)
    candidate = db.session.get_one(Admission, key).person_id
    db.session.commit()

    def open_again():
        known = db.session.get_one(Person, candidate)
        return actions.open_file(SYSTEM, unit=db.session.get_one(Unit, known.unit_id), person=known).id

    assert len(refusals(at_once(register, open_again, open_again))) == 1


def test_one_paper_issued_by_two_is_issued_once(register):
    [(key, version)] = files_at(Step.LISTED, 1)

    def issue():
        file = db.session.get_one(Admission, key)
        return paper_actions.issue_paper(SYSTEM, file, version, "helper_assignment", issued_on=TODAY, signer="Lò Văn Ký").sign

    answers = at_once(register, issue, issue)
    assert len(refusals(answers)) == 1 and "1-NQ/CB" in answers
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Document)) == 1


def test_decided_and_sent_back_at_once_is_one_of_them(register):
    [seen] = files_at(Step.DECIDING, 1)

    def send_back():
        ruling_actions.send_back(SYSTEM, db.session.get_one(Admission, seen[0]), seen[1], "Thiếu dấu.")

    answers = at_once(register, deciding(seen, outside_number="125"), send_back)
    assert len(refusals(answers)) == 1
    file = db.session.get_one(Admission, seen[0])
    assert (file.step is Step.DECIDED) == (file.decision_number == "125-QĐ/ĐU")
