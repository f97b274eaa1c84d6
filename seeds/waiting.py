"""The desk today: candidates on the lists of the cells, and files at every step before the ceremony."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from partyreg.members.models import Exit, Title
from partyreg.rulebook.admission_way import Step

from .dossiers import FIRST_NUMBER, Dossiers
from .places import BY_CODE, CELLS, Cell
from .plan import START, Deed, Invented, add_months
from .ways import Way, days_before, weekdays_before

_RETURNED = (
    "Bổ sung nghị quyết của Ban Chấp hành Đoàn xã giới thiệu đoàn viên ưu tú; biên bản họp chi bộ thiếu chữ ký của thư ký.",
    "Lý lịch khai chưa thống nhất năm học lớp bồi dưỡng nhận thức với giấy chứng nhận; đề nghị chi bộ kiểm tra, trình lại.",
)
_DECLINED = "Ban Thường vụ tán thành không quá nửa; đề nghị chi bộ tiếp tục giúp đỡ, bồi dưỡng thêm."
_WITHDRAWN = "Người xin vào Đảng đi làm ăn xa lâu dài, có đơn xin rút."
#: Files handed in: working days since the cell voted; the one that fell short, and those whose resolution the register issued.
_SUBMITTED, _SHORT, _WITH_PAPER = (49, 42, 17, 11, 6), 3, (2, 4)
#: Files at the standing committee: working days since the cell voted.
_DECIDING = (27, 20, 15)
#: Files decided: working days since the decision; the first one's ceremony is overdue.
_DECIDED = (36, 9, 4)
#: How many days each list of certificates that end soon has left.
_ENDING = (25, 55, 84)


class Desk:
    """Makes the files that wait for somebody today; no two of the shorter list in one cell."""

    def __init__(self, dossiers: Dossiers) -> None:
        self.dossiers, self.ways, self.rng, self.today = dossiers, dossiers.ways, dossiers.rng, dossiers.today
        self.cells = self._cells()

    def _cells(self) -> Iterator[Cell]:
        able = [cell for cell in CELLS if cell.size >= 14]
        while True:
            yield from self.rng.sample(able, len(able))

    def lay_out(self) -> None:
        """The desk holds everything that a living office has."""
        self._lists()
        self._asked()
        self._drafts()
        self._handed_in()
        self._decisions()
        self._ended()

    def _keep(self, way: Way) -> None:
        self.dossiers.files.append(way.file())

    # -- the lists ----------------------------------------------------------------------------------------------------

    def _lists(self) -> None:
        """Twenty candidates: in order, not reviewed, with certificates that end, without class or helper; and one who left before."""
        for _ in range(5):
            self._keep(self._candidate(certificate=self.rng.randint(60, 700), reviews=3))
        for months in (1, 1, 1, 2, 3):
            self._keep(self._candidate(certificate=self.rng.randint(60, 700), reviews=2, unreviewed=months))
        for left in _ENDING:
            ends = self.today + dt.timedelta(days=left)
            self._keep(self._candidate(certificate=(self.today - add_months(ends, -60)).days, reviews=2))
        for _ in range(4):
            self._keep(self._candidate(certificate=None, reviews=2))
        for has_helper in (True, False, False):
            self._keep(self._candidate(certificate=None, reviews=0, listed=self.rng.randint(5, 24), has_helper=has_helper))
        self._once_a_member()

    def _candidate(
        self, *, certificate: int | None, reviews: int, unreviewed: int = 0, listed: int = 0, has_helper: bool = True
    ) -> Way:  # fmt: skip
        """On the list of some cell, reviewed `reviews` times up to this month or `unreviewed` months before."""
        cell = next(self.cells)
        on = days_before(self.today, listed or self.rng.randint(170, 330))
        certified = days_before(self.today, certificate) if certificate else None
        person = self.dossiers.candidate(cell, min(certified or on, on))
        way = self.ways.listed(person, cell, on, self.ways.introducers(cell, on)[0] if has_helper else None, certified)
        for months in range(unreviewed + reviews - 1, unreviewed - 1, -1):
            self.ways.reviewed(way, self._review(months))
        return way

    def _review(self, months: int) -> dt.date:
        """The day of the meeting so many months ago; this month's has been held."""
        first = add_months(self.today.replace(day=1), -months)
        return min(first + dt.timedelta(days=self.rng.randint(2, 6)), self.today)

    def _once_a_member(self) -> None:
        """One who left the Party three years ago or longer is on the list again, where there is such a one."""
        for person in self.dossiers.people.all:
            if person.left is None or person.left[0] not in (Exit.REMOVED, Exit.WITHDREW) or person.age(self.today) >= 57:
                continue
            free = add_months(person.left[1], 36)
            if free <= days_before(self.today, 3) and person.left[1] < START:
                cell = BY_CODE[person.cell]
                on = max(free, days_before(self.today, 40))
                self._keep(self.ways.listed(person, cell, on, self.ways.introducers(cell, on)[0], None))
                return

    # -- the dossiers -------------------------------------------------------------------------------------------------

    def _asked(self) -> None:
        """Three cells have asked for leave to start."""
        for days in (16, 6, 1):
            way = self._candidate(certificate=self.rng.randint(90, 500), reviews=2, unreviewed=1)
            self.ways.asked(way, days_before(self.today, days))
            self._keep(way)

    def _someone(self, day: dt.date) -> tuple[Invented, Cell]:
        cell = next(self.cells)
        return self.dossiers.candidate(cell, day), cell

    def _drafts(self) -> None:
        """Six dossiers: just begun, applied, being checked, with a check overdue, voted on, and almost a year old."""
        ways, today = self.ways, self.today
        begun = ways.permitted(*self._someone(today), days_before(today, 4))
        begun.acts = [act for act in begun.acts if act.on <= today]
        applied = ways.permitted(*self._someone(today), days_before(today, 19))
        checked = ways.permitted(*self._someone(today), days_before(today, 48))
        ways.check_asked(checked, weekdays_before(today, 13))
        overdue = ways.permitted(*self._someone(today), days_before(today, 88))
        ways.check_asked(overdue, weekdays_before(today, 37))
        voted = ways.whole(*self._someone(today), days_before(today, 2))
        ways.vote(voted, days_before(today, 2))
        old = ways.permitted(*self._someone(today), add_months(days_before(today, -19), -12))
        ways.check_asked(old, days_before(today, 310))
        ways.checked(old, days_before(today, 281))
        for way in (begun, applied, checked, overdue, voted, old):
            self._keep(way)

    def _submitted(self, working_days: int, *, short: bool = False, has_paper: bool = False) -> Way:
        """A whole dossier on which the cell voted so long ago, handed in some days later."""
        voted = weekdays_before(self.today, working_days)
        way = self.ways.whole(*self._someone(voted), voted)
        self.ways.vote(way, voted, short=short)
        if has_paper:
            self.ways.resolution(way, voted, self._secretary(way.cell))
        self.ways.submitted(way, voted + dt.timedelta(days=self.rng.randint(2, 5)))
        return way

    def _secretary(self, cell: Cell) -> str:
        """Who signs for the cell."""
        held = (
            one for one in self.dossiers.population.offices if one.unit == cell.code and one.title is Title.SECRETARY and not one.ended_on
        )
        key = next(one.person for one in held)
        return next(one.full_name for one in self.dossiers.people.all if one.key == key)

    def _handed_in(self) -> None:
        """Five files wait for the check, of which one is late and one fell short at the cell; two were given back."""
        for at, days in enumerate(_SUBMITTED):
            self._keep(self._submitted(days, short=at == _SHORT, has_paper=at in _WITH_PAPER))
        for days, reason in zip((14, 24), _RETURNED, strict=True):
            way = self._submitted(days)
            way.do(weekdays_before(self.today, days - 9), Deed.SEND_BACK, Step.RETURNED, reason=reason)
            self._keep(way)

    def _decisions(self) -> None:
        """Three files at the standing committee, three decided that wait for the ceremony."""
        for days in _DECIDING:
            way = self._submitted(days)
            self.ways.passed(way, weekdays_before(self.today, days // 2 - 2))
            self._keep(way)
        number = FIRST_NUMBER + sum(one.last(Deed.DECIDE) is not None for one in self.dossiers.files)
        for at, days in enumerate(_DECIDED):
            way = self._submitted(days + 24)
            self.ways.passed(way, weekdays_before(self.today, days + 12))
            self.ways.decided(way, weekdays_before(self.today, days), f"{number + at}-QĐ/ĐU")
            self._keep(way)

    def _ended(self) -> None:
        """One withdrew, one moved away, one was declined."""
        withdrawn = self.ways.permitted(*self._someone(self.today), days_before(self.today, 140))
        withdrawn.do(days_before(self.today, 21), Deed.WITHDRAW, Step.WITHDRAWN, reason=_WITHDRAWN)
        moved = self.ways.permitted(*self._someone(self.today), days_before(self.today, 95))
        self.ways.check_asked(moved, days_before(self.today, 70))
        self.ways.checked(moved, days_before(self.today, 46))
        gone = days_before(self.today, 15)
        moved.do(gone, Deed.MOVE, Step.MOVED, on=gone, to=None, paper="27-CV/ĐU")
        self._keep(withdrawn)
        self._keep(moved)
        declined_on = weekdays_before(self.today, 24)
        if declined_on < START:
            return  # The law of that day has not been read, so that it refuses nobody.
        declined = self._submitted(44)
        self.ways.passed(declined, weekdays_before(self.today, 34))
        declined.do(declined_on, Deed.DECLINE, Step.DECLINED, held_on=declined_on, counts=(9, 9, 4, 5), reason=_DECLINED)
        self._keep(declined)
