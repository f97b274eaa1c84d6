"""Discipline in time: limitation, deferral, the days of a decision, appeal, lapse, and what a discipline holds up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.dates import add_months
from partyreg.rulebook.discipline import Content, Decider, Form
from partyreg.rulebook.finding import Finding, Severity, judged, msg
from partyreg.rulebook.timeline import Citation


class Deferral(StrEnum):
    """Why a case is not yet considered."""

    PREGNANCY = "pregnancy"
    CHILD = "child"
    ILLNESS = "illness"


class Result(StrEnum):
    """What an appeal came to."""

    KEPT = "kept"
    CHANGED = "changed"
    ANNULLED = "annulled"


class Effect(StrEnum):
    """What a case or a discipline holds up."""

    RATING = "rating"
    POSITION = "position"
    TRANSFER = "transfer"
    BADGE = "badge"


class State(StrEnum):
    """Where a decided discipline stands on a day."""

    IN_FORCE = "in_force"
    LAPSED = "lapsed"
    ANNULLED = "annulled"


@dataclass(frozen=True, slots=True)
class Act:
    """One violation: its day and its content."""

    on: date
    content: Content


@dataclass(frozen=True, slots=True)
class Limitation:
    """Until when a form can be imposed: it runs from `since`; `last_day` is empty where there is no limitation."""

    since: date
    months: int | None
    last_day: date | None
    cite: Citation

    def expired_on(self, day: date) -> bool:
        """Answer whether the day on which discipline was concluded to be due came too late."""
        return self.last_day is not None and day > self.last_day


@dataclass(frozen=True, slots=True)
class Ruled:
    """A published discipline: its form and days, and the appeals against it in their order."""

    form: Form
    signed_on: date
    published_on: date
    appeals: tuple[Appealed, ...] = ()


@dataclass(frozen=True, slots=True)
class Appealed:
    """An appeal; `result` is empty while it is being settled, `form` is the new one where the form was changed."""

    lodged_on: date
    result: Result | None = None
    published_on: date | None = None
    form: Form | None = None


def limitation(acts: Sequence[Act], form: Form, day: date, book: Rulebook = LAW) -> Limitation | None:
    """Answer the limitation period of the form for those acts, None before the law began or without an act.

    It runs from the day of the act; a new act inside it restarts it from the new act's day, and one outside it stands alone: in
    both cases the latest act's period is what matters; what came after `day` was not yet known. None at all for expulsion,
    dissolution, and the gravest contents.
    Governing day: the day on which discipline is concluded to be due. Source: 69-QĐ/TW 4.2 (DIS-07 to DIS-09).
    """
    rule, grave = book.find("discipline.limitation", day), book.find("discipline.no_limitation", day)
    acts = [act for act in acts if act.on <= day]
    if rule is None or grave is None or not acts:
        return None
    since = max(act.on for act in acts)
    months = rule.required.get(form.value)
    if months is None or any(act.content in grave.required for act in acts):
        return Limitation(since, None, None, rule.citation)
    return Limitation(since, months, add_months(since, months), rule.citation)


def expired_acts(acts: Iterable[Act], form: Form, day: date, book: Rulebook = LAW) -> list[Act]:
    """Answer the acts whose own period had ended before the next act, or before `day`: they are not disciplined any more.

    Governing day and source as `limitation`.
    """
    ordered = sorted(acts, key=lambda act: act.on)
    gone: list[Act] = []
    run: list[Act] = []
    for act in [*ordered, Act(day, Content.OTHER)]:
        if run and (period := limitation(run, form, day, book)) is not None and period.expired_on(act.on):
            gone += run
            run = []
        run.append(act)
    return gone


def limitation_findings(acts: Sequence[Act], form: Form, concluded_on: date, book: Rulebook = LAW) -> list[Finding]:
    """Answer whether the form that was voted can still be imposed: the form is voted first and then compared (DIS-10).

    Governing day: `concluded_on`. Source: 69-QĐ/TW 4.2; 08-HD/TW.
    """
    period = limitation(acts, form, concluded_on, book)
    if period is None:
        return []
    if period.last_day is None:
        return [judged("discipline.no_limitation", "form", Severity.OK, msg("Không áp dụng thời hiệu."), period.cite)]
    shown: dict[str, object] = {"since": period.since, "last": period.last_day, "months": period.months}
    if period.expired_on(concluded_on):
        text = msg("Đã hết thời hiệu %(months)s tháng (đến hết ngày %(last)s): không kỷ luật; hãy đóng vụ việc với lý do hết thời hiệu.")
        return [judged("discipline.limitation", "form", Severity.BLOCK, text, period.cite, **shown)]
    text = msg("Còn thời hiệu %(months)s tháng, tính từ %(since)s đến hết ngày %(last)s.")
    return [judged("discipline.in_time", "form", Severity.OK, text, period.cite, **shown)]


def deferral_ends(reason: Deferral, child_born_on: date | None, day: date, book: Rulebook = LAW) -> date | None:
    """Answer the first day on which the case may be considered again, None where nobody can know it yet.

    Governing day: the day of deferral. Source: 296-QĐ/TW 8.7 (DIS-24).
    """
    rule = book.find("discipline.child_months", day)
    if reason is not Deferral.CHILD or child_born_on is None or rule is None:
        return None
    return add_months(child_born_on, rule.required)


def day_findings(
    decider: Decider, voted_on: date | None, signed_on: date, published_on: date | None, book: Rulebook = LAW
) -> list[Finding]:
    """Answer whether the decision was written and published in time. Governing day: the signing. Source: DIS-21."""
    findings = []
    issue, publish = book.find("discipline.issue_days", signed_on), book.find("discipline.publish_days", signed_on)
    if decider is Decider.CELL and voted_on and issue and signed_on > voted_on + timedelta(days=issue.required):
        text = msg("Chi bộ ra quyết định muộn: quá %(days)s ngày kể từ ngày biểu quyết %(on)s.")
        facts: dict[str, object] = {"days": issue.required, "on": voted_on}
        findings.append(judged("discipline.issued_late", "signed_on", Severity.WARN, text, issue.citation, **facts))
    if published_on and publish and published_on > signed_on + timedelta(days=publish.required):
        text = msg("Công bố muộn: quá %(days)s ngày kể từ ngày ký %(on)s.")
        facts = {"days": publish.required, "on": signed_on}
        findings.append(judged("discipline.published_late", "published_on", Severity.WARN, text, publish.citation, **facts))
    return findings


def appeal_until(delivered_on: date, book: Rulebook = LAW) -> date | None:
    """Answer the last day for an appeal, None before the law began. Governing day: the delivery. Source: DIS-28."""
    rule = book.find("discipline.appeal_days", delivered_on)
    return delivered_on + timedelta(days=rule.required) if rule else None


def appeal_findings(delivered_on: date, lodged_on: date, book: Rulebook = LAW) -> list[Finding]:
    """Answer whether an appeal came in time (days, not working days). Governing day: the delivery. Source: DIS-28, DIS-29."""
    last = appeal_until(delivered_on, book)
    if last is None or lodged_on <= last:
        return []
    cite = book.on("discipline.appeal_days", delivered_on).citation
    text = msg("Khiếu nại muộn: thời hạn hết ngày %(last)s, nhận quyết định ngày %(on)s.")
    return [judged("discipline.appeal_late", "lodged_on", Severity.BLOCK, text, cite, last=last, on=delivered_on)]


def form_now(ruled: Ruled) -> Form | None:
    """Answer the form after the appeals; None where the decision was annulled."""
    form: Form | None = ruled.form
    for appeal in ruled.appeals:
        if appeal.result is Result.ANNULLED:
            form = None
        elif appeal.result is Result.CHANGED:
            form = appeal.form
    return form


def lapses_on(ruled: Ruled, new_acts: Iterable[date] = (), book: Rulebook = LAW) -> date | None:
    """Answer the first day without effect, None where the discipline does not end by itself.

    Twelve months after publication, of the decision or of the last appeal's. Not while an appeal is being settled, not for
    expulsion and dissolution, and not after a new violation due for discipline (`new_acts`) inside the period.
    Governing day: the publication. Source: Charter 40; 69-QĐ/TW 2.5 (DIS-11).
    """
    form = form_now(ruled)
    if form in (None, Form.EXPULSION, Form.DISSOLUTION) or any(appeal.result is None for appeal in ruled.appeals):
        return None
    start = max([ruled.published_on, *(appeal.published_on for appeal in ruled.appeals if appeal.published_on)])
    rule = book.find("discipline.lapse_months", start)
    if rule is None:
        return None
    last = add_months(start, rule.required)
    return None if any(ruled.published_on < act < last for act in new_acts) else last


def state_on(ruled: Ruled, day: date, new_acts: Iterable[date] = (), book: Rulebook = LAW) -> State:
    """Answer where the discipline stands on a day. Source as `lapses_on`."""
    if form_now(ruled) is None:
        return State.ANNULLED
    last = lapses_on(ruled, new_acts, book)
    return State.LAPSED if last is not None and day >= last else State.IN_FORCE


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that is held up, until a day where one can be told; `text` is a template of Vietnamese."""

    effect: Effect
    until: date | None
    finding: Finding


def _held(effect: Effect, until: date | None, text: str, cite: Citation) -> Held:
    shown: dict[str, object] = {"until": until} if until else {}
    return Held(effect, until, judged(f"discipline.effect_{effect}", effect.value, Severity.WARN, text, cite, **shown))


def under_consideration(day: date, book: Rulebook = LAW) -> list[Held]:
    """Answer what an open case holds up. Governing day: `day`. Source: 69-QĐ/TW 2.13 (DIS-13)."""
    rule = book.find("discipline.standstill", day)
    if rule is None:
        return []
    text = msg("Đang xem xét kỷ luật: chưa chuyển, chưa bổ nhiệm.")
    return [_held(effect, None, text, rule.citation) for effect in (Effect.TRANSFER, Effect.POSITION)]


def effects(ruled: Ruled, day: date, new_acts: Iterable[date] = (), book: Rulebook = LAW) -> list[Held]:
    """Answer what a discipline holds up on a day.

    In force: transfer and appointment (DIS-13). After removal from office: a year from the decision (DIS-12). A badge: 6, 9 or
    12 months by the form (B-06). The rating of the year of the decision: a hint only (DSR-03). Governing day: `day`.
    """
    form, found = form_now(ruled), []
    if form in (None, Form.EXPULSION, Form.DISSOLUTION):
        return []
    standstill, bar = book.find("discipline.standstill", day), book.find("discipline.office_bar_months", ruled.signed_on)
    badge, rating = book.find("discipline.badge_delay", day), book.find("discipline.rating_effect", day)
    until = lapses_on(ruled, new_acts, book)
    if standstill and state_on(ruled, day, new_acts, book) is State.IN_FORCE:
        text = (
            msg("Đang bị kỷ luật: chưa chuyển, chưa bổ nhiệm trước ngày %(until)s.")
            if until
            else msg("Đang bị kỷ luật: chưa chuyển, chưa bổ nhiệm.")
        )
        found += [_held(effect, until, text, standstill.citation) for effect in (Effect.TRANSFER, Effect.POSITION)]
    if bar and form is Form.REMOVAL_FROM_OFFICE and day < (end := add_months(ruled.signed_on, bar.required)):
        text = msg("Bị cách chức: trước ngày %(until)s không bầu vào cấp ủy, không bổ nhiệm chức vụ tương đương hoặc cao hơn.")
        found.append(_held(Effect.POSITION, end, text, bar.citation))
    if badge and form is not None and day < (end := add_months(ruled.published_on, badge.required[form.value])):
        text = msg("Huy hiệu Đảng: lùi xét tặng đến ngày %(until)s, khi chi bộ công nhận đã sửa chữa.")
        found.append(_held(Effect.BADGE, end, text, badge.citation))
    if rating and day.year == ruled.signed_on.year:
        text = msg("Bị kỷ luật trong năm: cân nhắc khi xếp loại năm nay.")
        found.append(_held(Effect.RATING, None, text, rating.citation))
    return found
