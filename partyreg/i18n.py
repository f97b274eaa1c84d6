"""Vietnamese first: what values are called, and dates and numbers as Vietnamese offices write them; English by a catalogue."""

from __future__ import annotations

import datetime as dt
import enum
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from flask import Flask, current_app, has_request_context, request, session

from . import clock
from .labels import LABELS
from .language import CATALOGUE, Lazy, _, is_english, lazy, speak
from .rulebook.finding import UNVERIFIED_NOTE, Finding
from .rulebook.timeline import Citation
from .rulebook.words import value_text

__all__ = [
    "CATALOGUE", "LABELS", "Lazy", "_", "cited", "deed_label", "fmt_date", "fmt_exact", "fmt_moment", "fmt_number", "fmt_percent",
    "init_i18n",
    "is_english", "label", "law_area", "law_value", "lazy", "percentage", "said", "select_locale", "speak", "words",
]  # fmt: skip

LOCALES = ("vi", "en")


def select_locale() -> str:
    """The language of this request: `?lang=`, then the choice kept in the browser, then the office's own."""
    if not has_request_context():
        return "vi"
    wanted = (request.args.get("lang"), session.get("lang"), current_app.config.get("PARTYREG_LOCALE"))
    return next((str(one) for one in wanted if one in LOCALES), "vi")


def init_i18n(app: Flask) -> None:
    """Languages and the formatting filters are available in every template."""
    app.jinja_env.globals.update(_=_)
    app.jinja_env.filters.update(
        date=fmt_date, moment=fmt_moment, number=fmt_number, exact=fmt_exact,
        percent=fmt_percent, label=label, deed=deed_label, words=words,
        law_area=law_area, law_value=law_value, said=said, cited=cited,
    )  # fmt: skip
    app.teardown_request(_fall_silent)


def _fall_silent(_error: BaseException | None) -> None:
    speak("vi")


def fmt_date(day: dt.date | None) -> str:
    """`23/11/2026`; an empty string for no day."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}" if day else ""


def fmt_moment(moment: dt.datetime | None) -> str:
    """`23/11/2026 14:05` by the office's clock."""
    return moment.astimezone(clock.OFFICE_ZONE).strftime("%d/%m/%Y %H:%M") if moment else ""


def fmt_number(value: int | float | Decimal | None, places: int = 0) -> str:
    """`1.234` or `1.234,5` (English: `1,234.5`)."""
    if value is None:
        return ""
    text = f"{value:,.{places}f}"
    return text if is_english() else text.translate(str.maketrans(",.", ".,"))


def fmt_exact(value: int | Decimal) -> str:
    """The number with as many digits behind the comma as it has: `90`, `92,5`."""
    exponent = Decimal(value).normalize().as_tuple().exponent
    return fmt_number(value, max(0, -exponent) if isinstance(exponent, int) else 0)


def fmt_percent(value: float | Decimal | None, places: int = 2) -> str:
    """`19,05 %`."""
    return f"{fmt_number(value, places)} %" if value is not None else ""


def percentage(part: int, whole: int) -> Decimal | None:
    """Part of whole in percent with two decimals, half up; None where the whole is empty."""
    if whole == 0:
        return None
    exact = Fraction(part * 100, whole)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def label(member: enum.Enum | None) -> str:
    """The Vietnamese (or English) words for an enum's member."""
    if member is None:
        return ""
    return str(LABELS[f"{type(member).__name__}.{member.value}"])


def deed_label(name: str) -> str:
    """The words for a deed of the audit, `area.verb`."""
    return str(LABELS.get(f"Deed.{name}", name))


def words(key: str, otherwise: str = "") -> str:
    """The words for a stored value, `Class.value`; what stands for an unknown one."""
    return str(LABELS.get(key, otherwise or key))


def law_area(name: str) -> str:
    """The words for an area of the law, the first part of a provision's key."""
    return str(LABELS.get(f"Law.{name}", name))


def said(finding: Finding) -> str:
    """What a rule found, in the language of the page."""
    if not is_english() or not finding.template:
        return finding.message
    text = _(finding.template, **{name: _(value) for name, value in finding.shown_facts.items()})
    return f"{text} ({_(UNVERIFIED_NOTE)})" if finding.message.endswith(f"({UNVERIFIED_NOTE})") else text


def cited(citation: Citation) -> str:
    """Where a rule stands: the document's own Vietnamese name, and how certain it is in the language of the page."""
    if not is_english():
        return citation.text
    return f"{citation.place} ({label(citation.confidence)})"


def law_value(value: Any, unit: str) -> str:
    """A value of the law with its unit."""
    return value_text(value, unit, _)
