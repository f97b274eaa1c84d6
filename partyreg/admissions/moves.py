"""What every deed on a file shares: its steps and their log, staleness, and the refusals that any deed may meet."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from typing import Any

from .. import clock
from ..access import Actor
from ..db import db
from ..errors import Conflict, RuleBroken
from ..i18n import _, fmt_date, label
from ..members.models import Member, Person
from ..org.models import Unit
from ..rulebook import admission as law
from ..rulebook.admission import Step
from ..rulebook.book import LAW
from ..rulebook.finding import Finding, Severity, judged
from ..rulebook.timeline import Citation
from .facts import CANDIDATE, FACTS
from .models import Admission, AdmissionMove


def finding(code: str, field: str, text: str, cite: Citation | None = None, **facts: object) -> Finding:
    """A refusal of ours as the rulebook writes them."""
    return judged(code, field, Severity.BLOCK, text, cite, **facts)


def refuse(code: str, field: str, text: str, cite: Citation | None = None, **facts: object) -> RuleBroken:
    """The error of a deed that is refused for one reason."""
    return RuleBroken([finding(code, field, text, cite, **facts)])


def cite(key: str, day: dt.date) -> Citation | None:
    """Where the law of `day` says it; None where nothing is in force."""
    found = LAW.find(key, day)
    return found.citation if found else None


def log(actor: Actor, file: Admission, to: Step | None, reason: str | None) -> None:
    """The file stands at `to` (where it stood, when it has just been opened), and the move is written down with the law of the day."""
    governs = law.regulation(clock.today())
    move = AdmissionMove(
        admission_id=file.id, from_step=file.step if to else None, to_step=to or file.step, moved_at=clock.now(),
        user_id=actor.user_id, actor=actor.name, reason=reason, instrument=governs.instrument if governs else None,
    )  # fmt: skip
    db.session.add(move)
    if to:
        file.step = to
    db.session.flush()


def not_stale(file: Admission, version: int, facts: Mapping[str, Any] | None = None) -> None:
    """Raises Conflict, mine beside theirs, when somebody changed the file since `version`."""
    if file.version == version:
        return
    words = {**CANDIDATE, **FACTS}
    kept: dict[str, Any] = {name: getattr(file, name) for name in FACTS}
    if facts:
        person = db.session.get_one(Person, file.person_id)
        kept |= {name: getattr(person, name) for name in CANDIDATE}
    changed = {key: value for key, value in (facts or {}).items() if key in kept and kept[key] != value}
    raise Conflict(
        _("Hồ sơ này vừa được người khác sửa hoặc chuyển bước (hiện ở bước “%(step)s”).", step=label(file.step)),
        mine={str(words[key]): shown(value) for key, value in changed.items()},
        theirs={str(words[key]): shown(kept[key]) for key in changed},
    )


def shown(value: Any) -> Any:
    """A value of a file as a page shows it."""
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if isinstance(value, dt.date):
        return fmt_date(value)
    return label(value) if isinstance(value, enum.Enum) else value


def kind(file: Admission) -> str:
    """The kind of cell whose way the file goes."""
    return db.session.get_one(Unit, file.unit_id).kind.value


def next_step(file: Admission) -> Step:
    """The step that follows by the law of today. Raises RuleBroken where none does."""
    found = law.forward(file.step, kind(file), clock.today())
    if found is None:
        raise not_from_here(file, None)
    return found


def allowed(file: Admission, *steps: Step) -> None:
    """Raises RuleBroken unless the file stands at one of the steps."""
    if file.step not in steps:
        raise not_from_here(file, steps[0])


def not_from_here(file: Admission, at: Step | None) -> RuleBroken:
    """The refusal of a deed that is not of the file's step."""
    where = cite("admission.way", clock.today())
    if at is None:
        text = _("Hồ sơ đã kết thúc ở bước “%(step)s”, không làm thêm được nữa.")
        return refuse("admission.step", "", text, where, step=label(file.step))
    text = _("Hồ sơ đang ở bước “%(step)s”, việc này chỉ làm ở bước “%(at)s”. Mở lại hồ sơ để xem đến lượt ai và cần làm gì.")
    return refuse("admission.step", "", text, where, step=label(file.step), at=label(at))


def reason_of(reason: str | None) -> str:
    """The reason without blanks around it. Raises RuleBroken where there is none."""
    if not (reason and reason.strip()):
        raise refuse("admission.no_reason", "reason", _("Phải ghi lý do, để người sau biết vì sao và cần bổ sung gì."))
    return reason.strip()


def not_ahead(day: dt.date, field: str) -> None:
    """Raises RuleBroken for a day that has not come."""
    if day > clock.today():
        text = _("Ngày %(day)s chưa đến. Chỉ ghi việc đã làm.")
        raise refuse("admission.in_future", field, text, day=day)


def member_of(file: Admission) -> Member:
    """The member whom the file made."""
    return db.session.get_one(Member, file.person_id)
