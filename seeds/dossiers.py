"""Admission files since the merger: approved ones in waves about the great days of the year, each as far as it has come today."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum, auto
from random import Random

from partyreg.rulebook.admission_way import Purpose, Step

from .people import between
from .places import CELLS, Cell
from .plan import SEED, START, Deed, File, Invented, add_months
from .population import Population
from .ways import Way, Ways, days_before, weekdays_before

#: The waves of a year: month, first and last day, number of decisions. A whole year has 28.
WAVES = ((1, 22, 30, 4), (3, 9, 20, 2), (5, 8, 18, 5), (6, 10, 18, 1), (8, 18, 29, 6), (10, 8, 19, 3), (12, 2, 12, 7))
FIRST_WAVES = ((8, 18, 29, 7), (10, 8, 19, 3), (12, 2, 12, 6))  # 2025, after the merger: with the 12 before it, 28
#: The first number of a decision to admit; recognitions are numbered so far above the decision of the same member.
FIRST_NUMBER, RECOGNITIONS = 501, 200

Dates = list[tuple[dt.date, dt.date]]


class Late(StrEnum):
    """What has been done for one whose probation is over and who is not yet recognised as usual, or only just."""

    NOTHING = auto()
    AGAIN = auto()
    LATELY = auto()
    PROPOSED = auto()
    RULING = auto()
    NO_CARD = auto()


#: From the member whose probation ended last to those before her; whoever is left has gone the whole way.
_LATE = (Late.AGAIN, Late.LATELY, Late.PROPOSED, Late.PROPOSED, Late.RULING, Late.NO_CARD)


class Dossiers:
    """Makes the files of those who were admitted, and the people in them."""

    def __init__(self, population: Population) -> None:
        self.population, self.people, self.today = population, population.people, population.today
        self.rng = Random(f"{SEED} files")
        self.ways = Ways(self.people, self.rng, self.today, population.seats[0].full_name)
        self.files: list[File] = []

    def dates(self) -> Dates:
        """Decision and ceremony of every admission from the merger to today."""
        found = []
        for year in range(START.year, self.today.year + 1):
            for month, first, last, number in FIRST_WAVES if year == START.year else WAVES:
                for _ in range(number):
                    decided = between(self.rng, dt.date(year, month, first), dt.date(year, month, last))
                    found.append((decided, decided + dt.timedelta(days=self.rng.randint(4, 16))))
        return [(decided, ceremony) for decided, ceremony in found if ceremony <= self.today]

    def approve(self, dates: Dates) -> None:
        """The files of those admissions; the ways out of the commune must be settled before, since the cells' votes count heads."""
        dates = sorted(dates)
        last = max((decided for decided, _ in dates), default=START)
        self.ways.numbered_from = max(last + dt.timedelta(days=1), days_before(self.today, 20), START)
        late = self._late([ceremony for _, ceremony in dates])
        for at, (decided, ceremony) in enumerate(dates):
            self._approve(FIRST_NUMBER + at, decided, ceremony, late.get(at))

    def candidate(self, cell: Cell, day: dt.date) -> Invented:
        """Somebody of the cell who would be of an age to be admitted on that day."""
        return self.people.person(cell, self.people.candidate_born(cell, day))

    def _late(self, ceremonies: list[dt.date]) -> dict[int, Late]:
        """What is not as usual for whom, by the place in the list of ceremonies."""
        ended = sorted(((add_months(on, 12), at) for at, on in enumerate(ceremonies)), reverse=True)
        over = [(end, at) for end, at in ended if end <= self.today]
        due = weekdays_before(self.today, 30)
        found = {at: Late.NOTHING for _, at in [one for one in over if one[0] > due][:2]}
        overdue = next((at for end, at in over if end < days_before(due, 5)), None)
        if overdue is not None:
            found[overdue] = Late.NOTHING
        rest = [at for end, at in over if at not in found and end <= days_before(self.today, 22)]
        return found | dict(zip(rest, _LATE, strict=False))

    def _cell(self) -> Cell:
        return self.rng.choices(CELLS, [c.size if c.is_village else c.size // 2 for c in CELLS])[0]

    def _approve(self, number: int, decided_on: dt.date, ceremony: dt.date, late: Late | None) -> None:
        cell = self._cell()
        voted = days_before(decided_on, self.rng.randint(18, 44))
        person = self.candidate(cell, voted)
        person.decided_on, person.ceremony_on, person.posted_on = decided_on, ceremony, ceremony
        person.full_on, person.decision_number = add_months(ceremony, 12), f"{number}-QĐ/ĐU"
        self.population.recognise(person)
        self._late_recognition(person, late)
        way = self.ways.whole(person, cell, voted)
        self.ways.vote(way, voted)
        submitted = voted + dt.timedelta(days=self.rng.randint(3, 8))
        self.ways.submitted(way, submitted)
        self.ways.passed(way, submitted + dt.timedelta(days=self.rng.randint(3, 8)))
        self.ways.decided(way, decided_on, person.decision_number)
        self.ways.celebrated(way, ceremony, decided_on + dt.timedelta(days=self.rng.randint(1, 3)))
        self._recognise(way, late, f"{number + RECOGNITIONS}-QĐ/ĐU")
        self.files.append(way.file())

    def _late_recognition(self, person: Invented, late: Late | None) -> None:
        """Her full membership as the register knows it, where that is not as usual."""
        if late in (Late.NOTHING, Late.AGAIN, Late.PROPOSED, Late.RULING):
            person.full_on = person.recognised_on = None
        elif late is Late.LATELY and person.recognised_on is not None:
            person.recognised_on = max(person.recognised_on, days_before(self.today, 8))

    def _recognise(self, way: Way, late: Late | None, number: str) -> None:
        """What was done after the ceremony up to today: as usual, or as `late` says."""
        ceremony = way.person.ceremony_on
        assert ceremony is not None  # noqa: S101 - set by the caller
        over, ways = add_months(ceremony, 12), self.ways
        attended = days_before(over, self.rng.randint(40, 120))
        if attended <= self.today:
            ways.new_class(way, attended)
        ruled = way.person.recognised_on
        if late is Late.NOTHING or (ruled is None and late is None):
            return
        ways.reviewed_herself(way, over)
        voted = min(over + dt.timedelta(days=41), days_before(self.today, 10))
        if late is Late.AGAIN:
            ways.vote(way, over + dt.timedelta(days=8), Purpose.RECOGNITION, short=True)
            ways.vote(way, min(over + dt.timedelta(days=34), days_before(self.today, 1)), Purpose.RECOGNITION)
            return
        if ruled is not None:
            voted = min(voted, days_before(ruled, 3))
            voted = voted if late is Late.LATELY else over + dt.timedelta(days=3)
        ways.vote(way, voted, Purpose.RECOGNITION)
        ways.proposed(way, voted + dt.timedelta(days=1))
        if late is Late.PROPOSED:
            return
        ways.passed(way, voted + dt.timedelta(days=2))
        if ruled is None:
            return
        ways.recognised(way, ruled, number)
        card = ruled + dt.timedelta(days=self.rng.randint(20, 40))
        if card <= self.today and late is None:
            way.do(card, Deed.CARD, Step.CLOSED, card_number=f"999{int(way.person.key[1:]):09d}", issued_on=card)
