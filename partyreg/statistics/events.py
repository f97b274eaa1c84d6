"""What happened to a member, read from the periods of her life: came in, moved between cells, was recognised, went out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from ..members.models import Exit, Standing


class MovementLine(StrEnum):
    """The lines of the movement table, in its order."""

    OPENING = "opening"
    ADMITTED = "admitted"
    READMITTED = "readmitted"
    RESTORED = "restored"
    ARRIVED = "arrived"
    DIED = "died"
    MOVED_AWAY = "moved_away"
    EXPELLED = "expelled"
    REMOVED = "removed"
    WITHDREW = "withdrew"
    CANCELLED = "cancelled"
    FROM_CELL = "from_cell"
    TO_CELL = "to_cell"
    RECOGNISED = "recognised"
    DIFFERENCE = "difference"
    CLOSING = "closing"


_L = MovementLine
#: The ways into the organisation, and out of it; moves between its cells are neither.
WAYS_IN = (_L.ADMITTED, _L.READMITTED, _L.RESTORED, _L.ARRIVED)
WAYS_OUT = (_L.DIED, _L.MOVED_AWAY, _L.EXPELLED, _L.REMOVED, _L.WITHDREW, _L.CANCELLED)
#: What happens on a day, as against the states at both ends and what the records leave unexplained.
HAPPENINGS = (*WAYS_IN, *WAYS_OUT, _L.FROM_CELL, _L.TO_CELL, _L.RECOGNISED)

Column = Standing | None  # None: on the roll, but no standing is on record


class Stay(NamedTuple):
    """A home posting: on the roll of a cell from a day up to but not including another."""

    member_id: int
    unit_id: int
    started_on: dt.date
    ended_on: dt.date | None


class Held(NamedTuple):
    """A standing and its time; the last one before she left says how."""

    member_id: int
    standing: Standing
    started_on: dt.date
    ended_on: dt.date | None
    exit: Exit | None

    def holds(self, day: dt.date) -> bool:
        """Whether it was hers on that day."""
        return self.started_on <= day and (self.ended_on is None or self.ended_on > day)


class Event(NamedTuple):
    """One thing that happened in a cell on a day; `standing` is hers at that moment, for a recognition the new one."""

    member_id: int
    day: dt.date
    unit_id: int
    line: MovementLine
    standing: Column

    @property
    def effect(self) -> dict[Column, int]:
        """By how much it changes the number of each standing on the cell's roll."""
        if self.line is _L.RECOGNISED:
            return {Standing.PROBATIONARY: -1, Standing.FULL: 1}
        return {self.standing: 1 if self.line in WAYS_IN or self.line is _L.FROM_CELL else -1}


def events(stays: Iterable[Stay], held: Iterable[Held]) -> list[Event]:
    """Everything that one member's periods tell, in order.

    On one day a move comes before a recognition, and a way out before a way in again. Somebody who came and left on the same
    day did both. A period that begins or ends without a reason on record makes no event: the table then does not add up, and says so.
    """
    return _Reader(stays, held).read()


class _Reader:
    """Walks one member's days of change."""

    def __init__(self, stays: Iterable[Stay], held: Iterable[Held]) -> None:
        self.stays = sorted(stays, key=lambda one: (one.started_on, one.ended_on or dt.date.max))
        self.held = sorted(held, key=lambda one: (one.started_on, one.ended_on or dt.date.max))
        self.found: list[Event] = []
        self.current: Column = None

    def read(self) -> list[Event]:
        periods: tuple[Sequence[Stay | Held], ...] = (self.stays, self.held)
        days = {one.started_on for row in periods for one in row} | {one.ended_on for row in periods for one in row if one.ended_on}
        for day in sorted(days):
            self._day(day)
        return self.found

    def _day(self, day: dt.date) -> None:
        eve = day - dt.timedelta(days=1)
        self.current = self._standing_on(eve)
        carried = [one for one in self.stays if one.started_on < day and one.ended_on == day]
        passed = [one for one in self.stays if one.started_on == one.ended_on == day]
        begun = [one for one in self.stays if one.started_on == day and one.ended_on != day]
        on = [one for one in self.stays if one.started_on < day and (one.ended_on is None or one.ended_on > day)]
        places = [one.unit_id for one in (*carried, *passed, *begun)] or [one.unit_id for one in on]
        if not places:
            return
        exits = [one for one in self.held if one.exit and one.ended_on == day]
        entries = [one for index, one in enumerate(self.held) if one.started_on == day and self._is_entry(index)]
        changes = bool(carried or passed or begun)
        if changes and not carried:
            self._come(day, places[0], entries, exits)
        if changes:
            self._between(day, places, exits, entries, ends=not begun)
        while exits:  # she left, but the posting goes on
            self._go(day, places[-1], exits.pop(0))
        while entries:  # she was on the roll before she was a member
            self._enter(day, places[-1], entries.pop(0))
        if begun or not changes:
            self._recognise(day, places[-1], self._standing_on(day))

    def _between(self, day: dt.date, places: list[int], exits: list[Held], entries: list[Held], *, ends: bool) -> None:
        """From place to place, and away at the end: where she left on that day too, the last of these was the leaving."""
        steps = len(places) - 1 + ends
        leavings = min(len(exits), steps)
        for step in range(steps):
            here, there = places[step], places[step + 1] if step + 1 < len(places) else None
            if steps - step <= leavings:
                self._go(day, here, exits.pop(0))
                if there is not None:
                    self._come(day, there, entries, exits)
            elif there is not None and there != here:
                self._add(day, here, _L.TO_CELL, self.current)
                self._add(day, there, _L.FROM_CELL, self.current)

    def _come(self, day: dt.date, unit: int, entries: list[Held], exits: list[Held]) -> None:
        if entries:
            self._enter(day, unit, entries.pop(0))
            return
        running = next((one for one in self.held if one.holds(day)), None) or next(iter(exits), None)
        if running is not None:
            self.current = running.standing
            self._add(day, unit, _L.ARRIVED, self.current)

    def _enter(self, day: dt.date, unit: int, entry: Held) -> None:
        before = [one.exit for one in self.held[: self.held.index(entry)] if one.exit not in (None, Exit.CANCELLED)]
        self.current = entry.standing
        if entry.standing is Standing.PROBATIONARY:
            line = _L.READMITTED if before else _L.ADMITTED
        else:
            line = _L.ARRIVED if not before or before[-1] is Exit.MOVED_AWAY else _L.RESTORED
        self._add(day, unit, line, self.current)

    def _go(self, day: dt.date, unit: int, last: Held) -> None:
        self._recognise(day, unit, last.standing)
        self._add(day, unit, _L((last.exit or Exit.CANCELLED).value), last.standing)
        self.current = None

    def _recognise(self, day: dt.date, unit: int, now: Column) -> None:
        if self.current is Standing.PROBATIONARY and now is Standing.FULL:
            self._add(day, unit, _L.RECOGNISED, now)
            self.current = now

    def _is_entry(self, index: int) -> bool:
        """Whether membership begins with that standing: it is the first, or does not go on from the one before."""
        if not index:
            return True
        before = self.held[index - 1]
        return before.exit is not None or before.ended_on != self.held[index].started_on

    def _standing_on(self, day: dt.date) -> Column:
        return next((one.standing for one in self.held if one.holds(day)), None)

    def _add(self, day: dt.date, unit: int, line: MovementLine, standing: Column) -> None:
        self.found.append(Event(self.held[0].member_id if self.held else self.stays[0].member_id, day, unit, line, standing))
