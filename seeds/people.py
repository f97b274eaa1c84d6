"""Invents the people: who they are, when they were admitted, where they belonged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import TypeVar

from partyreg.members.models import Qualification, Schooling, Sex, Theory
from partyreg.org.models import Block

from .names import KINH, Names
from .places import BY_CODE, CELLS, Cell
from .plan import START, Invented, add_months

T = TypeVar("T")

_WOMEN = {
    Block.VILLAGE: 27, Block.SCHOOLS: 58, Block.HEALTH: 55, Block.PARTY: 30, Block.GOVERNMENT: 33, Block.ARMED_FORCES: 8,
}  # fmt: skip
_JOBS = {
    Block.VILLAGE: (
        *("Nông dân",) * 12, "Công an viên bản", "Chi hội trưởng Hội Phụ nữ bản", "Y tế bản", "Bộ đội nghỉ hưu", "Buôn bán nhỏ",
    ),
    Block.SCHOOLS: ("Giáo viên",) * 9 + ("Kế toán trường học", "Nhân viên thư viện", "Phó hiệu trưởng"),
    Block.HEALTH: ("Y sĩ", "Điều dưỡng", "Hộ sinh", "Bác sĩ", "Dược sĩ", "Cán bộ dân số"),
    Block.PARTY: (
        "Chuyên viên Văn phòng Đảng ủy", "Chuyên viên Ban Xây dựng Đảng", "Chuyên viên Ủy ban Kiểm tra",
        "Chuyên viên Mặt trận Tổ quốc",
    ),
    Block.GOVERNMENT: (
        "Chuyên viên Phòng Kinh tế", "Chuyên viên Phòng Văn hóa - Xã hội", "Chuyên viên Văn phòng HĐND và UBND",
        "Chuyên viên Trung tâm Phục vụ hành chính công", "Công chức địa chính", "Công chức tư pháp - hộ tịch", "Kế toán ngân sách",
    ),
    Block.ARMED_FORCES: ("Cán bộ", "Chiến sĩ"),
}  # fmt: skip
_LOWLANDS = ("Thái Bình", "Nam Định", "Hưng Yên", "Hà Nam", "Hải Dương", "Phú Thọ", "Vĩnh Phúc", "Hòa Bình")

_Q, _S, _T = Qualification, Schooling, Theory
_QUALIFICATIONS = {
    Block.VILLAGE: ((_Q.NONE, 68), (_Q.ELEMENTARY, 10), (_Q.INTERMEDIATE, 12), (_Q.COLLEGE, 4), (_Q.UNIVERSITY, 6)),
    Block.SCHOOLS: ((_Q.COLLEGE, 17), (_Q.UNIVERSITY, 81), (_Q.POSTGRADUATE, 2)),
    Block.HEALTH: ((_Q.INTERMEDIATE, 30), (_Q.COLLEGE, 40), (_Q.UNIVERSITY, 30)),
    Block.PARTY: ((_Q.INTERMEDIATE, 4), (_Q.UNIVERSITY, 90), (_Q.POSTGRADUATE, 6)),
    Block.GOVERNMENT: ((_Q.INTERMEDIATE, 8), (_Q.COLLEGE, 8), (_Q.UNIVERSITY, 80), (_Q.POSTGRADUATE, 4)),
    Block.ARMED_FORCES: ((_Q.INTERMEDIATE, 35), (_Q.COLLEGE, 15), (_Q.UNIVERSITY, 50)),
}
_THEORIES = {
    Block.VILLAGE: ((_T.NONE, 58), (_T.ELEMENTARY, 34), (_T.INTERMEDIATE, 8)),
    Block.SCHOOLS: ((_T.NONE, 15), (_T.ELEMENTARY, 62), (_T.INTERMEDIATE, 23)),
    Block.HEALTH: ((_T.NONE, 15), (_T.ELEMENTARY, 65), (_T.INTERMEDIATE, 20)),
    Block.PARTY: ((_T.ELEMENTARY, 30), (_T.INTERMEDIATE, 65), (_T.ADVANCED, 5)),
    Block.GOVERNMENT: ((_T.NONE, 5), (_T.ELEMENTARY, 40), (_T.INTERMEDIATE, 53), (_T.ADVANCED, 2)),
    Block.ARMED_FORCES: ((_T.ELEMENTARY, 55), (_T.INTERMEDIATE, 45)),
}


def weighted(rng: Random, choices: Sequence[tuple[T, int]]) -> T:
    """One of the choices, each as likely as its weight says."""
    return rng.choices([choice for choice, _ in choices], [weight for _, weight in choices])[0]


def between(rng: Random, first: dt.date, last: dt.date) -> dt.date:
    """A day from `first` to `last`, both included."""
    return first + dt.timedelta(days=rng.randint(0, (last - first).days))


def _schooling(rng: Random, cell: Cell, age: int) -> Schooling:
    if not cell.is_village:
        return _S.UPPER_SECONDARY
    if age > 70:
        return weighted(rng, ((_S.LITERATE, 12), (_S.PRIMARY, 45), (_S.LOWER_SECONDARY, 33), (_S.UPPER_SECONDARY, 10)))
    if age > 45:
        return weighted(rng, ((_S.PRIMARY, 27), (_S.LOWER_SECONDARY, 47), (_S.UPPER_SECONDARY, 26)))
    return weighted(rng, ((_S.LOWER_SECONDARY, 25), (_S.UPPER_SECONDARY, 75)))


class People:
    """Makes people one by one and keeps their numbers apart."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.names = Names(rng)
        self.all: list[Invented] = []

    def person(
        self, cell: Cell, born_on: dt.date, *, sex: Sex | None = None, ethnicity: str | None = None, occupation: str | None = None,
        qualification: Qualification | None = None, theory: Theory | None = None,
    ) -> Invented:  # fmt: skip
        """Somebody of that cell, no member yet."""
        rng = self.rng
        share = 94 if "mn-" in cell.code else _WOMEN[cell.block]
        sex = sex or (Sex.FEMALE if rng.randrange(100) < share else Sex.MALE)
        ethnicity = ethnicity or weighted(rng, cell.peoples)
        number = len(self.all) + 1
        village = cell.village or rng.choice([c.village for c in CELLS if c.village and c.former is cell.former])
        born_at = f"Tỉnh {rng.choice(_LOWLANDS)}" if ethnicity == KINH else f"Bản {village}, xã {cell.former.short}, tỉnh Sơn La"
        schooling = _schooling(rng, cell, START.year - born_on.year)
        degree = qualification or weighted(rng, _QUALIFICATIONS[cell.block])
        if qualification is None and cell.is_village and schooling is not _S.UPPER_SECONDARY:
            degree = _Q.NONE if degree is not _Q.ELEMENTARY else degree
        person = Invented(
            key=f"p{number:04d}",
            cell=cell.code,
            full_name=self.names.draw(ethnicity, sex),
            sex=sex,
            born_on=born_on,
            ethnicity=ethnicity,
            personal_number=f"999{(number * 7_368_787 + 52_361) % 1_000_000_000:09d}",
            birthplace=born_at,
            home_town=born_at,
            residence=f"Bản {village}, xã Mường Chiên, tỉnh Sơn La",
            occupation=occupation or rng.choice(_JOBS[cell.block]),
            schooling=schooling,
            qualification=degree,
            theory=theory or weighted(rng, _THEORIES[cell.block]),
        )
        self.all.append(person)
        return person

    def make_member(self, person: Invented, decided_on: dt.date, posted_on: dt.date | None = None) -> Invented:
        """The person was admitted by a decision of that day, and full a year after the ceremony."""
        rng = self.rng
        number = int(person.key[1:])
        person.decided_on = decided_on
        person.ceremony_on = decided_on + dt.timedelta(days=rng.randint(4, 18))
        person.full_on = add_months(person.ceremony_on, 12)
        person.posted_on = max(posted_on or person.ceremony_on, person.ceremony_on, BY_CODE[person.cell].founded_on)
        person.card_number = f"999{number:09d}"
        person.file_number = f"99{number:06d}"
        person.decision_number = f"{rng.randint(1, 400)}-QĐ/ĐU"
        return person

    def old_member(self, cell: Cell, *, oldest: int = 88, youngest: int = 26, latest: dt.date = dt.date(2020, 6, 15)) -> Invented:
        """A member admitted before the term 2020-2025 began."""
        rng = self.rng
        while True:
            if cell.is_village:
                age = min(oldest, int(rng.triangular(max(youngest, 26), 89, max(youngest, 46))))
            else:
                age = int(rng.triangular(28, 58, 39))
            born = between(rng, dt.date(START.year - age - 1, 7, 2), dt.date(START.year - age, 7, 1))
            first, last = add_months(born, 19 * 12), min(add_months(born, 40 * 12), latest)
            if first < last:
                break
        person = self.person(cell, born)
        decided = between(rng, first, last)
        arrived = None
        if not cell.is_village and rng.random() < 0.6:
            arrived = between(rng, dt.date(2004, 8, 1), dt.date(2020, 12, 15))
        return self.make_member(person, decided, arrived)

    def admitted_in_term(self, cell: Cell, decided_on: dt.date) -> Invented:
        """A member admitted by a decision of that day, young then."""
        born = self.candidate_born(cell, decided_on)
        return self.make_member(self.person(cell, born), decided_on)

    def candidate_born(self, cell: Cell, day: dt.date) -> dt.date:
        """A day of birth of somebody who is admitted about that day."""
        years = int(self.rng.triangular(19, 41, 24)) if cell.is_village else self.rng.randint(23, 36)
        return add_months(day, -12 * years) - dt.timedelta(days=self.rng.randint(100, 360))
