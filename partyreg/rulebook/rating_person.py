"""What the law says of the level proposed for one subject: warnings with their article, and when deciding needs a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.finding import Finding, Severity, judged, msg, warnings
from partyreg.rulebook.rating_campaign import Bands, bands_on
from partyreg.rulebook.rating_terms import GOOD_OR_BETTER, Level, SubjectKind
from partyreg.rulebook.timeline import Citation, Provision


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """What is known of one subject. Percentages are of its tasks; None is not on record.

    `disciplined_on` are its own disciplines, `unit_disciplined_on` those of its units and of its leaders. `quarters` are the
    levels of the quarters in order; `led_done_percent` is of the tasks of the collective that a leader belongs to, whose head
    she is when `is_head`; `official_level` the level she has as an official.
    """

    kind: SubjectKind
    level: Level
    score: Decimal | None = None
    done_percent: int | None = None
    exceeded_percent: int | None = None
    late_percent: int | None = None
    remedied_percent: int | None = None
    disciplined_on: tuple[date, ...] = ()
    unit_disciplined_on: tuple[date, ...] = ()
    official_level: Level | None = None
    quarters: tuple[Level | None, ...] = ()
    led_done_percent: int | None = None
    is_head: bool = False

    @property
    def is_best(self) -> bool:
        """Answer whether 'excellent' is proposed."""
        return self.level is Level.EXCELLENT


#: The numbers that stand on the scale of 0 to 100.
_NUMBERS = ("score", "done_percent", "exceeded_percent", "late_percent", "remedied_percent", "led_done_percent")


def subject_findings(facts: SubjectFacts, day: date, bands: Bands | None = None, book: Rulebook = LAW) -> list[Finding]:
    """Answer what speaks against the proposed level: warnings with their article, which never refuse; none when nothing does.

    Only a number outside 0 to 100 is refused. Governing day: `day`, the campaign's reference day, whose year is the year of the
    rating. `bands` are the campaign's; those of the law when not given. Source: RAT-07 to RAT-16, DSR-01 to DSR-03, QTR-03, QTR-04.
    """
    text = msg("%(value)s phải từ 0 đến 100. Nhập lại.")
    impossible = [
        judged("rating.number", name, Severity.BLOCK, text, value=value)
        for name in _NUMBERS
        if (value := getattr(facts, name)) is not None and not 0 <= value <= 100
    ]
    if impossible:
        return impossible
    return [
        *_discipline(facts, day, book),
        *_band(facts, day, bands, book),
        *_tasks(facts, day, book),
        *_official(facts, day, book),
        *_quarters(facts, day, book),
        *_led(facts, day, book),
    ]


def needs_reason(findings: Iterable[Finding]) -> bool:
    """Answer whether deciding all the same needs a written reason: any warning does. The decision stays with people."""
    return bool(warnings(findings))


def reason_findings(findings: Iterable[Finding], reason: str) -> list[Finding]:
    """Answer the refusal of a decision against warnings that gives no reason; none when it gives one or needs none."""
    if not needs_reason(findings) or reason.strip():
        return []
    text = msg("Có cảnh báo về mức đề xuất. Ghi lý do vì sao vẫn quyết định như vậy.")
    return [judged("rating.reason", "reason", Severity.BLOCK, text)]


def _warning(code: str, field: str, text: str, cite: Citation, **facts: object) -> Finding:
    return judged(code, field, Severity.WARN, text, cite, **facts)


def _above(facts: SubjectFacts, rule: Provision[str] | None) -> bool:
    return rule is not None and facts.level.is_above(Level[rule.required])


def _discipline(facts: SubjectFacts, day: date, book: Rulebook) -> list[Finding]:
    own = sorted(one for one in facts.disciplined_on if one.year == day.year)
    units = sorted(one for one in facts.unit_disciplined_on if one.year == day.year)
    if facts.kind is SubjectKind.ORGANISATION:
        rule = book.find("rating.discipline_collective", day)
        if rule is None or not facts.is_best or not (own or units):
            return []
        text = msg(
            "Tổ chức, đơn vị trực thuộc hoặc thành viên lãnh đạo bị kỷ luật ngày %(on)s; tập thể như vậy không được hoàn thành xuất sắc."
        )
        return [_warning("rating.discipline_collective", "level", text, rule.citation, on=min(own + units))]
    rule = book.find("rating.discipline_member_top" if facts.kind is SubjectKind.MEMBER else "rating.discipline_official_top", day)
    if not own or rule is None or not _above(facts, rule):
        return []
    text = msg("Bị kỷ luật ngày %(on)s trong năm xếp loại; mức cao nhất là %(top)s.")
    return [_warning("rating.discipline", "level", text, rule.citation, on=own[0], top=Level[rule.required].words)]


def _band(facts: SubjectFacts, day: date, bands: Bands | None, book: Rulebook) -> list[Finding]:
    law = book.find("rating.bands", day)
    if facts.score is None or law is None:
        return []
    fitting = (bands or bands_on(day, book)).level(facts.score)
    if fitting is facts.level:
        return []
    text = msg("%(score)s điểm ứng với mức %(fitting)s, khác mức đề xuất %(level)s.")
    shown = {"score": str(facts.score).replace(".", ","), "fitting": fitting.words, "level": facts.level.words}
    return [_warning("rating.band", "score", text, law.citation, **shown)]


def _tasks(facts: SubjectFacts, day: date, book: Rulebook) -> list[Finding]:
    findings = []
    done = book.find("rating.done_percent", day)
    is_good = facts.level in GOOD_OR_BETTER
    if done is not None and is_good and facts.done_percent is not None and facts.done_percent < done.required:
        text = msg("Mới hoàn thành %(value)s %% nhiệm vụ; từ hoàn thành tốt trở lên cần %(least)s %%.")
        findings.append(_warning("rating.done", "level", text, done.citation, value=facts.done_percent, least=done.required))
    findings += _late(facts, day, book)
    for code, key, value, text in (
        (
            "rating.exceeded",
            "rating.excellent_exceed_percent",
            facts.exceeded_percent,
            msg("Chỉ %(value)s %% nhiệm vụ vượt mức; hoàn thành xuất sắc cần ít nhất %(least)s %%."),
        ),
        (
            "rating.remedied",
            "rating.remedied_percent",
            facts.remedied_percent,
            msg("Mới khắc phục %(value)s %% hạn chế, khuyết điểm; hoàn thành xuất sắc cần %(least)s %%."),
        ),
    ):
        rule = book.find(key, day)
        if rule is not None and facts.is_best and value is not None and value < rule.required:
            findings.append(_warning(code, "level", text, rule.citation, value=value, least=rule.required))
    return findings


def _late(facts: SubjectFacts, day: date, book: Rulebook) -> list[Finding]:
    """From 'good' upwards all tasks are on time; a collective rated 'done' may be late with a share of them."""
    done, late = book.find("rating.done_percent", day), book.find("rating.done_late_percent", day)
    if not facts.late_percent or done is None or late is None:
        return []
    if facts.level in GOOD_OR_BETTER:
        text = msg("%(value)s %% nhiệm vụ chậm tiến độ; từ hoàn thành tốt trở lên phải đúng tiến độ.")
        return [_warning("rating.late", "level", text, done.citation, value=facts.late_percent)]
    if facts.kind is SubjectKind.ORGANISATION and facts.level is Level.DONE and facts.late_percent > late.required:
        text = msg("%(value)s %% nhiệm vụ chậm tiến độ; hoàn thành nhiệm vụ chỉ cho nhiều nhất %(most)s %%.")
        return [_warning("rating.late", "level", text, late.citation, value=facts.late_percent, most=late.required)]
    return []


def _official(facts: SubjectFacts, day: date, book: Rulebook) -> list[Finding]:
    rule = book.find("rating.official_excellent_too", day)
    if rule is None or not facts.is_best or facts.official_level is None or facts.official_level is Level.EXCELLENT:
        return []
    text = msg("Là cán bộ, công chức được xếp %(official)s; hoàn thành xuất sắc cần cả hai cùng hoàn thành xuất sắc.")
    return [_warning("rating.official", "level", text, rule.citation, official=facts.official_level.words)]


def _quarters(facts: SubjectFacts, day: date, book: Rulebook) -> list[Finding]:
    findings = []
    top, row = book.find("rating.quarter_not_done_top", day), book.find("rating.quarters_not_done", day)
    if top is not None and Level.NOT_DONE in facts.quarters and _above(facts, top):
        text = msg("Có quý không hoàn thành nhiệm vụ; mức cao nhất của năm là %(top)s.")
        findings.append(_warning("rating.quarter", "level", text, top.citation, top=Level[top.required].words))
    if row is not None and _longest_row(facts.quarters) >= row.required:
        text = msg("%(count)s quý liên tiếp không hoàn thành nhiệm vụ; xem xét thay thế, điều chuyển.")
        findings.append(_warning("rating.quarters", "level", text, row.citation, count=_longest_row(facts.quarters)))
    return findings


def _longest_row(quarters: tuple[Level | None, ...]) -> int:
    longest = length = 0
    for one in quarters:
        length = length + 1 if one is Level.NOT_DONE else 0
        longest = max(longest, length)
    return longest


def _led(facts: SubjectFacts, day: date, book: Rulebook) -> list[Finding]:
    rule = book.find("rating.led_done_percent", day)
    if rule is None or facts.led_done_percent is None or facts.led_done_percent >= rule.required:
        return []
    shown: dict[str, object] = {"value": facts.led_done_percent, "least": rule.required}
    if facts.is_head and facts.level is not Level.NOT_DONE:
        text = msg("Tập thể do mình đứng đầu mới hoàn thành %(value)s %% (dưới %(least)s %%): người đứng đầu không hoàn thành nhiệm vụ.")
        return [_warning("rating.led", "level", text, rule.citation, **shown)]
    if facts.is_best:
        text = msg("Tập thể lãnh đạo mới hoàn thành %(value)s %% (dưới %(least)s %%): thành viên không được hoàn thành xuất sắc.")
        return [_warning("rating.led", "level", text, rule.citation, **shown)]
    return []
