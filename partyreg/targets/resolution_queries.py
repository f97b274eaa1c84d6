"""What we ask of resolutions: the list with the shipped law below it, one with its targets, and which closed years rest on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa

from .. import clock
from ..db import db
from ..errors import NotVisible
from ..i18n import lazy
from ..ratings.models import RatingYear
from ..resolutions import queries as resolutions
from ..resolutions.models import Resolution, ResolutionAmendment, ResolutionTarget
from ..rulebook import resolution as rules
from ..rulebook.book import LAW
from ..rulebook.targets import ENTERED, Threshold, numbers, threshold
from ..rulebook.timeline import NotInForce
from ..rulebook.words import unit_word

#: What each measure counts, in the words of whoever enters a target.
EXPLAINED: dict[str, Any] = {
    "21a": lazy("Chi bộ xếp loại hoàn thành tốt trở lên, trên số chi bộ đã xếp loại"),
    "21b": lazy("Đảng viên xếp loại hoàn thành tốt trở lên, trên số đảng viên đã xếp loại"),
    "21c": lazy("Chi bộ hoàn thành xuất sắc, trên số chi bộ đã xếp loại"),
    "21d": lazy("Đảng viên hoàn thành xuất sắc, trên số đảng viên đã xếp loại"),
    "21e": lazy("Chi bộ đã họp định kỳ đủ các tháng, trên tổng số chi bộ"),
    "22": lazy("Đảng viên được quyết định kết nạp trong năm, so với số đảng viên"),
    "23a": lazy("Chi bộ bản có chi ủy, trên số chi bộ bản đã ghi người giữ chức vụ"),
    "23b": lazy("Bí thư chi bộ, trưởng bản, trưởng ban công tác Mặt trận đã học đủ lớp, trên số người giữ chức vụ"),
    "24a": lazy("Mặt trận, đoàn thể xếp loại hoàn thành tốt trở lên, trên số đã xếp loại"),
    "25a": lazy("Cán bộ, công chức xếp loại hoàn thành tốt trở lên, trên số đã xếp loại"),
    "25b": lazy("Cán bộ, công chức đã học đủ lớp, trên tổng số"),
    ENTERED: lazy("Nhập tay mỗi năm, kèm nguồn số liệu"),
}
PERIODS: dict[str, Any] = {
    "YEAR": lazy("Xét từng năm"), "MEAN": lazy("Xét bình quân các năm của nhiệm kỳ"), "STATE": lazy("Xét đến một ngày"),
    "TERM": lazy("Xét cả nhiệm kỳ"),
}  # fmt: skip
SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<"}

#: Who else keeps figures of a day that rest on the thresholds: each answers (year, day). Floors above put themselves in here.
relying: list[Callable[[], Iterable[tuple[int, dt.date]]]] = []


def closed_since(day: dt.date) -> list[int]:
    """The years whose figures are closed or kept in a report, and rest on what is in force on a day from `day` on."""
    query = sa.select(RatingYear.year).where(RatingYear.closed_on.is_not(None))
    kept = [(year, dt.date(year, 12, 31)) for year in db.session.scalars(query)]
    for ask in relying:
        kept += ask()
    return sorted({year for year, last in kept if last >= day})


def resolution(resolution_id: int) -> Resolution:
    """One resolution. Raises NotVisible."""
    found = db.session.get(Resolution, resolution_id)
    if found is None:
        raise NotVisible("Resolution")
    return found


def target(target_id: int) -> ResolutionTarget:
    """One target. Raises NotVisible."""
    found = db.session.get(ResolutionTarget, target_id)
    if found is None:
        raise NotVisible("ResolutionTarget")
    return found


def held(kind: type[Any], row_id: int) -> Any:
    """A row as it stands, held against others. Raises NotVisible."""
    query = sa.select(kind).where(kind.id == row_id).with_for_update(of=kind)
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotVisible(kind.__name__)
    return found


def others(but: int | None = None) -> list[rules.Resolution]:
    """Every resolution on record as the rulebook knows it, without the one named."""
    return [one for key, one in resolutions.everything() if key != but]


def targets_of(resolution_id: int) -> list[ResolutionTarget]:
    """The targets of a resolution in the order of their numbers."""
    found = db.session.scalars(sa.select(ResolutionTarget).where(ResolutionTarget.resolution_id == resolution_id)).all()
    return sorted(found, key=lambda one: (int("".join(sign for sign in one.no.split(".")[0] if sign.isdigit())), one.no, one.id))


def amendments(resolution_id: int) -> list[ResolutionAmendment]:
    """What was changed after a year was closed, the newest first."""
    query = sa.select(ResolutionAmendment).where(ResolutionAmendment.resolution_id == resolution_id)
    return list(db.session.scalars(query.order_by(ResolutionAmendment.id.desc())))


class Entry(NamedTuple):
    """A resolution in the list, with how many targets it sets and whether today lies in its days."""

    id: int
    resolution: rules.Resolution
    size: int
    running: bool


def entries() -> list[Entry]:
    """Every resolution, the newest first; one statement."""
    today = clock.today()
    found = [
        Entry(key, one, sum(aim.stands(one.since) for aim in one.aims), one.since <= today <= one.last)
        for key, one in resolutions.everything()
    ]
    return sorted(found, key=lambda one: (one.resolution.since, one.id), reverse=True)


class Line(NamedTuple):
    """A target of a day: its threshold, and whether it was entered here or is the shipped law's."""

    no: str
    rule: Threshold
    shipped: bool


def in_force(day: dt.date) -> list[Line]:
    """Every target in force on a day, of the shipped law and of the resolutions laid over it; one statement at most."""
    law, found, shipped = resolutions.book(), [], set(LAW.keys())
    for no in numbers(law):
        try:
            rule = threshold(no, day, law)
        except NotInForce:
            continue
        key = f"target.{no}"
        own = key in shipped and LAW.find(key, day) == law.find(key, day)
        found.append(Line(no, rule, own))
    return found


def measure_text(measure: str) -> Any:
    """What a measure counts; of a number without one, that it is entered."""
    return EXPLAINED.get(measure, EXPLAINED[ENTERED])


def told(one: rules.Aim) -> str:
    """A target in one Vietnamese line, as an amendment keeps it."""
    text = f"{one.no}. {one.label}: {SIGNS.get(one.comparator, one.comparator)} {_number(one.threshold)} {unit_word(one.unit)}"
    if one.upper is not None:
        text += f", phấn đấu {_number(one.upper)}"
    if one.by is not None:
        text += f", đến {one.by:%d/%m/%Y}"
    if one.withdrawn_on is not None:
        text += f", thôi từ {one.withdrawn_on:%d/%m/%Y}"
    return text[:500]


def told_term(one: rules.Resolution) -> str:
    """The days of a resolution in one Vietnamese line."""
    return (
        f"{one.number} ({one.body}), thông qua {one.adopted_on:%d/%m/%Y}, nhiệm kỳ {one.first:%d/%m/%Y}-{one.last:%d/%m/%Y}, "
        f"hiệu lực từ {one.since:%d/%m/%Y}"
    )[:500]


def _number(value: Decimal) -> str:
    return f"{value.normalize():,f}".translate(str.maketrans(",.", ".,"))
