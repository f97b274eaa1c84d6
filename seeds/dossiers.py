"""Admission files since the merger: approved ones in waves about the great days of the year, and those on the desk today."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from random import Random

from .people import between
from .places import CELLS, Cell
from .plan import SEED, START, File, Invented, Outcome, add_months
from .population import Population

#: The waves of a year: month, first and last day, number of decisions. A whole year has 28.
WAVES = ((1, 22, 30, 4), (3, 9, 20, 2), (5, 8, 18, 5), (6, 10, 18, 1), (8, 18, 29, 6), (10, 8, 19, 3), (12, 2, 12, 7))
FIRST_WAVES = ((8, 18, 29, 7), (10, 8, 19, 3), (12, 2, 12, 6))  # 2025, after the merger: with the 12 before it, 28

_REASONS = (
    "Bổ sung nghị quyết của Ban Chấp hành Đoàn xã giới thiệu đoàn viên ưu tú; biên bản họp chi bộ thiếu chữ ký của thư ký.",
    "Lý lịch khai chưa thống nhất năm học lớp bồi dưỡng nhận thức với giấy chứng nhận; đề nghị chi bộ kiểm tra, trình lại.",
)


def days_before(day: dt.date, days: int) -> dt.date:
    """That many days earlier."""
    return day - dt.timedelta(days=days)


class Dossiers:
    """Makes the files and the people in them."""

    def __init__(self, population: Population) -> None:
        self.population, self.people, self.today = population, population.people, population.today
        self.rng = Random(f"{SEED} files")
        self.files: list[File] = []

    def dates(self) -> list[tuple[dt.date, dt.date]]:
        """Decision and ceremony of every admission from the merger to today."""
        found = []
        for year in range(START.year, self.today.year + 1):
            for month, first, last, number in FIRST_WAVES if year == START.year else WAVES:
                for _ in range(number):
                    decided = between(self.rng, dt.date(year, month, first), dt.date(year, month, last))
                    found.append((decided, decided + dt.timedelta(days=self.rng.randint(4, 16))))
        return [(decided, ceremony) for decided, ceremony in found if ceremony <= self.today]

    def approve(self, dates: list[tuple[dt.date, dt.date]]) -> None:
        """The files of those admissions; the ways out of the commune must be settled before, since the cells' votes count heads."""
        for number, (decided, ceremony) in enumerate(sorted(dates), start=501):
            self._approve(f"{number}-QĐ/ĐU", decided, ceremony)

    def _cell(self) -> Cell:
        return self.rng.choices(CELLS, [c.size if c.is_village else c.size // 2 for c in CELLS])[0]

    def _candidate(self, cell: Cell, day: dt.date) -> Invented:
        return self.people.person(cell, self.people.candidate_born(cell, day))

    def _approve(self, number: str, decided_on: dt.date, ceremony: dt.date) -> None:
        cell = self._cell()
        voted = days_before(decided_on, self.rng.randint(18, 44))
        person = self._candidate(cell, voted)
        person.decided_on, person.ceremony_on, person.posted_on = decided_on, ceremony, ceremony
        person.full_on, person.decision_number = add_months(ceremony, 12), number
        self.population.recognise(person)
        file = self._until_vote(person, cell, voted)
        self.files.append(replace(file, outcome=Outcome.APPROVED, decided_on=decided_on, decision_number=number, ceremony_on=ceremony))

    def _until_vote(self, person: Invented, cell: Cell, voted: dt.date) -> File:
        """The file of somebody on whom the cell voted well, handed in some days later."""
        rng = self.rng
        opened = days_before(voted, rng.randint(95, 240))
        asked = opened + dt.timedelta(days=rng.randint(12, 30))
        certificate = days_before(voted, rng.randint(150, 900))
        full = [p for p in self._roll(cell, voted) if p.full_then(voted)]
        away = [p for p in full if p.out_of_work(voted) or (p.temporary and p.temporary[1] <= voted)]
        count = len(full) - len(away)
        present = max(count - rng.randint(0, max(1, count // 12)), (count * 5 + 5) // 6)
        against = 1 if rng.random() < 0.15 and present - 1 >= (2 * count + 2) // 3 else 0
        return File(
            person=person.key, cell=cell.code, outcome=Outcome.SUBMITTED, opened_on=opened,
            introducers=self._introducers(full, opened, person), applied_on=opened + dt.timedelta(days=2),
            certificate_on=certificate, certificate_number=f"{rng.randint(100, 999)}/GCN", check_asked_on=asked,
            check_concluded_on=asked + dt.timedelta(days=rng.randint(14, 34)), check_paper=f"{rng.randint(10, 300)}-KL/ĐU",
            voted_on=voted, resolution_number=f"{rng.randint(1, 20)}-NQ/CB",
            votes=(len(full), len(away), present, present - against, against, 0),
            submitted_on=voted + dt.timedelta(days=rng.randint(3, 8)),
        )  # fmt: skip

    def _roll(self, cell: Cell, day: dt.date) -> list[Invented]:
        return [p for p in self.people.all if p.home_on(day) == cell.code]

    def _introducers(self, full: list[Invented], opened: dt.date, who: Invented) -> tuple[tuple[str, dt.date], ...]:
        able = [
            p for p in full
            if not p.out_of_work(self.today) and p.temporary is None and not p.left and not p.moves and not p.recognised_on
            and p.posted_on and p.posted_on < dt.date(2024, 1, 1)
        ]  # fmt: skip
        chosen = self.rng.sample(able, 2)
        return tuple((p.key, max(p.posted_on or opened, add_months(who.born_on, 18 * 12), dt.date(2019, 1, 1))) for p in chosen)

    def on_the_desk(self) -> None:
        """Six files handed in, two given back, three drafts, as they stand today."""
        spread = [46, 5, 9, 14, 20, 26, 18, 30]
        cells = self.rng.sample([c for c in CELLS if c.size >= 15], len(spread) + 3)
        for number, (days, cell) in enumerate(zip(spread, cells, strict=False)):
            voted = days_before(self.today, days)
            file = self._until_vote(self._candidate(cell, voted), cell, voted)
            file = replace(file, submitted_on=min(voted + dt.timedelta(days=3), self.today))
            if number == 4:
                file = self._lost_vote(file)
            if number == 5:
                file = replace(file, certificate_on=days_before(add_months(voted, -60), 23))
            if number >= 6:
                back = days_before(self.today, 4 * number - 22)
                file = replace(file, outcome=Outcome.RETURNED, returned_on=back, reason=_REASONS[number - 6])
            self.files.append(file)
        for days, cell in zip((205, 33, 6), cells[-3:], strict=True):
            self._draft(cell, days_before(self.today, days), days > 10)

    def _lost_vote(self, file: File) -> File:
        assert file.votes is not None  # noqa: S101 - every file made by _until_vote has one
        full, away, present, *_ = file.votes
        in_favour = (2 * (full - away) + 2) // 3 - 2
        return replace(file, votes=(full, away, present, in_favour, 1, present - in_favour - 1))

    def _draft(self, cell: Cell, opened: dt.date, begun: bool) -> None:
        person = self._candidate(cell, opened)
        full = [p for p in self._roll(cell, opened) if p.full_then(opened)]
        file = File(person.key, cell.code, Outcome.DRAFT, opened, self._introducers(full, opened, person)[: 2 if begun else 1])
        if begun:
            day = days_before(opened, self.rng.randint(60, 300))
            file = replace(file, applied_on=opened, certificate_on=day, certificate_number=f"{self.rng.randint(100, 999)}/GCN")
        self.files.append(file)
