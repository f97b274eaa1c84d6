"""What the demo commune consists of, as plain data: no database, no clock, the same for the same day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from partyreg.access import Role
from partyreg.meetings.agenda_rows import Point
from partyreg.meetings.models import Attendance, MeetingKind
from partyreg.members.models import Body, Exit, Qualification, Schooling, Sex, Theory, Title
from partyreg.ratings.models import Level, NotRated
from partyreg.rulebook.admission_way import Step

#: The day on which the new commune's office began the register; what is older was entered on it, from papers.
START = dt.date(2025, 7, 1)
MEETINGS_SINCE = dt.date(2024, 1, 1)
RATINGS_SINCE = 2021
SEED = "Mường Chiên 2025-2030"


@dataclass(slots=True)
class Invented:
    """An invented person; a member when `ceremony_on` is set. Days are those of the register's facts."""

    key: str
    cell: str
    full_name: str
    sex: Sex
    born_on: dt.date
    ethnicity: str
    personal_number: str
    birthplace: str
    home_town: str
    residence: str
    occupation: str
    schooling: Schooling
    qualification: Qualification
    theory: Theory
    decided_on: dt.date | None = None
    ceremony_on: dt.date | None = None
    full_on: dt.date | None = None
    recognised_on: dt.date | None = None  # the day of the deed, where it lies after the register began
    posted_on: dt.date | None = None
    card_number: str | None = None
    file_number: str | None = None
    decision_number: str | None = None
    moves: list[tuple[dt.date, str]] = field(default_factory=list)
    left: tuple[Exit, dt.date] | None = None
    exempt_on: dt.date | None = None
    suspended_on: dt.date | None = None
    temporary: tuple[str, dt.date] | None = None
    is_officer: bool = False  # holds an office: stays where she is

    def home_on(self, day: dt.date) -> str | None:
        """The code of her home cell on that day, if she was a member of the commune then."""
        if self.posted_on is None or day < self.posted_on or (self.left and day >= self.left[1]):
            return None
        return next((code for on, code in reversed(self.moves) if on <= day), self.cell)

    def full_then(self, day: dt.date) -> bool:
        """Whether she was a full member on that day."""
        return self.full_on is not None and self.full_on <= day

    def age(self, day: dt.date) -> int:
        """Her age in whole years."""
        return day.year - self.born_on.year - ((day.month, day.day) < (self.born_on.month, self.born_on.day))

    def out_of_work(self, day: dt.date) -> bool:
        """Whether she was exempted or suspended on that day."""
        return any(on is not None and on <= day for on in (self.exempt_on, self.suspended_on))


@dataclass(frozen=True, slots=True)
class Office:
    """A person's office; `ended_on` only where another term follows."""

    person: str
    unit: str
    body: Body
    title: Title
    term: str
    started_on: dt.date
    ended_on: dt.date | None = None
    paper: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting that was held: everybody on the roll was there but `missing`."""

    cell: str
    kind: MeetingKind
    held_on: dt.date
    logged_on: dt.date
    minutes_long: int
    place: str
    topic: str
    chair: str
    minute_taker: str
    notes: str
    conclusions: str
    missing: tuple[tuple[str, Attendance, str], ...]
    points: tuple[Point, ...] = ()
    given: tuple[tuple[str, str, dt.date], ...] = ()  # what, to whom (key), by when


class Deed(StrEnum):
    """What is done to an admission file; each is a deed of the admissions."""

    OPEN = "open"
    ENTER = "enter"
    REVIEW = "review"
    ASK = "ask"
    PERMIT = "permit"
    VOTE = "vote"
    PAPER = "paper"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    FORWARD = "forward"
    DECIDE = "decide"
    DECLINE = "decline"
    CEREMONY = "ceremony"
    PROPOSE = "propose"
    RECOGNISE = "recognise"
    CARD = "card"
    WITHDRAW = "withdraw"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Act:
    """One deed on a file and its day; `said` is what is entered, people by their keys (`helper`, `introducers`)."""

    on: dt.date
    deed: Deed
    said: dict[str, Any]


@dataclass(frozen=True, slots=True)
class File:
    """An admission file: all that is done on it, in order, and the step to which that brings it."""

    person: str
    cell: str
    step: Step
    acts: tuple[Act, ...]

    def last(self, deed: Deed) -> Act | None:
        """The last deed of that sort."""
        return next((act for act in reversed(self.acts) if act.deed is deed), None)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One cell's ratings of a year: of its members, and of itself."""

    cell: str
    members: tuple[tuple[str, Level | None, NotRated | None], ...]
    unit: Level


@dataclass(frozen=True, slots=True)
class Year:
    """The ratings of a year, open while `closed_on` is empty."""

    year: int
    opened_on: dt.date
    closed_on: dt.date | None
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Login:
    """An account of the demo."""

    username: str
    full_name: str
    role: Role
    unit: str
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole commune up to a day."""

    today: dt.date
    people: tuple[Invented, ...]
    offices: tuple[Office, ...]
    meetings: tuple[Held, ...]
    files: tuple[File, ...]
    years: tuple[Year, ...]
    logins: tuple[Login, ...]

    def members_on(self, day: dt.date) -> list[Invented]:
        """Who was a member on that day."""
        return [person for person in self.people if person.home_on(day)]


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or its last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = (dt.date(year + (month == 11), (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))
