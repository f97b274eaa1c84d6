"""The executive committee 2025-2030 in the proportions of the report, and the offices in cells and villages.

Of 21: 4 women, 6 aged 42 or less in 07/2025, 16 of ethnic minorities, 4 with a postgraduate degree and 17 with a
university degree, 7 with advanced and 14 with intermediate theory; the first nine form the standing committee.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from partyreg.members.models import Body, Qualification, Sex, Theory, Title

from .names import DAO, KHANG, KINH, MONG, THAI
from .people import People, between
from .places import BY_CODE, CELLS, ROOT, Cell
from .plan import START, Invented, Office, add_months

TERM = "2025-2030"
STANDING_SIZE = 9
_PAPER = "Quyết định chỉ định Ban Chấp hành Đảng bộ xã nhiệm kỳ 2025-2030"


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat of the executive committee."""

    cell: str
    work: str
    sex: Sex
    born: tuple[int, int]
    ethnicity: str
    qualification: Qualification
    theory: Theory
    title: Title = Title.MEMBER
    from_district: bool = False


_M, _F = Sex.MALE, Sex.FEMALE
_UNI, _POST = Qualification.UNIVERSITY, Qualification.POSTGRADUATE
_ADV, _INT = Theory.ADVANCED, Theory.INTERMEDIATE
_DANG, _UB = "cb-co-quan-dang", "cb-uy-ban"
_SECRETARY, _DEPUTY = Title.SECRETARY, Title.DEPUTY_SECRETARY

SEATS: tuple[Seat, ...] = (
    Seat(_DANG, "Bí thư Đảng ủy, Chủ tịch HĐND xã", _M, (1974, 3), THAI, _POST, _ADV, _SECRETARY, True),
    Seat(_DANG, "Phó Bí thư Thường trực Đảng ủy", _M, (1977, 9), THAI, _UNI, _ADV, _DEPUTY, True),
    Seat(_UB, "Phó Bí thư Đảng ủy, Chủ tịch UBND xã", _M, (1979, 5), KINH, _POST, _ADV, _DEPUTY, True),
    Seat(_DANG, "Chủ tịch Ủy ban MTTQ Việt Nam xã", _F, (1976, 11), THAI, _UNI, _ADV),
    Seat(_DANG, "Chủ nhiệm Ủy ban Kiểm tra Đảng ủy", _M, (1980, 2), THAI, _UNI, _ADV),
    Seat(_DANG, "Trưởng Ban Xây dựng Đảng", _M, (1981, 6), KHANG, _UNI, _ADV),
    Seat("cb-cong-an", "Trưởng Công an xã", _M, (1984, 1), KINH, _UNI, _INT),
    Seat("cb-quan-su", "Chỉ huy trưởng Ban Chỉ huy Quân sự xã", _M, (1981, 10), THAI, _UNI, _INT),
    Seat(_UB, "Phó Chủ tịch UBND xã", _M, (1978, 4), THAI, _POST, _ADV),
    Seat(_DANG, "Phó Chủ tịch HĐND xã", _F, (1983, 8), THAI, _UNI, _INT),
    Seat(_DANG, "Chánh Văn phòng Đảng ủy", _M, (1985, 12), THAI, _UNI, _INT),
    Seat(_UB, "Phó Chủ tịch UBND xã", _M, (1979, 7), DAO, _UNI, _INT),
    Seat(_UB, "Trưởng phòng Kinh tế", _M, (1980, 9), KINH, _UNI, _INT, from_district=True),
    Seat(_UB, "Trưởng phòng Văn hóa - Xã hội", _F, (1986, 2), THAI, _UNI, _INT, from_district=True),
    Seat(_UB, "Giám đốc Trung tâm Phục vụ hành chính công", _M, (1987, 5), KINH, _POST, _INT, from_district=True),
    Seat(_DANG, "Phó Chủ tịch MTTQ, Chủ tịch Hội Nông dân xã", _M, (1975, 8), MONG, _UNI, _INT),
    Seat(_DANG, "Phó Chủ tịch MTTQ, Chủ tịch Hội Phụ nữ xã", _F, (1979, 3), THAI, _UNI, _INT),
    Seat(_DANG, "Phó Chủ tịch MTTQ, Bí thư Đoàn Thanh niên xã", _M, (1990, 10), THAI, _UNI, _INT),
    Seat(_DANG, "Phó Chủ tịch MTTQ, Chủ tịch Hội Cựu chiến binh xã", _M, (1971, 1), THAI, _UNI, _INT),
    Seat(_DANG, "Phó Chủ nhiệm Ủy ban Kiểm tra Đảng ủy", _M, (1978, 12), KHANG, _UNI, _INT),
    Seat("cb-thcs-chieng-khay", "Hiệu trưởng Trường PTDTBT THCS Chiềng Khay", _M, (1976, 6), KINH, _UNI, _INT),
)

#: Grassroots cells whose secretary sits in the executive committee.
_LED_BY = {_DANG: 5, _UB: 8, "cb-cong-an": 6, "cb-quan-su": 7, "cb-thcs-chieng-khay": 20}

#: Village cells that had only a secretary and a deputy before the congress of 2025.
_FIRST_COMMITTEE = frozenset({"cb-na-ke", "cb-ta-khoang", "cb-huoi-pha"})


def seated(people: People) -> list[Invented]:
    """The 21 members of the executive committee."""
    made = []
    for seat in SEATS:
        born = dt.date(*seat.born, people.rng.randint(2, 27))
        person = people.person(
            BY_CODE[seat.cell], born, sex=seat.sex, ethnicity=seat.ethnicity, occupation=seat.work,
            qualification=seat.qualification, theory=seat.theory,
        )  # fmt: skip
        decided = between(people.rng, add_months(born, 22 * 12), min(add_months(born, 30 * 12), dt.date(2019, 12, 1)))
        arrived = START if seat.from_district else dt.date(2014, 8, 1)
        people.make_member(person, decided, arrived)
        person.is_officer = True
        made.append(person)
    return made


def committees(seats: list[Invented], others: list[Invented]) -> list[Office]:
    """The offices of the commune: executive and standing committee, inspection commission."""
    offices = []
    for number, (seat, person) in enumerate(zip(SEATS, seats, strict=True)):
        offices.append(Office(person.key, ROOT, Body.EXECUTIVE, seat.title, TERM, START, paper=_PAPER))
        if number < STANDING_SIZE:
            offices.append(Office(person.key, ROOT, Body.STANDING, seat.title, TERM, START, paper=_PAPER))
    inspectors = [p for p in others if p.cell == _DANG][:3]
    commission = [(seats[4], Title.CHAIR), (seats[19], Title.DEPUTY_CHAIR), *((p, Title.MEMBER) for p in inspectors)]
    for person, title in commission:
        person.is_officer = True
        offices.append(Office(person.key, ROOT, Body.INSPECTION, title, TERM, START, paper="Quyết định chỉ định UBKT Đảng ủy"))
    return offices


class CellOffices:
    """Secretaries, deputies, committees and village posts of all cells."""

    def __init__(self, people: People, seats: list[Invented], rng: Random) -> None:
        self.people, self.seats, self.rng = people, seats, rng
        self.offices: list[Office] = []

    def fill(self) -> list[Office]:
        """All offices of all cells."""
        for cell in CELLS:
            self._cell(cell)
        return self.offices

    def _able(self, cell: Cell) -> list[Invented]:
        able = [
            p for p in self.people.all
            if p.cell == cell.code and p.left is None and not p.moves and not p.is_officer and p.home_on(dt.date(2022, 1, 1))
            and p.decided_on and p.decided_on < dt.date(2019, 1, 1) and p.age(START) < (62 if cell.is_village else 55)
        ]  # fmt: skip
        self.rng.shuffle(able)
        return able

    def _cell(self, cell: Cell) -> None:
        able = self._able(cell)
        led_by = _LED_BY.get(cell.code)
        secretary = self.seats[led_by] if led_by is not None else able.pop()
        deputy = able.pop()
        before = secretary if len(able) < 4 or self.rng.random() < 0.8 or not secretary.home_on(dt.date(2022, 1, 1)) else able.pop()
        last, now = ("2022-2025", "2025-2027") if cell.is_village else ("2020-2025", TERM)
        began = max(dt.date(2022, 6, 20) if cell.is_village else dt.date(2020, 5, 10), cell.founded_on)
        since = max(began, before.posted_on or START)
        changed = between(self.rng, dt.date(2025, 2, 10), dt.date(2025, 4, 20))
        self._add(before, cell, Title.SECRETARY, last, since, changed)
        self._add(secretary, cell, Title.SECRETARY, now, max(changed, secretary.posted_on or changed))
        self._add(deputy, cell, Title.DEPUTY_SECRETARY, last, began, changed)
        self._add(deputy, cell, Title.DEPUTY_SECRETARY, now, changed)
        if cell.has_committee:
            for _ in range(1 if cell.size < 30 else 3):
                member = able.pop()
                if cell.code not in _FIRST_COMMITTEE:
                    self._add(member, cell, Title.MEMBER, last, began, changed)
                self._add(member, cell, Title.MEMBER, now, changed)
        if cell.is_village:
            self._village(cell, secretary, able)

    def _add(self, person: Invented, cell: Cell, title: Title, term: str, since: dt.date, until: dt.date | None = None) -> None:
        person.is_officer = True
        body = Body.CELL_COMMITTEE
        self.offices.append(Office(person.key, cell.code, body, title, term, since, until, "Nghị quyết đại hội chi bộ"))

    def _village(self, cell: Cell, secretary: Invented, able: list[Invented]) -> None:
        """The village head and the head of the Front committee; some are no members, some heads are also secretaries."""
        dice = self.rng.random()
        head = secretary if dice < 0.35 else able.pop() if dice < 0.75 and able else self._outsider(cell, "Trưởng bản")
        front = able.pop() if able and self.rng.random() < 0.7 else self._outsider(cell, "Trưởng ban công tác Mặt trận bản")
        since = dt.date(2025, 1, 5) + dt.timedelta(days=self.rng.randint(0, 40))
        for person, body in ((head, Body.VILLAGE), (front, Body.VILLAGE_FRONT)):
            person.is_officer = True
            self.offices.append(Office(person.key, cell.code, body, Title.HEAD, "2025-2027", since))

    def _outsider(self, cell: Cell, work: str) -> Invented:
        born = between(self.rng, dt.date(1972, 1, 1), dt.date(1992, 12, 31))
        person = self.people.person(cell, born, occupation=work)
        person.is_officer = True
        return person
