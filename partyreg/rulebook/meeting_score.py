"""The quality score of a cell meeting: the sheet of its day, what the register can judge of it, and what may be given (M-09)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.finding import Finding, Severity, judged, msg
from partyreg.rulebook.meeting import Kind, ScoreBand, score_band
from partyreg.rulebook.meeting_duty import quarter_of
from partyreg.rulebook.timeline import Citation, Provision

WHOLE = Decimal(100)
_NUMBER = re.compile(r"-?[0-9]{1,6}(?:[.,][0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sheet that is given points; `fact` names what the register judges it by, empty where only people can."""

    key: str
    name: str
    maximum: Decimal
    fact: str = ""
    steps: Mapping[str, Decimal] | tuple[tuple[Decimal, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion with the lines that make it up; one without parts is its own only line."""

    key: str
    name: str
    maximum: Decimal
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """The sheet in force on a day, and where it stands."""

    criteria: tuple[Criterion, ...]
    since: date
    citation: Citation
    note: str = ""

    @property
    def lines(self) -> tuple[Line, ...]:
        """Answer every line that is given points, in the order of the sheet."""
        return tuple(line for criterion in self.criteria for line in criterion.lines)


@dataclass(frozen=True, slots=True)
class ScoreFacts:
    """What the register knows of a meeting. `whole` leaves out the exempt; None and 0 of 0 mean not on record."""

    kind: Kind
    held_on: date
    present: int = 0
    whole: int = 0
    minutes: int | None = None
    with_thematic: bool = False
    thematic_this_quarter: bool = False
    owes_thematic: bool = True
    recorded_on: date | None = None
    documents_on: date | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the register proposes for a line: points, or None where people judge; evidence says what is known, with its rule."""

    line: Line
    points: Decimal | None
    evidence: Finding | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    """A sheet with the register's proposals, line by line."""

    sheet: ScoreSheet
    proposals: tuple[Proposal, ...]

    @property
    def fixed(self) -> dict[str, Decimal]:
        """Answer key -> points of the lines that the register judged."""
        return {one.line.key: one.points for one in self.proposals if one.points is not None}

    @property
    def total(self) -> Decimal:
        """Answer the points that the register judged so far."""
        return sum(self.fixed.values(), Decimal(0))

    @property
    def left(self) -> Decimal:
        """Answer the most points that people can still add."""
        return sum((one.line.maximum for one in self.proposals if one.points is None), Decimal(0))


def sheet_on(day: date, book: Rulebook = LAW) -> ScoreSheet | None:
    """Answer the sheet for a meeting of that day, or None where no sheet was in force: such a meeting is not scored."""
    found = book.find("meeting.score_sheet", day)
    return _sheet(found) if found is not None else None


def _sheet(found: Provision[Any]) -> ScoreSheet:
    return ScoreSheet(tuple(_criterion(raw) for raw in found.required), found.since, found.citation, found.note)


def _criterion(raw: Mapping[str, Any]) -> Criterion:
    lines = tuple(_line(part) for part in raw.get("parts", (raw,)))
    return Criterion(raw["key"], raw["name"], _points(raw["points"]), lines)


def _line(raw: Mapping[str, Any]) -> Line:
    steps = raw.get("steps", ())
    read: Mapping[str, Decimal] | tuple[tuple[Decimal, Decimal], ...]
    if isinstance(steps, Mapping):
        read = {outcome: _points(points) for outcome, points in steps.items()}
    else:
        read = tuple(sorted(((_points(step["from"]), _points(step["points"])) for step in steps), reverse=True))
    return Line(raw["key"], raw["name"], _points(raw["points"]), raw.get("fact", ""), read)


def _points(value: object) -> Decimal:
    return Decimal(str(value))


def sheet_faults(sheet: ScoreSheet) -> list[str]:
    """Answer what is wrong with a sheet, in plain English for whoever enters one; empty for a sheet that can be used."""
    found = []
    total = sum((criterion.maximum for criterion in sheet.criteria), Decimal(0))
    if total != WHOLE:
        found.append(f"the criteria sum to {total}, not {WHOLE}")
    for criterion in sheet.criteria:
        parts = sum((line.maximum for line in criterion.lines), Decimal(0))
        if parts != criterion.maximum:
            found.append(f"{criterion.key}: the parts sum to {parts}, not {criterion.maximum}")
    keys = [line.key for line in sheet.lines]
    found += [f"{key}: used twice" for key in sorted({key for key in keys if keys.count(key) > 1})]
    for line in sheet.lines:
        given = line.steps.values() if isinstance(line.steps, Mapping) else [points for _least, points in line.steps]
        if line.fact and (line.fact not in OUTCOMES or _outcomes(line) != OUTCOMES[line.fact]):
            found.append(f"{line.key}: the steps do not fit the fact {line.fact}")
        if line.fact and max(given, default=None) != line.maximum:
            found.append(f"{line.key}: the best step is not the maximum")
        if min(given, default=Decimal(0)) < 0:
            found.append(f"{line.key}: a step below 0")
    return found


def _outcomes(line: Line) -> set[str]:
    return set(line.steps) if isinstance(line.steps, Mapping) else {"percent"} if line.steps and line.steps[-1][0] == 0 else set()


# -- what the register can judge --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a fact comes to: an outcome or a percentage, None where the register does not know; the words, and the rule."""

    outcome: str | Fraction | None
    template: str
    facts: Mapping[str, object]
    cite: Citation | None = None


def _day(facts: ScoreFacts, _day: date, book: Rulebook) -> _Seen | None:
    rule, latest = book.find("meeting.day", facts.held_on), book.find("meeting.latest_day", facts.held_on)
    if facts.kind is not Kind.REGULAR or rule is None or latest is None:
        return None
    shown: dict[str, object] = {"held_on": facts.held_on, "day": rule.required, "latest": latest.required}
    if facts.held_on.day == rule.required:
        return _Seen("KEPT", msg("Họp ngày %(held_on)s, đúng ngày %(day)s."), shown, rule.citation)
    if facts.held_on.day <= latest.required:
        return _Seen("FIRST_WEEK", msg("Họp ngày %(held_on)s, trong tuần đầu nhưng không phải ngày %(day)s."), shown, latest.citation)
    return _Seen("LATE", msg("Họp ngày %(held_on)s, sau ngày %(latest)s."), shown, latest.citation)


def _length(facts: ScoreFacts, _day: date, book: Rulebook) -> _Seen | None:
    rule = book.find("meeting.min_minutes" + ("_with_thematic" if facts.with_thematic else ""), facts.held_on)
    if facts.kind is not Kind.REGULAR or rule is None:
        return None
    shown: dict[str, object] = {"minutes": facts.minutes, "least": rule.required}
    if facts.minutes is None:
        return _Seen(None, msg("Sổ chưa ghi thời lượng (quy định ít nhất %(least)s phút). Ghi vào buổi sinh hoạt thì sổ tự chấm."), shown,
                     rule.citation)  # fmt: skip
    if facts.minutes >= rule.required:
        return _Seen("KEPT", msg("Họp %(minutes)s phút, quy định ít nhất %(least)s phút."), shown, rule.citation)
    return _Seen("SHORT", msg("Họp %(minutes)s phút, chưa đủ %(least)s phút."), shown, rule.citation)


def _attendance(facts: ScoreFacts, _day: date, _book: Rulebook) -> _Seen | None:
    if facts.whole == 0:
        return _Seen(None, msg("Danh sách điểm danh không có ai. Điểm danh trong buổi sinh hoạt thì sổ tự chấm."), {})
    rate = Fraction(facts.present * 100, facts.whole)
    shown: dict[str, object] = {"present": facts.present, "whole": facts.whole, "percent": f"{float(rate):.1f}".replace(".", ",")}
    return _Seen(rate, msg("Có mặt %(present)s trên %(whole)s đảng viên (%(percent)s %%)."), shown)


def _papers(facts: ScoreFacts, _day: date, book: Rulebook) -> _Seen | None:
    rule = book.find("meeting.documents_days", facts.held_on)
    if rule is None:
        return None
    due = facts.held_on - timedelta(days=rule.required)
    shown: dict[str, object] = {"sent": facts.documents_on, "due": due}
    if facts.documents_on is None:
        return _Seen(
            None, msg("Sổ chưa ghi ngày gửi tài liệu (chậm nhất %(due)s). Ghi vào buổi sinh hoạt thì sổ tự chấm."), shown, rule.citation
        )
    if facts.documents_on <= due:
        return _Seen("KEPT", msg("Gửi tài liệu ngày %(sent)s, hạn là ngày %(due)s."), shown, rule.citation)
    return _Seen("LATE", msg("Gửi tài liệu ngày %(sent)s, quá hạn ngày %(due)s."), shown, rule.citation)


def _thematic(facts: ScoreFacts, day: date, book: Rulebook) -> _Seen | None:
    rule = book.find("meeting.thematic_per_quarter", facts.held_on)
    if rule is None:
        return None
    year, quarter = quarter_of(facts.held_on)
    shown: dict[str, object] = {"quarter": quarter, "year": year}
    if facts.thematic_this_quarter or facts.kind is Kind.THEMATIC:
        return _Seen("HELD", msg("Quý %(quarter)s/%(year)s đã có sinh hoạt chuyên đề."), shown, rule.citation)
    if not facts.owes_thematic:
        return _Seen("HELD", msg("Quý %(quarter)s/%(year)s chi bộ không phải sinh hoạt chuyên đề."), shown, rule.citation)
    if quarter_of(day) <= (year, quarter):
        return _Seen("RUNNING", msg("Quý %(quarter)s/%(year)s chưa có sinh hoạt chuyên đề, nhưng quý chưa hết."), shown, rule.citation)
    return _Seen("MISSED", msg("Quý %(quarter)s/%(year)s không có sinh hoạt chuyên đề."), shown, rule.citation)


def _record(facts: ScoreFacts, _day: date, book: Rulebook) -> _Seen | None:
    rule = book.find("meeting.result_days", facts.held_on)
    if rule is None or facts.recorded_on is None:
        return None
    due = facts.held_on + timedelta(days=rule.required)
    shown: dict[str, object] = {"recorded": facts.recorded_on, "due": due}
    if facts.recorded_on <= due:
        return _Seen("KEPT", msg("Ghi vào sổ ngày %(recorded)s, hạn là ngày %(due)s."), shown, rule.citation)
    return _Seen("LATE", msg("Ghi vào sổ ngày %(recorded)s, quá hạn ngày %(due)s."), shown, rule.citation)


_JUDGES: Mapping[str, Callable[[ScoreFacts, date, Rulebook], _Seen | None]] = {
    "day": _day, "length": _length, "attendance": _attendance, "papers": _papers, "thematic": _thematic, "record": _record,
}  # fmt: skip
#: Fact -> the outcomes for which a sheet must say the points.
OUTCOMES: Mapping[str, set[str]] = {
    "day": {"KEPT", "FIRST_WEEK", "LATE"}, "length": {"KEPT", "SHORT"}, "attendance": {"percent"}, "papers": {"KEPT", "LATE"},
    "thematic": {"HELD", "RUNNING", "MISSED"}, "record": {"KEPT", "LATE"},
}  # fmt: skip


def propose(sheet: ScoreSheet, facts: ScoreFacts, day: date, book: Rulebook = LAW) -> Proposed:
    """Answer for every line the points that the facts earn, with the evidence; None where people judge, or nothing is on record.

    `day` is today: while the quarter runs, a thematic meeting may still come. The meeting's own day governs all rules.
    """
    return Proposed(sheet, tuple(_proposal(sheet, line, facts, day, book) for line in sheet.lines))


def _proposal(sheet: ScoreSheet, line: Line, facts: ScoreFacts, day: date, book: Rulebook) -> Proposal:
    seen = _JUDGES[line.fact](facts, day, book) if line.fact else None
    if seen is None:
        return Proposal(line, None)
    points = _earned(line, seen.outcome)
    severity = Severity.OK if points == line.maximum else Severity.WARN
    return Proposal(line, points, judged(f"score.{line.key}", line.key, severity, seen.template, seen.cite or sheet.citation, **seen.facts))


def _earned(line: Line, outcome: str | Fraction | None) -> Decimal | None:
    if outcome is None:
        return None
    if isinstance(line.steps, Mapping):
        return line.steps[str(outcome)]
    return next(points for least, points in line.steps if Fraction(outcome) >= Fraction(least))


def band_of(total: Decimal, day: date, book: Rulebook = LAW) -> ScoreBand | None:
    """Answer the band of a total by the bands of that day, or None where none were in force."""
    return score_band(float(total), day, book) if book.find("meeting.score_bands", day) is not None else None


# -- what people may give ---------------------------------------------------------------------------------------------


def read_points(text: object) -> Decimal | None:
    """Answer the points that were typed, with comma or dot and at most two decimals; None for what is no such number."""
    typed = str(text).strip()
    return Decimal(typed.replace(",", ".")) if _NUMBER.fullmatch(typed) else None


def points_given(proposed: Proposed, given: Mapping[str, object], may_overrule: bool = False) -> tuple[dict[str, Decimal], list[Finding]]:
    """Answer the points of every line, and a finding that refuses for each that cannot be; nothing sent takes what is fixed.

    What the register judged stands; only the organisation committee (`may_overrule`) may give another number for it.
    """
    known = {line.key for line in proposed.sheet.lines}
    wrong = [
        _refused(
            "score.unknown", "", msg("Tiêu chí “%(key)s” không có trong bảng chấm điểm của ngày họp. Mở lại trang rồi chấm."), key=key[:40]
        )
        for key in sorted(set(given) - known)
    ]
    points: dict[str, Decimal] = {}
    for one in proposed.proposals:
        key, raw = one.line.key, given.get(one.line.key)
        if raw is None or not str(raw).strip():
            if one.points is not None:
                points[key] = one.points
            else:
                text = msg("Chưa chấm: %(name)s. Nhập từ 0 đến %(most)s.")
                wrong.append(_refused("score.missing", key, text, name=one.line.name, most=_written(one.line.maximum)))
            continue
        number = read_points(raw)
        if number is None:
            wrong.append(
                _refused("score.no_number", key, msg("“%(text)s” không phải là số điểm. Nhập như 4 hoặc 4,5."), text=str(raw)[:20])
            )
        elif number < 0:
            wrong.append(_refused("score.negative", key, msg("Điểm không thể là số âm.")))
        elif number > one.line.maximum:
            text = msg("%(points)s điểm là quá mức tối đa %(most)s.")
            wrong.append(_refused("score.above", key, text, points=_written(number), most=_written(one.line.maximum)))
        elif one.points is not None and number != one.points and not may_overrule:
            text = msg(
                "%(name)s: sổ đã chấm %(points)s điểm theo số liệu. Số liệu sai thì sửa buổi sinh hoạt; chi bộ không tự cho điểm khác."
            )
            wrong.append(_refused("score.fixed", key, text, name=one.line.name, points=_written(one.points)))
        else:
            points[key] = number
    return points, wrong


def reason_missing(
    proposed: Proposed, points: Mapping[str, Decimal], cells: Mapping[str, Decimal] | None, remark: str | None
) -> list[Finding]:
    """Answer a finding that refuses where the committee differs from the cell's points, or from the facts, and does not say why."""
    known = (proposed.fixed, cells or {})
    differing = [key for key, number in points.items() if any(one.get(key, number) != number for one in known)]
    if not differing or (remark or "").strip():
        return []
    text = msg("Điểm khác với chi bộ hoặc với số liệu của sổ ở %(count)s mục. Ghi lý do.")
    return [_refused("score.reason", "remark", text, count=len(differing))]


def _refused(code: str, on_field: str, template: str, **facts: object) -> Finding:
    return judged(code, on_field, Severity.BLOCK, template, None, **facts)


def _written(points: Decimal) -> str:
    """Answer points as Vietnamese offices write them: `4,5`, and no zeros behind the comma."""
    return f"{points.normalize():f}".replace(".", ",")
