"""The parts of the way of an admission file, as deeds with their days, in the order of the rules."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from random import Random
from typing import Any

from partyreg.rulebook.admission_way import Purpose, Step, VoteForm

from .people import People
from .places import Cell
from .plan import START, Act, Deed, File, Invented, add_months

#: The standing committee: its members, present, for.
_STANDING = (9, 9, 9)


def days_before(day: dt.date, days: int) -> dt.date:
    """That many days earlier."""
    return day - dt.timedelta(days=days)


def weekdays_before(day: dt.date, count: int) -> dt.date:
    """That many days from Monday to Friday earlier; a day of Monday to Friday itself."""
    while count or day.weekday() > 4:
        day -= dt.timedelta(days=1)
        count -= count > 0 and day.weekday() <= 4
    return day


@dataclass(slots=True)
class Way:
    """A file that is being made: whose it is, and what has been done on it."""

    person: Invented
    cell: Cell
    step: Step = Step.LISTED
    acts: list[Act] = field(default_factory=list)

    def do(self, on: dt.date, deed: Deed, step: Step | None = None, /, **said: Any) -> None:
        """That is done on that day, and brings the file to `step`."""
        self.acts.append(Act(on, deed, said))
        self.step = step or self.step

    def file(self) -> File:
        """The file, by day; what was done before the register began was entered from papers on its first day."""
        acts = sorted(self.acts, key=lambda one: one.on)
        permitted = next((at for at, act in enumerate(acts) if act.deed is Deed.PERMIT), None)
        if permitted is not None and acts[permitted].on < START:
            acts = _entered_at_once(acts, permitted)
        return File(self.person.key, self.cell.code, self.step, tuple(Act(max(one.on, START), one.deed, one.said) for one in acts))


def _entered_at_once(acts: list[Act], permitted: int) -> list[Act]:
    """The same deeds, but the dossier is opened with all the facts that were there before the register began."""
    later = (at for at, act in enumerate(acts) if at > permitted and (act.deed is not Deed.ENTER or act.on >= START))
    first = next(later, len(acts))
    said: dict[str, Any] = {"opened_on": acts[permitted].on}
    for act in acts[:first]:
        if act.deed in (Deed.OPEN, Deed.ENTER, Deed.PERMIT):
            said |= act.said
    return [Act(acts[0].on, Deed.OPEN, said), *acts[first:]]


class Ways:
    """Writes the parts of the way into files; `rng` gives what the rules leave open."""

    def __init__(self, people: People, rng: Random, today: dt.date, signer: str) -> None:
        self.people, self.rng, self.today, self.signer = people, rng, today, signer
        #: From this day on the register numbers the decisions itself.
        self.numbered_from = START

    def roll(self, cell: Cell, day: dt.date) -> list[Invented]:
        """The members of the cell on that day."""
        return [person for person in self.people.all if person.home_on(day) == cell.code]

    def introducers(self, cell: Cell, day: dt.date) -> list[Invented]:
        """Two full members of the cell who stay in it."""
        able = [
            p for p in self.roll(cell, day)
            if p.full_then(day) and not p.out_of_work(self.today) and p.temporary is None and not p.left and not p.moves
            and not p.recognised_on and p.posted_on and p.posted_on < dt.date(2024, 1, 1)
        ]  # fmt: skip
        return self.rng.sample(able, 2)

    def known_since(self, member: Invented, person: Invented) -> dt.date:
        """Since when the two have lived or worked together."""
        return max(member.posted_on or START, add_months(person.born_on, 18 * 12), dt.date(2019, 1, 1))

    # -- the list -----------------------------------------------------------------------------------------------------

    def listed(self, person: Invented, cell: Cell, on: dt.date, helper: Invented | None, certificate_on: dt.date | None) -> Way:
        """On the cell's list, with a helper and the certificate of the class, where they are there by today."""
        way, rng = Way(person, cell), self.rng
        said: dict[str, Any] = {"listed_on": on, "listing_number": f"{rng.randint(1, 20)}-NQ/CB"}
        if helper:
            said |= {"helper": helper.key, "helper_on": on}
        certificate = {"certificate_on": certificate_on, "certificate_number": f"{rng.randint(100, 999)}/GCN"} if certificate_on else {}
        if certificate_on and certificate_on <= on:
            said |= certificate
        way.do(on, Deed.OPEN, Step.LISTED, **said)
        if certificate_on and certificate_on > on:
            way.do(certificate_on, Deed.ENTER, **certificate)
        return way

    def reviewed(self, way: Way, on: dt.date) -> None:
        """Reviewed by the cell, and kept on the list."""
        way.do(on, Deed.REVIEW, on=on, is_kept=True, number=f"{self.rng.randint(1, 20)}-BB/CB")

    def asked(self, way: Way, on: dt.date) -> None:
        """The cell resolved to ask for leave to start, and asked."""
        way.do(on, Deed.ENTER, asked_on=on, asked_number=f"{self.rng.randint(1, 20)}-NQ/CB")
        way.do(on, Deed.ASK, Step.ASKED)

    def permitted(self, person: Invented, cell: Cell, on: dt.date, certificate_on: dt.date | None = None) -> Way:
        """The whole way over the list to the permission of that day."""
        rng = self.rng
        asked = days_before(on, rng.randint(8, 20))
        listed = days_before(asked, rng.randint(70, 240))
        certificate = certificate_on or days_before(asked, rng.randint(10, 60))
        first, second = self.introducers(cell, listed)
        way = self.listed(person, cell, listed, first, certificate)
        self.reviewed(way, days_before(asked, rng.randint(3, 9)))
        self.asked(way, asked)
        way.do(on, Deed.PERMIT, Step.DRAFT, permitted_on=on, permit_number=f"{rng.randint(10, 90)}-TB/ĐU")
        known = tuple((one.key, self.known_since(one, person)) for one in (first, second))
        way.do(on + dt.timedelta(days=rng.randint(4, 8)), Deed.ENTER, applied_on=on + dt.timedelta(days=2),
               cv_on=on + dt.timedelta(days=4), introducers=known)  # fmt: skip
        return way

    # -- the dossier --------------------------------------------------------------------------------------------------

    def check_asked(self, way: Way, on: dt.date) -> None:
        """The background check was asked for."""
        way.do(on, Deed.ENTER, check_asked_on=on)

    def checked(self, way: Way, on: dt.date) -> None:
        """The background check was concluded."""
        way.do(on, Deed.ENTER, check_concluded_on=on, check_paper=f"{self.rng.randint(10, 300)}-KL/ĐU")

    def opinions(self, way: Way, on: dt.date) -> None:
        """The opinions of the unions and of the place of residence came."""
        way.do(on, Deed.ENTER, unions_opinion_on=days_before(on, 2), residence_opinion_on=on)

    def whole(self, person: Invented, cell: Cell, voted: dt.date, certificate_on: dt.date | None = None) -> Way:
        """A dossier with everything, on which the cell can vote that day."""
        rng = self.rng
        opened = days_before(voted, rng.randint(95, 240))
        asked = opened + dt.timedelta(days=rng.randint(12, 30))
        way = self.permitted(person, cell, opened, certificate_on)
        self.check_asked(way, asked)
        self.checked(way, asked + dt.timedelta(days=rng.randint(14, 34)))
        self.opinions(way, days_before(voted, rng.randint(6, 20)))
        return way

    def vote(self, way: Way, on: dt.date, purpose: Purpose = Purpose.ADMISSION, *, short: bool = False) -> None:
        """The cell voted; where it fell short, by one."""
        rng = self.rng
        full = [p for p in self.roll(way.cell, on) if p.full_then(on)]
        away = [p for p in full if p.out_of_work(on) or (p.temporary and p.temporary[1] <= on)]
        count = len(full) - len(away)
        needed = (2 * count + 2) // 3
        present = max(count - rng.randint(0, max(1, count // 12)), (count * 5 + 5) // 6)
        against = 1 if rng.random() < 0.15 and present - 1 >= needed else 0
        if short:
            against = present - needed + 1
        way.do(on, Deed.VOTE, purpose=purpose, held_on=on, members=len(full), not_counted=len(away), present=present,
               in_favour=present - against, against=against, form=VoteForm.SECRET_BALLOT,
               number=None if short else f"{rng.randint(1, 20)}-NQ/CB")  # fmt: skip

    def resolution(self, way: Way, on: dt.date, signer: str) -> None:
        """The cell's resolution is issued through the register, where that had begun."""
        if on >= START:
            way.do(on, Deed.PAPER, kind="cell_resolution", issued_on=on, signer=signer)

    def submitted(self, way: Way, on: dt.date) -> None:
        """Handed in to the organisation committee."""
        way.do(on, Deed.SUBMIT, Step.SUBMITTED)

    def passed(self, way: Way, on: dt.date) -> None:
        """Found in order: with the standing committee."""
        way.do(on, Deed.FORWARD, Step.DECIDING if way.step is Step.SUBMITTED else Step.RULING)

    def decided(self, way: Way, on: dt.date, number: str) -> None:
        """The standing committee decided to admit, by that number where the register did not yet number."""
        way.do(on, Deed.DECIDE, Step.DECIDED, **self._ruled(on, number))

    def celebrated(self, way: Way, on: dt.date, received_on: dt.date) -> None:
        """The ceremony was held."""
        way.do(on, Deed.CEREMONY, Step.PROBATION, ceremony_on=on, received_on=received_on)

    # -- full membership ----------------------------------------------------------------------------------------------

    def new_class(self, way: Way, on: dt.date) -> None:
        """The class for new members was attended."""
        way.do(on, Deed.ENTER, new_class_on=on, new_class_number=f"{self.rng.randint(10, 99)}/GCN-ĐVM")

    def reviewed_herself(self, way: Way, over: dt.date) -> None:
        """The probation being over: her own review, the helper's remark, the opinions."""
        on = over + dt.timedelta(days=2)
        way.do(on, Deed.ENTER, self_review_on=over, remark_on=over + dt.timedelta(days=1), full_opinions_on=on)

    def proposed(self, way: Way, on: dt.date) -> None:
        """Proposed by the cell for full membership."""
        way.do(on, Deed.PROPOSE, Step.PROPOSED)

    def recognised(self, way: Way, on: dt.date, number: str) -> None:
        """The standing committee recognised her as a full member."""
        way.do(on, Deed.RECOGNISE, Step.RECOGNISED, **self._ruled(on, number))

    def _ruled(self, on: dt.date, number: str) -> dict[str, Any]:
        said: dict[str, Any] = {"decided_on": on, "signer": self.signer, "counts": _STANDING, "form": VoteForm.MEMBER_CARD}
        return said if on >= self.numbered_from else said | {"outside_number": number}
