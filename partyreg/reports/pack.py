"""What a year-end pack is made of: lines that are said in words, tables, lists of the people behind a figure; and its hash.

What a pack says is Vietnamese whatever the language of the page, as every paper; so its words stand here as they are written.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ..i18n import fmt_number, fmt_percent
from ..language import is_english, speak
from ..org.models import UnitKind
from ..tables import Table
from ..targets.measures import Kind

Number = int | Decimal


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One figure: `value` counts, or is percent where `is_percent`; `last` is that of the year before, None where it is not known.

    `text` says it all in words: the number, the change, what was asked for.
    """

    key: str
    label: str
    value: Number | None
    text: str
    is_percent: bool = False
    last: Number | None = None
    part: int | None = None
    whole: int | None = None
    threshold: str | None = None
    met: bool | None = None

    def as_json(self) -> dict[str, Any]:
        """The plain form that is kept and hashed; a percent is its text with two decimals, so that no float rounds it."""
        kept = dataclasses.asdict(self)
        return {name: str(value) if isinstance(value, Decimal) else value for name, value in kept.items()}


@dataclasses.dataclass(frozen=True, slots=True)
class RosterRow:
    """One person, cell or organisation behind a figure, and on which sides of it."""

    cells: tuple[Any, ...]
    in_part: bool
    in_whole: bool
    lacks: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Roster:
    """Everybody behind one figure, in Vietnamese order: a table of the register's own facts, and the sides of each row.

    `goal` stands for the whole where a number was set instead; `on_paper` are the keys of the columns that a printed list has room
    for, of those who count and of those who do not; none where it has all.
    """

    no: str
    kind: Kind
    table: Table
    rows: tuple[RosterRow, ...]
    part: int
    whole: int
    goal: int | None = None
    counts: str = ""  # the measure's key
    on_paper: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

    def printed(self, *, counted: bool) -> list[int]:
        """The places of the columns that stand on paper."""
        keys = [column.key for column in self.table.columns]
        return [keys.index(key) for key in self.on_paper[0 if counted else 1]] or [*range(len(keys))]


@dataclasses.dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is printed, and the sentence that says the same."""

    title: str
    png: bytes
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Section:
    """A part of the report. `gaps` say what the records lack, `notes` how its figures are to be read; `annex` are the people and cells
    behind them."""

    key: str
    title: str
    lines: tuple[Line, ...]
    tables: tuple[Table, ...] = ()
    charts: tuple[Picture, ...] = ()
    gaps: tuple[str, ...] = ()
    annex: tuple[Roster, ...] = ()
    notes: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Pack:
    """A year's report of one unit on a day, as one reader may see it. `needs` are the permissions that its figures took."""

    year: int
    day: dt.date
    unit_id: int
    unit_code: str
    unit_name: str
    kind: UnitKind
    sections: tuple[Section, ...]
    needs: tuple[str, ...]
    parameters: Mapping[str, Any]

    @property
    def is_commune(self) -> bool:
        """Whether it is the report of the whole commune."""
        return self.kind is UnitKind.COMMUNE

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Every line of every section in the plain form, in order."""
        return [line.as_json() for section in self.sections for line in section.lines]

    @property
    def rosters(self) -> list[Roster]:
        """Every list of the sections, in order."""
        return [roster for section in self.sections for roster in section.annex]

    @property
    def sha256(self) -> str:
        """The hash of what the pack says."""
        return fingerprint(self.year, self.day, self.unit_code, self.lines, self.parameters)


def canonical(value: Any) -> str:
    """The one form in which a plain value is kept and hashed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(year: int, day: dt.date, unit: str, lines: Sequence[Mapping[str, Any]], parameters: Mapping[str, Any]) -> str:
    """SHA-256 over year, day, unit, lines and parameters in their canonical form."""
    said = {"year": year, "day": day.isoformat(), "unit": unit, "lines": list(lines), "parameters": dict(parameters)}
    return hashlib.sha256(canonical(said).encode()).hexdigest()


@contextlib.contextmanager
def in_vietnamese() -> Iterator[None]:
    """What is said inside is Vietnamese; afterwards the page goes on in its own language."""
    english = is_english()
    speak("vi")
    try:
        yield
    finally:
        speak("en" if english else "vi")


# -- words ------------------------------------------------------------------------------------------------------------


def counted(key: str, label: str, value: int, last: int | None = None, *, than: str = "cùng kỳ năm trước", **facts: Any) -> Line:
    """A line of a count, compared with the year before where that is known."""
    text = f"{label}: {fmt_number(value)}{change(value, last, than)}."
    return Line(key, label, value, text, last=last, **facts)


def shared(
    key: str, label: str, part: int | None, whole: int | None, value: Decimal | None, last: Decimal | None = None, *,
    than: str = "cùng kỳ năm trước", threshold: str | None = None, met: bool | None = None, later: bool = False,
) -> Line:  # fmt: skip
    """A line of a share in percent with its part and whole, compared with the year before and with what was asked for.

    A share that was entered as such has no part and whole; what is asked for by a `later` day is not judged before it.
    """
    if value is None:
        text = f"{label}: chưa đủ số liệu để tính tỷ lệ"
        text += f" (tử số {fmt_number(part)}, mẫu số {fmt_number(whole)})" if part or whole else ""
    else:
        sides = f" ({fmt_number(part)}/{fmt_number(whole)})" if part is not None and whole else ""
        text = f"{label}: {fmt_percent(value)}{sides}{change(value, last, than, percent=True)}"
    if threshold:
        judged = "chưa đến hạn" if later else {True: "đạt", False: "chưa đạt", None: "chưa kết luận"}[met]
        text += f"; mức chỉ tiêu {threshold}: {judged}"
    return Line(key, label, value, f"{text}.", True, last, part, whole, threshold, met)


def change(value: Number, last: Number | None, than: str, *, percent: bool = False) -> str:
    """How a figure moved since the year before; nothing where that is not known."""
    if last is None:
        return ""
    before = fmt_percent(last) if percent else fmt_number(last)
    if value == last:
        return f", bằng {than} ({before})"
    by: Decimal = abs(Decimal(value) - Decimal(last))
    moved = f"{fmt_number(by, 2)} điểm phần trăm" if percent else fmt_number(by)
    return f", {'tăng' if value > last else 'giảm'} {moved} so với {than} ({before})"


def sentence(text: str) -> str:
    """The text with one full stop at its end, whether it had one or not."""
    return f"{text.rstrip(' .')}."


def lacking(what: str, names: Iterable[str], *, named: int = 10) -> tuple[str, ...]:
    """One sentence that says how many lack something and names the first of them; none where nobody does."""
    given = list(names)
    if not given:
        return ()
    more = f" và {len(given) - named} nơi khác" if len(given) > named else ""
    return (f"Chưa đủ số liệu: {len(given)} {what}: {', '.join(given[:named])}{more}.",)


def incomparable(lines: Iterable[Line], than: str) -> tuple[str, ...]:
    """One sentence that names the shares without a figure of the year before; none where every share has one."""
    shares = [line for line in lines if line.is_percent]
    names = [line.label for line in shares if line.last is None]
    if names and len(names) == len(shares):
        return (f"Chưa đủ số liệu để so sánh: sổ chưa có số liệu này của {than}.",)
    return (f"Chưa đủ số liệu để so sánh với {than}: {'; '.join(names)}.",) if names else ()
