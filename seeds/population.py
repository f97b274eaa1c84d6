"""The people of the commune over the years: 876 members on the day of the merger and on the day of the plan.

141 of them were admitted by decisions from 2020-07-01 to 2025-06-30, as the report says. What came in after the merger
(admissions, arrivals) is balanced by what went out (deaths, moves, and the rarer ways out).
"""

from __future__ import annotations

import datetime as dt
from random import Random

from partyreg.members.models import Exit

from . import leaders
from .people import People, between, weighted
from .places import BY_CODE, CA_NANG, CELLS, Cell
from .plan import SEED, START, Invented, Office

#: Decisions of admission in the term 2020-2025: period -> number; together 141.
TERM_ADMISSIONS: tuple[tuple[dt.date, dt.date, int], ...] = (
    (dt.date(2020, 7, 6), dt.date(2020, 12, 18), 14),
    (dt.date(2021, 1, 25), dt.date(2021, 12, 17), 27),
    (dt.date(2022, 1, 20), dt.date(2022, 12, 16), 28),
    (dt.date(2023, 1, 16), dt.date(2023, 12, 15), 30),
    (dt.date(2024, 1, 22), dt.date(2024, 12, 13), 30),
    (dt.date(2025, 1, 20), dt.date(2025, 6, 6), 12),
)
LEFT_BEFORE = 62


class Population:
    """Makes everybody but the candidates of the open files."""

    def __init__(self, today: dt.date) -> None:
        if today < START:
            raise ValueError("the demo commune begins on 2025-07-01")
        self.today = today
        self.people = People(Random(f"{SEED} people"))
        self.rng = Random(f"{SEED} lives")
        self.seats = leaders.seated(self.people)
        self._settle()
        self._left_before_merger()
        self.offices: list[Office] = leaders.committees(self.seats, self.people.all[len(self.seats) :])
        self.offices += leaders.CellOffices(self.people, self.seats, Random(f"{SEED} offices")).fill()
        self._recognitions()
        self._abeyances()

    def _settle(self) -> None:
        """Fill every cell to its size on the day of the merger."""
        missing = {cell.code: cell.size for cell in CELLS}
        for person in self.people.all:
            missing[person.cell] -= 1
        young = {code: int(number * 0.3) for code, number in missing.items()}
        for first, last, number in TERM_ADMISSIONS:
            for _ in range(number):
                day = between(self.rng, first, last)
                cell = weighted(self.rng, [(c, young[c.code]) for c in CELLS if c.founded_on < day])
                young[cell.code] -= 1
                missing[cell.code] -= 1
                self.people.admitted_in_term(cell, day)
        for cell in CELLS:
            for _ in range(missing[cell.code]):
                self.people.old_member(cell)
        for person in self._settled()[:: len(self.people.all) // 8]:
            self._came_from_another_cell(person)

    def _settled(self) -> list[Invented]:
        """Members who came before the term and hold no office yet."""
        early = dt.date(2020, 6, 30)
        return [p for p in self.people.all if not p.is_officer and p.decided_on and p.decided_on < early]

    def _came_from_another_cell(self, person: Invented) -> None:
        here = BY_CODE[person.cell]
        there = self.rng.choice([c for c in CELLS if c is not here and c.is_village is here.is_village])
        day = between(self.rng, dt.date(2023, 3, 1), dt.date(2024, 10, 31))
        person.moves.append((day, here.code))
        person.cell = there.code
        person.posted_on = max(person.ceremony_on or day, there.founded_on)

    def _left_before_merger(self) -> None:
        """Members whom the former communes lost since 2021."""
        for number in range(LEFT_BEFORE):
            cell = weighted(self.rng, [(c, c.size) for c in CELLS if c.founded_on.year < 2020])
            day = between(self.rng, dt.date(2021, 1, 20), dt.date(2025, 6, 20))
            how = Exit.DIED if cell.is_village and number % 2 else Exit.MOVED_AWAY
            if number in (10, 40):
                how = Exit.WITHDREW if number == 10 else Exit.REMOVED
            if number == 20:
                cell, how = next(c for c in CELLS if c.former is CA_NANG and c.is_village), Exit.EXPELLED
            self._leaver(cell, how, day)

    def _leaver(self, cell: Cell, how: Exit, day: dt.date) -> None:
        """A member who left the cell on that day; who died had grown old."""
        least, oldest = (60, 88) if how is Exit.DIED else (0, 59)
        person = self.people.old_member(cell, oldest=oldest, youngest=least, latest=dt.date(2019, 6, 1))
        person.left = (how, day)

    def _recognitions(self) -> None:
        """Those whose probation ended after the merger were recognised some days later, or are still waiting."""
        for person in self.people.all:
            self.recognise(person)

    def recognise(self, person: Invented) -> None:
        """Set when the recognition was decided; without full membership while that lies ahead."""
        if person.full_on is None or person.full_on < START:
            return
        decided = person.full_on + dt.timedelta(days=self.rng.randint(6, 28))
        if decided > self.today:
            person.full_on = None
        else:
            person.recognised_on = decided

    def _free(self, day: dt.date) -> list[Invented]:
        """Members without office whose life holds nothing else that could collide."""
        return [
            p for p in self._settled()
            if p.home_on(day) and not p.left and not p.moves and p.exempt_on is None and p.suspended_on is None and p.temporary is None
        ]  # fmt: skip

    def _abeyances(self) -> None:
        """Elders exempted from work, one member suspended, some for a time in another cell."""
        old = [p for p in self._free(START) if p.age(START) >= 76 and BY_CODE[p.cell].is_village]
        for person in self.rng.sample(old, min(18, len(old))):
            person.exempt_on = between(self.rng, dt.date(2020, 1, 10), dt.date(2025, 5, 30))
        recent = self.today - dt.timedelta(days=40)
        if recent <= START:
            return
        person = self.rng.choice([p for p in self._free(START) if p.age(START) < 55 and BY_CODE[p.cell].is_village])
        person.suspended_on = recent
        for person in self.rng.sample([p for p in self._free(START) if p.age(START) < 50], 6):
            there = self.rng.choice([c for c in CELLS if c.code != person.cell])
            person.temporary = (there.code, between(self.rng, START + dt.timedelta(days=5), recent))

    def balance(self, admitted: int) -> None:
        """Arrivals since the merger, and as many ways out as there were ways in, so that today's number is that of the merger."""
        span = (self.today - START).days
        arrivals = span // 45
        for _ in range(arrivals):
            cell = weighted(self.rng, [(c, 1 if c.is_village else 4) for c in CELLS])
            person = self.people.old_member(cell, oldest=60, latest=dt.date(2019, 6, 1))
            person.posted_on = between(self.rng, START + dt.timedelta(days=1), self.today)
        chosen = self.rng.sample(self._leavers(), admitted + arrivals)
        for number, person in enumerate(chosen):
            day = START + dt.timedelta(days=1 + (span - 1) * (number + 1) // (len(chosen) + 1))
            how = Exit.DIED if person.age(day) >= 58 else Exit.MOVED_AWAY
            rare = {4: Exit.REMOVED, 11: Exit.WITHDREW, 23: Exit.EXPELLED}
            person.left = (rare.get(number, how) if person.age(day) < 58 else how, day)
        for person in self.rng.sample([p for p in self._free(START) if p.age(START) < 60], span // 70):
            here = BY_CODE[person.cell]
            there = self.rng.choice([c for c in CELLS if c is not here and c.is_village is here.is_village])
            day = between(self.rng, START + dt.timedelta(days=3), self.today)
            person.moves.append((day, there.code))

    def _leavers(self) -> list[Invented]:
        free = [p for p in self._free(START) if p.cell != "cb-huoi-xanh"]
        old = [p for p in free if p.age(START) >= 64]
        return old + [p for p in free if p.age(START) < 50 and not _small(BY_CODE[p.cell])][: len(old)]


def _small(cell: Cell) -> bool:
    return cell.size < 15
