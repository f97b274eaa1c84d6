"""The cells' meetings since January 2024: one a month, one on a theme a quarter; a few are missing or not yet entered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from random import Random

from partyreg.meetings.agenda_rows import Point
from partyreg.meetings.models import Attendance, MeetingKind
from partyreg.members.models import Body, Title
from partyreg.org.models import Block

from . import minutes
from .places import CELLS, Cell
from .plan import MEETINGS_SINCE, SEED, START, Held, Invented, Office

#: (cell, year, month) without a regular meeting: in 2025 two cells, so 31 of 33 kept every month.
MISSED = frozenset(
    {
        ("cb-pu-hoc", 2024, 7),
        ("cb-it-ta-bot", 2024, 9),
        ("cb-nam-lot", 2024, 2),
        ("cb-huoi-xanh", 2024, 8),
        ("cb-it-ta-bot", 2025, 8),
        ("cb-huoi-xanh", 2025, 2),
        ("cb-huoi-xanh", 2026, 2),
    }
)
#: Cells that have not yet entered the meeting of the month in which today falls.
LATE = ("cb-pu-hoc", "cb-nam-ngua", "cb-mn-ca-nang", "cb-huoi-pha")

_THEMES = {
    Block.VILLAGE: (
        "Vận động Nhân dân làm nhà tiêu hợp vệ sinh, thu gom rác thải", "Phát triển chăn nuôi đại gia súc gắn với trồng cỏ",
        "Giữ rừng, phòng cháy chữa cháy rừng mùa khô", "Nuôi cá lồng trên lòng hồ thủy điện", "Phòng, chống ma túy trong bản",
        "Xóa bỏ hủ tục trong việc cưới, việc tang", "Tạo nguồn, bồi dưỡng quần chúng ưu tú",
    ),
    Block.SCHOOLS: (
        "Nâng cao chất lượng dạy học môn tiếng Việt cho học sinh dân tộc", "Giữ vững trường chuẩn quốc gia",
        "Nâng cao chất lượng bữa ăn bán trú", "Duy trì sĩ số học sinh sau Tết", "Chuyển đổi số trong quản lý nhà trường",
    ),
    Block.HEALTH: ("Tinh thần, thái độ phục vụ người bệnh", "Tiêm chủng mở rộng ở các bản xa", "Lập hồ sơ sức khỏe điện tử"),
}  # fmt: skip
_OFFICE_THEMES = (
    "Vận hành chính quyền địa phương hai cấp", "Số hóa hồ sơ, giải quyết thủ tục hành chính trực tuyến",
    "Học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh", "Nêu gương của cán bộ, đảng viên nơi công sở",
)  # fmt: skip
_NOTES = (
    "Thông báo tình hình thời sự; đánh giá việc thực hiện nghị quyết tháng trước; thảo luận nhiệm vụ tháng này.",
    "Phổ biến văn bản của cấp trên; kiểm điểm nhiệm vụ của từng đảng viên; bàn nhiệm vụ trọng tâm.",
    "Đọc bản tin sinh hoạt chi bộ; thảo luận việc khắc phục hạn chế; phân công đảng viên phụ trách hộ.",
)
_CONCLUSIONS = (
    "Thống nhất nhiệm vụ tháng tới; giao chi ủy đôn đốc, báo cáo tại kỳ họp sau.",
    "Giao đảng viên phụ trách nhóm hộ vận động Nhân dân thực hiện; chi ủy kiểm tra cuối tháng.",
    "Hoàn thành thu nộp đảng phí trước ngày 10; tiếp tục bồi dưỡng hai quần chúng ưu tú.",
)
_EXCUSES = ("Ốm", "Đi công tác", "Có việc gia đình", "Đi tập huấn", "Chăm người ốm", "Đi làm xa")


class Rolls:
    """Who belongs to a cell on a day, or takes part in it for a time."""

    def __init__(self, people: Iterable[Invented]) -> None:
        self._by_cell: dict[str, list[Invented]] = {cell.code: [] for cell in CELLS}
        for person in people:
            guest_in = [person.temporary[0]] if person.temporary else []
            for code in {person.cell, *(code for _, code in person.moves), *guest_in}:
                self._by_cell[code].append(person)

    def of(self, code: str, day: dt.date) -> list[Invented]:
        """The roll of the cell on that day."""
        return [person for person in self._by_cell[code] if person.home_on(day) == code or _is_guest(person, code, day)]


def _is_guest(person: Invented, code: str, day: dt.date) -> bool:
    there = person.temporary
    return there is not None and there[0] == code and there[1] <= day and person.home_on(day) is not None


class Gatherings:
    """Makes the meetings of all cells up to a day."""

    def __init__(self, people: list[Invented], offices: list[Office], today: dt.date) -> None:
        self.today = today
        self.rng = Random(f"{SEED} meetings")
        self.rolls = Rolls(people)
        self.leaders = {cell.code: [o for o in offices if o.unit == cell.code and o.body is Body.CELL_COMMITTEE] for cell in CELLS}
        self.people = {person.key: person for person in people}

    def all(self) -> list[Held]:
        """All meetings, by day."""
        held = []
        year, month = MEETINGS_SINCE.year, 1
        while (year, month) <= (self.today.year, self.today.month):
            for cell in CELLS:
                held += self._month(cell, year, month)
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        return sorted(held, key=lambda meeting: (meeting.held_on, meeting.cell))

    def _month(self, cell: Cell, year: int, month: int) -> list[Held]:
        rng = self.rng
        regular = dt.date(year, month, rng.choice((3, 3, 3, 3, 3, 4, 4, 5, 6, 7)))
        thematic = dt.date(year, month, rng.randint(10, 22))
        held = []
        this_month = (year, month) == (self.today.year, self.today.month)
        missed = (cell.code, year, month) in MISSED or (this_month and cell.code in LATE)
        meetings = [] if missed else [(MeetingKind.REGULAR, regular)]
        if month % 3 == 2 and (cell.code, year) != ("cb-huoi-xanh", 2024):
            meetings.append((MeetingKind.THEMATIC, thematic))
        for kind, day in meetings:
            meeting = self._meeting(cell, kind, day)
            if day <= self.today:
                held.append(meeting)
        return held

    def _leader(self, cell: Cell, title: Title, day: dt.date) -> Invented | None:
        found = [
            office for office in self.leaders[cell.code]
            if office.title is title and office.started_on <= day and (office.ended_on is None or day < office.ended_on)
        ]  # fmt: skip
        people = [self.people[office.person] for office in found]
        return next((p for p in people if p.home_on(day) == cell.code), None)

    def _meeting(self, cell: Cell, kind: MeetingKind, day: dt.date) -> Held:
        rng = self.rng
        roll = self.rolls.of(cell.code, day)
        regulars = [p for p in roll if p.home_on(day) == cell.code and p.full_then(day) and not p.out_of_work(day) and not p.temporary]
        deputy = self._leader(cell, Title.DEPUTY_SECRETARY, day)
        chair = self._leader(cell, Title.SECRETARY, day) or deputy or regulars[0]
        others = [p for p in regulars if p is not chair]
        taker = deputy if deputy and deputy is not chair else others[len(cell.code) % len(others)]
        missing = []
        for person in roll:
            dice = rng.random()
            if person is chair or person is taker or person.out_of_work(day) or person.temporary or dice > 0.066:
                continue
            if dice < 0.011:
                missing.append((person.key, Attendance.ABSENT, ""))
            else:
                missing.append((person.key, Attendance.EXCUSED, rng.choice(_EXCUSES)))
        if kind is MeetingKind.THEMATIC:
            topic, length = rng.choice(_THEMES.get(cell.block, _OFFICE_THEMES)), rng.randrange(90, 151, 5)
        else:
            topic, length = f"Sinh hoạt thường kỳ tháng {day.month}/{day.year}", rng.randrange(90, 136, 5)
        place = f"Nhà văn hóa bản {cell.village}" if cell.village else "Phòng họp cơ quan"
        logged = min(max(day + dt.timedelta(days=rng.choice((0, 0, 0, 1, 1, 2, 4))), START), self.today)
        points: tuple[Point, ...] = ()
        given: tuple[tuple[str, str, dt.date], ...] = ()
        if kind is MeetingKind.REGULAR and day > self.today - dt.timedelta(days=minutes.RECENT):
            away = {key for key, _status, _reason in missing}
            points = minutes.points(day, sum(person.key not in away for person in regulars))
            given = tuple((what, taker.key, until) for what, until in minutes.work(cell.code, day) if until > self.today)
        return Held(
            cell.code, kind, day, logged, length, place, topic, chair.key, taker.key, rng.choice(_NOTES), rng.choice(_CONCLUSIONS),
            tuple(missing), points, given,
        )  # fmt: skip
