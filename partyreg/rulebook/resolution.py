"""Resolutions entered as data: what of them can be, and the rulebook with their terms and targets laid over the shipped law.

Which day governs: a target of a resolution is in force from the resolution's day until the next resolution sets the same number,
until it is withdrawn, or until the calendar year ends in which its term ends, once a later term has begun; years are measured on
their last day, and a term's last year is judged by the term's own targets. A shipped target ends the same way, and only when a
resolution entered here begins a later term: without one, the law is as shipped.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.finding import Finding, Severity, judged, msg
from partyreg.rulebook.targets import ENTERED, NUMBER, numbers
from partyreg.rulebook.timeline import Citation, Confidence, Provision, Timeline

COMPARATORS = (">=", ">", "<=", "<")
PERIODS = ("YEAR", "MEAN", "STATE", "TERM")
#: The periods of which a measure counts a figure: its own year, or how things stand on a day.
COUNTED_PERIODS = ("YEAR", "STATE")
#: The units in which a target may be set; what a measure counts is a percentage.
UNITS = (
    "percent", "percent change", "persons", "times", "files", "head", "tons", "cages", "visits", "billion VND", "households", "workers",
    "enterprises", "schools", "villages",
)  # fmt: skip
EARLIEST, LATEST, LONGEST_TERM = 1930, 2200, 10
MOST = Decimal(10) ** 12
_TERM = "target.term"


@dataclass(frozen=True, slots=True)
class Aim:
    """One target of a resolution. `measure` is a measure's key or `ENTERED`; withdrawn on its first day it never was in force."""

    no: str
    label: str
    unit: str
    measure: str
    comparator: str
    threshold: Decimal
    period: str
    upper: Decimal | None = None
    by: date | None = None
    article: str = ""
    baseline: Decimal | None = None
    baseline_year: int | None = None
    baseline_source: str = ""
    withdrawn_on: date | None = None

    def stands(self, since: date) -> bool:
        """Answer whether the target was ever in force: it was not taken back on the day from which it was to be."""
        return self.withdrawn_on is None or self.withdrawn_on > since


@dataclass(frozen=True, slots=True)
class Resolution:
    """A resolution and its targets; `first` and `last` are the days of its term."""

    number: str
    body: str
    adopted_on: date
    first: date
    last: date
    since: date
    aims: tuple[Aim, ...] = ()

    @property
    def years(self) -> tuple[int, int]:
        """Answer the first and the last year of the term."""
        return self.first.year, self.last.year

    def cite(self, article: str = "") -> Citation:
        """Answer where its targets stand; the office read them in the paper."""
        return Citation(f"{self.number} ({self.body})", article, Confidence.QUOTED)


def overlay(found: Iterable[Resolution], book: Rulebook = LAW) -> Rulebook:
    """Answer the rulebook with the resolutions laid over it, as the module says; the book itself where there is none.

    Of two that set one number from the same day, the one that comes later in the order of adoption rules.
    """
    ordered = sorted(found, key=lambda one: (one.since, one.adopted_on))
    if not ordered:
        return book
    known = {provision.required for provision in book.timeline(_TERM).provisions}
    begun: dict[tuple[int, int], Resolution] = {}
    for one in ordered:
        if one.years not in known:
            begun.setdefault(one.years, one)
    terms = [Provision(one.first, one.years, one.cite()) for one in begun.values()]
    laid: dict[str, dict[date, tuple[Resolution, Aim]]] = {}
    for one in ordered:
        for aim in one.aims:
            if aim.stands(one.since):
                laid.setdefault(aim.no, {})[one.since] = (one, aim)
    timelines = []
    for no in {*numbers(book), *laid}:
        timeline = _timeline(no, laid.get(no, {}), book, begun.values())
        if timeline is not None:
            timelines.append(timeline)
    keys = book.keys()
    local = {timeline.key: timeline.provisions for timeline in timelines}
    return book.with_local({**local, _TERM: terms}, [one for one in timelines if one.key not in keys])


def _timeline(
    no: str, laid: dict[date, tuple[Resolution, Aim]], book: Rulebook, begun: Collection[Resolution]
) -> Timeline[Any] | None:  # fmt: skip
    """The provisions to lay over a number; None where there is nothing to lay."""
    key = f"target.{no}"
    keys = book.keys()
    shipped = book.timeline(key).provisions if key in keys else ()
    days = sorted({*laid, *(provision.since for provision in shipped)})
    found: list[Provision[Any]] = []
    for since, after in pairwise([*days, date.max]):
        years = _last_year(since, laid, book)
        ends: Provision[Any] | None = None
        if since in laid:
            resolution, aim = laid[since]
            found.append(Provision(since, _value(aim), resolution.cite(aim.article)))
            if aim.withdrawn_on is not None and aim.withdrawn_on < after:
                ends = Provision(aim.withdrawn_on, None, resolution.cite(aim.article))
        elif next(one for one in shipped if one.since == since).is_repeal:
            continue
        later = min((one for one in begun if one.first.year >= years and one.first > since), key=lambda one: one.first, default=None)
        if later is not None:
            last = max(later.first, date(years + 1, 1, 1))
            if last < (ends.since if ends else after):
                ends = Provision(last, None, later.cite())
        if ends is not None:
            found.append(ends)
    if not found:
        return None
    latest = laid[max(laid)][1] if laid else None
    label, unit = (latest.label, latest.unit) if latest else (book.timeline(key).label, book.timeline(key).unit)
    return Timeline(key, label, unit, tuple(found))


def _last_year(since: date, laid: dict[date, tuple[Resolution, Aim]], book: Rulebook) -> int:
    """The last year of the term to which what is set on that day belongs."""
    if since in laid:
        return laid[since][0].last.year
    last: int = book.on(_TERM, since).required[1]
    return last


def _value(aim: Aim) -> Any:
    told: dict[str, Any] = {
        "threshold": _plain(aim.threshold), "comparator": aim.comparator, "period": aim.period, "label": aim.label, "unit": aim.unit,
        "measure": aim.measure,
    }  # fmt: skip
    if aim.upper is not None:
        told["upper"] = _plain(aim.upper)
    if aim.by is not None:
        told["by"] = aim.by
    if aim.baseline is not None and aim.baseline_year is not None:
        told["start"] = (aim.baseline_year, aim.baseline, aim.baseline_source)
    return MappingProxyType(told)


def _plain(value: Decimal) -> int | Decimal:
    """A whole number as such, so that it is written as the law's own numbers are."""
    return int(value) if value == value.to_integral_value() else value


# -- what can be ------------------------------------------------------------------------------------------------------


def _refused(code: str, field: str, message: str, **facts: object) -> Finding:
    return judged(f"resolution.{code}", field, Severity.BLOCK, message, None, **facts)


def term_findings(one: Resolution, others: Sequence[Resolution], today: date, book: Rulebook = LAW) -> list[Finding]:
    """Answer why the days of a resolution cannot be: judged on `today`; a term is that of no other, or the same to the day.

    A shipped term is known by its years: another may begin in its last year, as congresses are held in the middle of one.
    """
    found = []
    for field, day in (("adopted_on", one.adopted_on), ("first_on", one.first), ("last_on", one.last), ("in_force_from", one.since)):
        if not EARLIEST <= day.year <= LATEST:
            text = msg("Năm phải từ %(first)s đến %(last)s.")
            found.append(_refused("year", field, text, first=EARLIEST, last=LATEST))
    if one.adopted_on > today:
        found.append(_refused("future", "adopted_on", msg("Ngày thông qua chưa đến. Chỉ nhập nghị quyết đã được thông qua.")))
    if one.last < one.first:
        found.append(_refused("order", "last_on", msg("Ngày cuối nhiệm kỳ ở trước ngày đầu. Hãy xem lại hai ngày.")))
    elif one.last.year - one.first.year > LONGEST_TERM:
        found.append(_refused("long", "last_on", msg("Nhiệm kỳ dài quá %(most)s năm. Hãy xem lại hai ngày."), most=LONGEST_TERM))
    elif not one.first <= one.since <= one.last:
        text = msg("Ngày có hiệu lực phải nằm trong nhiệm kỳ, từ %(first)s đến %(last)s.")
        found.append(_refused("outside", "in_force_from", text, first=f"{one.first:%d/%m/%Y}", last=f"{one.last:%d/%m/%Y}"))
    return found or _overlaps(one, others, book)


def _overlaps(one: Resolution, others: Sequence[Resolution], book: Rulebook) -> list[Finding]:
    for other in others:
        same = (one.first, one.last) == (other.first, other.last)
        if not same and one.first <= other.last and other.first <= one.last:
            text = msg(
                "Nhiệm kỳ chồng lên nhiệm kỳ %(first)s-%(last)s của %(number)s. Cùng nhiệm kỳ thì ghi đúng hai ngày như nghị quyết đó."
            )
            shown = {"first": f"{other.first:%d/%m/%Y}", "last": f"{other.last:%d/%m/%Y}", "number": other.number}
            return [_refused("overlap", "first_on", text, **shown)]
    for provision in book.timeline(_TERM).provisions:
        first, last = provision.required
        if one.years != (first, last) and one.first.year < last and one.last.year > first:
            text = msg("Nhiệm kỳ chồng lên nhiệm kỳ %(first)s-%(last)s của sổ luật.")
            return [_refused("overlap", "first_on", text, first=first, last=last)]
    return []


def aim_findings(aim: Aim, of: Resolution, measures: Collection[str]) -> list[Finding]:
    """Answer why a target cannot be one of the resolution's, whatever its other targets are."""
    found = []
    if not NUMBER.match(aim.no):
        found.append(_refused("number", "no", msg("Số chỉ tiêu viết như 26, 21a hoặc 2.maize (chữ thường không dấu).")))
    if not aim.label:
        found.append(_refused("no_label", "label", msg("Chưa ghi tên chỉ tiêu.")))
    if aim.unit not in UNITS:
        found.append(_refused("unit", "unit", msg("Đơn vị tính không có trong danh sách.")))
    if aim.measure != ENTERED and aim.measure not in measures:
        found.append(_refused("measure", "measure", msg("Cách tính không có trong danh sách.")))
    if aim.comparator not in COMPARATORS:
        found.append(_refused("comparator", "comparator", msg("Phép so sánh không có trong danh sách.")))
    if aim.period not in PERIODS:
        found.append(_refused("period", "period", msg("Kỳ xét không có trong danh sách.")))
    if found:
        return found
    return [*_of_measure(aim), *_of_numbers(aim), *_of_due_day(aim, of), *_of_baseline(aim, of)]


def _of_measure(aim: Aim) -> list[Finding]:
    found = []
    if aim.measure != ENTERED and aim.period not in COUNTED_PERIODS:
        text = msg("Sổ chỉ tính số này cho từng năm hoặc đến một ngày. Hãy chọn kỳ khác, hoặc chọn nhập tay.")
        found.append(_refused("uncountable", "period", text))
    if aim.measure != ENTERED and aim.unit != "percent":
        found.append(
            _refused("not_percent", "unit", msg("Số tính từ sổ là tỷ lệ phần trăm. Hãy chọn đơn vị phần trăm, hoặc chọn nhập tay."))
        )
    return found


def _of_numbers(aim: Aim) -> list[Finding]:
    found = []
    for field, value in (("threshold", aim.threshold), ("upper", aim.upper), ("baseline", aim.baseline)):
        if value is None:
            continue
        if not value.is_finite() or abs(value) >= MOST or value != value.quantize(Decimal("0.0001")):
            found.append(_refused("value", field, msg("Số quá lớn, hoặc có quá bốn chữ số sau dấu phẩy.")))
        elif value < 0 and aim.unit != "percent change":
            found.append(_refused("negative", field, msg("Không thể là số âm.")))
        elif value > 100 and aim.unit == "percent" and field != "baseline":
            found.append(_refused("above_all", field, msg("Tỷ lệ không thể trên một trăm phần trăm.")))
    if found or aim.upper is None:
        return found
    beyond = aim.upper > aim.threshold if aim.comparator in (">=", ">") else aim.upper < aim.threshold
    return [] if beyond else [_refused("upper", "upper", msg("Mức phấn đấu phải vượt mức chỉ tiêu."))]


def _of_due_day(aim: Aim, of: Resolution) -> list[Finding]:
    if aim.period != "STATE":
        return [] if aim.by is None else [_refused("due", "due_on", msg("Chỉ kỳ “đến một ngày” mới có hạn. Hãy bỏ trống ngày hạn."))]
    if aim.by is None:
        return [_refused("no_due", "due_on", msg("Chưa ghi ngày hạn của chỉ tiêu."))]
    last = date(of.last.year, 12, 31)
    if of.since <= aim.by <= last:
        return []
    text = msg("Hạn phải nằm trong nhiệm kỳ, từ %(first)s đến %(last)s.")
    return [_refused("due_outside", "due_on", text, first=f"{of.since:%d/%m/%Y}", last=f"{last:%d/%m/%Y}")]


def _of_baseline(aim: Aim, of: Resolution) -> list[Finding]:
    given = (aim.baseline is not None, aim.baseline_year is not None, bool(aim.baseline_source))
    if any(given) and not all(given):
        return [_refused("baseline", "baseline", msg("Số gốc cần đủ ba mục: giá trị, năm và nguồn; hoặc bỏ trống cả ba."))]
    if aim.baseline_year is not None and not EARLIEST <= aim.baseline_year <= of.last.year:
        text = msg("Năm phải từ %(first)s đến %(last)s.")
        return [_refused("baseline_year", "baseline_year", text, first=EARLIEST, last=of.last.year)]
    return []


def twice(aim: Aim, of: Resolution, others: Iterable[Resolution]) -> list[Finding]:
    """Answer the refusal of a number that a resolution in force from the same day sets already; `others` may hold `of` itself."""
    for other in others:
        if other.since == of.since and any(one.no == aim.no and one.stands(other.since) for one in other.aims):
            text = msg("Chỉ tiêu số %(no)s đã có từ ngày %(day)s trong %(number)s. Hãy sửa chỉ tiêu đó.")
            return [_refused("twice", "no", text, no=aim.no, day=f"{of.since:%d/%m/%Y}", number=other.number)]
    return []
