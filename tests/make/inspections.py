"""Inspections for tests, brought to any stage by the deeds that people use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from partyreg import access
from partyreg.access import Permission
from partyreg.inspections import actions, queries, step_actions
from partyreg.inspections.models import Inspection
from partyreg.org.models import Unit
from partyreg.rulebook.inspection import InspectingBody, InspectionConclusion, InspectionKind, InspectionMatter, InspectionStep

SYSTEM = access.system("test").using(Permission.INSPECTIONS_KEEP)
PAPERS = {
    InspectionStep.DECISION: dt.date(2026, 3, 10),
    InspectionStep.PLAN: dt.date(2026, 3, 12),
    InspectionStep.REPORT: dt.date(2026, 4, 20),
}


def inspection(*, unit: Unit, units: Sequence[Unit] = (), members: Sequence[int] = (), **facts: Any) -> Inspection:
    """An inspection of March 2026; by the commission, or by the cell itself, unless told."""
    usual: dict[str, Any] = {
        "title": "Việc chấp hành quy chế làm việc", "body": InspectingBody.CELL if unit.is_cell else InspectingBody.COMMISSION,
        "kind": InspectionKind.COMPLIANCE, "matter": InspectionMatter.REGULATIONS, "planned_on": dt.date(2026, 3, 5),
    }  # fmt: skip
    made = actions.plan(SYSTEM, unit, **{**usual, **facts})
    for one in units:
        actions.add_unit(SYSTEM, made, one)
    for person_id in members:
        actions.add_member(SYSTEM, made, person_id)
    return made


def papers(made: Inspection, *steps: InspectionStep) -> Inspection:
    """The inspection has these papers: decision, plan and report unless told."""
    for step in steps or tuple(PAPERS):
        step_actions.record_step(SYSTEM, made, made.version, step, PAPERS[step], f"0{len(step.value)}-KT")
    return made


def concluded(made: Inspection, conclusion: InspectionConclusion = InspectionConclusion.GOOD, mend_by: dt.date | None = None) -> Inspection:
    """The inspection is concluded on 5 May 2026, with the same conclusion of everybody."""
    papers(made)
    given: dict[int, InspectionConclusion | None] = {one.id: conclusion for one in queries.subjects(SYSTEM, made)}
    step_actions.conclude(SYSTEM, made, made.version, on=dt.date(2026, 5, 5), number="9-TB/UBKT", conclusions=given, mend_by=mend_by)
    return made
