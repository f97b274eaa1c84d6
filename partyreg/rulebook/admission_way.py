"""The way of an admission file: its steps in order as the law of a day sets them for a kind of unit, and what each demands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from partyreg.rulebook.book import LAW, Rulebook


class Step(StrEnum):
    """Where the file of an admission stands. First the way in its usual order, then the five other ends."""

    LISTED = "listed"
    ASKED = "asked"
    DRAFT = "draft"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    COMMITTEE = "committee"
    DECIDING = "deciding"
    DECIDED = "decided"
    PROBATION = "probation"
    SENT_BACK = "sent_back"
    PROPOSED = "proposed"
    RULING = "ruling"
    RECOGNISED = "recognised"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    REMOVED = "removed"
    MOVED = "moved"


#: The ends of the way: nothing follows them.
ENDS = (Step.CLOSED, Step.WITHDRAWN, Step.DECLINED, Step.CANCELLED, Step.REMOVED, Step.MOVED)
#: The steps of a file that is under way.
OPEN = tuple(step for step in Step if step not in ENDS)
#: The steps before the decision, at which there is no member yet.
CANDIDATE = (Step.LISTED, Step.ASKED, Step.DRAFT, Step.RETURNED, Step.SUBMITTED, Step.COMMITTEE, Step.DECIDING)
#: The steps at which the cell writes in the file.
AT_THE_CELL = (Step.LISTED, Step.DRAFT, Step.RETURNED, Step.DECIDED, Step.PROBATION, Step.SENT_BACK)


class Purpose(StrEnum):
    """What a vote is about."""

    ADMISSION = "admission"
    RECOGNITION = "recognition"
    REMOVAL = "removal"


class VotingBody(StrEnum):
    """Who votes."""

    CELL = "cell"
    COMMITTEE = "committee"
    STANDING = "standing"


class VoteForm(StrEnum):
    """How a vote is taken; the meeting chooses."""

    SECRET_BALLOT = "secret_ballot"  # noqa: S105 - a way of voting, no password
    MEMBER_CARD = "member_card"


#: Where a file goes when it goes back, by the step at which it is sent back.
BACK: Mapping[Step, Step] = MappingProxyType(
    {
        Step.ASKED: Step.LISTED,
        Step.SUBMITTED: Step.RETURNED,
        Step.COMMITTEE: Step.RETURNED,
        Step.DECIDING: Step.RETURNED,
        Step.PROPOSED: Step.SENT_BACK,
        Step.RULING: Step.SENT_BACK,
    }
)
#: The other ends, and the steps from which each is reached.
_ENDED_FROM: Mapping[Step, tuple[Step, ...]] = MappingProxyType(
    {
        Step.WITHDRAWN: CANDIDATE,
        Step.DECLINED: (Step.DECIDING,),
        Step.CANCELLED: (Step.DECIDED, Step.PROBATION, Step.SENT_BACK, Step.PROPOSED, Step.RULING),
        Step.REMOVED: (Step.RULING,),
        Step.MOVED: (*CANDIDATE, Step.DECIDED),
    }
)


def way(kind: str, day: date, book: Rulebook = LAW) -> tuple[Step, ...]:
    """Answer the steps, in order, for the cells of a kind (`village_cell`, `grassroots_cell`).

    Governing day: the day of the step that is asked about. Source: admission.way (Điều lệ Đảng, Điều 4 and 5; 38-HD/BTCTW).
    Raise KeyError for a kind that the law does not know, `NotInForce` before the oldest law.
    """
    return tuple(Step(step) for step in book.on("admission.way", day).required[kind])


def forward(step: Step, kind: str, day: date, book: Rulebook = LAW) -> Step | None:
    """Answer the step that follows on the way, None at its end; what was sent back follows as before it was handed in.

    Where a new law left out the step at which the file stands, the file goes on to the first later step of the new way.
    """
    at = {Step.RETURNED: Step.DRAFT, Step.SENT_BACK: Step.PROBATION}.get(step, step)
    steps, order = way(kind, day, book), list(Step)
    later = [one for one in steps if order.index(one) > order.index(at)]
    return later[0] if at not in ENDS and later else None


def may_move(frm: Step, to: Step, kind: str, day: date, book: Rulebook = LAW) -> bool:
    """Answer whether a file at `frm` may be moved to `to` on `day`: on, back, or to one of the other ends."""
    return to is forward(frm, kind, day, book) or BACK.get(frm) is to or frm in _ENDED_FROM.get(to, ())


def demands(step: Step, day: date, book: Rulebook = LAW) -> tuple[str, ...]:
    """Answer the names of the requirements that a file must meet before it leaves `step` on the way.

    Governing day: the day on which the file leaves the step. Source: admission.needs.
    """
    at = {Step.RETURNED: Step.DRAFT, Step.SENT_BACK: Step.PROBATION}.get(step, step)
    return tuple(book.on("admission.needs", day).required.get(at.value, ()))
