"""The deeds on the way of an inspection: papers, conclusion, mending, correction."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from partyreg.access import Permission, Role
from partyreg.audit import AuditEntry
from partyreg.db import db
from partyreg.errors import Conflict, NotVisible, RuleBroken
from partyreg.inspections import queries, step_actions
from partyreg.rulebook.inspection import InspectingBody, InspectionConclusion, InspectionKind, InspectionStage, InspectionStep
from tests import make
from tests.make.inspections import SYSTEM, concluded, inspection, papers

DAY = dt.date(2026, 5, 5)
C = InspectionConclusion


def refused(call, *args, **kwargs) -> list[str]:
    with pytest.raises(RuleBroken) as broken:
        call(*args, **kwargs)
    return [finding.code for finding in broken.value.findings]


@pytest.fixture
def made(commune):
    """An inspection of the cell of Bon by the commission."""
    return inspection(unit=commune.root, units=[commune.bon])


def step(made, step=InspectionStep.DECISION, on=dt.date(2026, 3, 10), number="1-QĐ/UBKT", version=None):
    step_actions.record_step(SYSTEM, made, made.version if version is None else version, step, on, number)


def conclude(made, conclusion=C.GOOD, deed=step_actions.conclude, reason=None, **changed):
    given = {one.id: conclusion for one in queries.subjects(SYSTEM, made)}
    facts = {"on": DAY, "number": "9-TB/UBKT", "conclusions": given, **changed}
    deed(SYSTEM, made, made.version, *([reason] if reason is not None else []), **facts)


class TestSteps:
    def test_each_paper_brings_it_on(self, made):
        stages = []
        for one in (InspectionStep.DECISION, InspectionStep.PLAN, InspectionStep.REPORT):
            papers(made, one)
            stages.append(queries.stage_of(made))
        assert stages == [InspectionStage.DECIDED, InspectionStage.UNDERWAY, InspectionStage.REPORTED]

    def test_recorded_again_it_is_put_right(self, made):
        step(made)
        step(made, number="2-QĐ/UBKT")
        assert made.decision_number == "2-QĐ/UBKT"

    def test_refusals(self, made):
        assert refused(step, made, InspectionStep.CONCLUSION) == ["inspection.use_conclude"]
        assert refused(step, made, number=" ") == ["inspection.no_number"]
        late = make.unit(parent=made.unit, code="cb-moi", founded_on=dt.date(2026, 3, 1))
        assert refused(step, inspection(unit=late), on=dt.date(2026, 2, 28)) == ["inspection.unit_gone"]
        assert refused(step, made, number="x" * 41) == ["inspection.long_number"]
        assert refused(step, made, on=dt.date(2026, 11, 25)) == ["inspection.to_come"]
        assert refused(step, made, on=dt.date(2014, 1, 1)) == ["inspection.too_early"]
        step(made)
        assert refused(step, made, InspectionStep.PLAN, on=dt.date(2026, 3, 9)) == ["inspection.order"]
        with pytest.raises(Conflict):
            step(made, version=99)
        concluded(made)
        assert refused(step, made) == ["inspection.is_concluded"]

    def test_a_decision_must_be_lawful_on_its_own_day(self, commune):
        planned = inspection(unit=commune.root, body=InspectingBody.ADVISORY, kind=InspectionKind.SIGNS, planned_on=dt.date(2025, 5, 1))
        assert refused(step, planned, on=dt.date(2025, 6, 1)) == ["inspection.body"]


class TestConclude:
    def test_it_is_concluded_with_what_was_found_of_each(self, made):
        papers(made)
        conclude(made, C.FAULTS, mend_by=dt.date(2026, 12, 31))
        assert queries.stage_of(made) is InspectionStage.MENDING
        assert [one.conclusion for one in queries.subjects(SYSTEM, made)] == [C.FAULTS]

    def test_refusals(self, commune, made):
        assert refused(conclude, made) == ["inspection.no_decision", "inspection.no_plan", "inspection.no_report"]
        papers(made)
        assert refused(conclude, made, None) == ["inspection.no_conclusion"]
        assert refused(conclude, made, on=dt.date(2026, 4, 1)) == ["inspection.order"]
        assert refused(conclude, made, mend_by=DAY) == ["inspection.mend_by"]
        assert refused(conclude, made, number="") == ["inspection.no_number"]
        assert refused(conclude, made, on=dt.date(2026, 12, 1)) == ["inspection.to_come"]
        assert refused(conclude, inspection(unit=commune.bon)) == ["inspection.no_subject", "inspection.no_report"]
        with pytest.raises(Conflict):
            step_actions.conclude(SYSTEM, made, 99, on=DAY, number="9", conclusions={})
        conclude(made)
        assert refused(conclude, made) == ["inspection.is_concluded"]

    def test_a_cell_without_a_team_needs_a_report_only(self, commune):
        own = papers(inspection(unit=commune.bon, units=[commune.bon]), InspectionStep.REPORT)
        conclude(own)
        assert queries.stage_of(own) is InspectionStage.DONE


class TestMend:
    def test_how_and_when_is_on_record(self, made):
        concluded(made, C.FAULTS, dt.date(2026, 9, 30))
        step_actions.mend(SYSTEM, made, made.version, dt.date(2026, 10, 1), "Đã bổ sung  sổ nghị quyết")
        assert (made.mended_how, queries.stage_of(made)) == ("Đã bổ sung sổ nghị quyết", InspectionStage.DONE)
        assert refused(step_actions.mend, SYSTEM, made, made.version, DAY, "x") == ["inspection.mended_already"]

    def test_refusals(self, commune, made):
        assert refused(step_actions.mend, SYSTEM, made, made.version, DAY, "x") == ["inspection.nothing_to_mend"]
        concluded(made, C.FAULTS, dt.date(2026, 9, 30))
        for on, how, code in (
            (dt.date(2026, 5, 4), "x", "mended_before"), (dt.date(2026, 11, 25), "x", "to_come"), (DAY, " ", "no_words"),
            (DAY, "x" * 301, "long_words"),
        ):  # fmt: skip
            assert refused(step_actions.mend, SYSTEM, made, made.version, on, how) == [f"inspection.{code}"]
        with pytest.raises(Conflict):
            step_actions.mend(SYSTEM, made, 99, DAY, "x")


class TestCorrect:
    def test_what_it_had_been_stays_in_the_audit(self, made):
        concluded(made, C.GOOD)
        conclude(made, C.NOT_GOOD, step_actions.correct, "Ghi nhầm kết luận", mend_by=dt.date(2026, 12, 1))
        assert (made.corrected_because, queries.stage_of(made)) == ("Ghi nhầm kết luận", InspectionStage.MENDING)
        last = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        assert last.deed == "inspections.correct" and '"not_good"' in (last.payload or "") and '"good"' in (last.payload or "")

    def test_refusals(self, made):
        assert refused(conclude, made, C.GOOD, step_actions.correct, "x") == ["inspection.not_concluded"]
        concluded(made, C.FAULTS, dt.date(2026, 9, 30))
        assert refused(conclude, made, C.GOOD, step_actions.correct, "") == ["inspection.no_reason"]
        assert refused(conclude, made, None, step_actions.correct, "x") == ["inspection.no_conclusion"]
        step_actions.mend(SYSTEM, made, made.version, dt.date(2026, 6, 1), "Xong")
        assert refused(conclude, made, C.GOOD, step_actions.correct, "x") == ["inspection.was_mended"]
        late = {"on": dt.date(2026, 6, 2), "mend_by": dt.date(2026, 9, 30)}
        assert refused(conclude, made, C.GOOD, step_actions.correct, "x", **late) == ["inspection.after_mending"]
        with pytest.raises(Conflict):
            step_actions.correct(SYSTEM, made, 99, "x", on=DAY, number="9", conclusions={})


def test_a_cell_that_is_inspected_does_none_of_it(commune, made, actor_):
    secretary = actor_(Role.SECRETARY, commune.bon, Permission.INSPECTIONS_KEEP)
    deeds = (
        lambda: step_actions.record_step(secretary, made, 1, InspectionStep.DECISION, DAY, "1"),
        lambda: step_actions.conclude(secretary, made, 1, on=DAY, number="1", conclusions={}),
        lambda: step_actions.correct(secretary, made, 1, "x", on=DAY, number="1", conclusions={}),
        lambda: step_actions.mend(secretary, made, 1, DAY, "x"),
    )
    for deed in deeds:
        with pytest.raises(NotVisible):
            deed()
