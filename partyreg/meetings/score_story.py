"""The score of a meeting as its page shows it: criterion by criterion, by whom, in which band, and what has changed since."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from .. import audit, clock
from ..access import Actor
from ..org.scope import one as the_one
from ..rulebook.meeting import ScoreBand
from ..rulebook.meeting_score import Criterion, Line, Proposal, ScoreSheet, band_of, propose
from . import score_queries
from .models import Meeting, Scorer
from .score_actions import written

#: How a band looks; its word stands beside the colour.
TONES = {ScoreBand.GOOD: "ok", ScoreBand.FAIR: "info", ScoreBand.AVERAGE: "warn", ScoreBand.POOR: "danger"}


class Given(NamedTuple):
    """One score of the meeting, and who gave it when, newest first."""

    scorer: Scorer
    total: str
    band: ScoreBand | None
    remark: str | None
    deeds: list[tuple[dt.datetime, str]]
    points: dict[str, Decimal]

    def of(self, criterion: Criterion) -> str:
        """The points of a criterion."""
        return written(sum((self.points.get(line.key, Decimal(0)) for line in criterion.lines), Decimal(0)))

    def at(self, line: Line) -> str:
        """The points of a line; empty where this score has none for it."""
        return written(self.points.get(line.key))


class Box(NamedTuple):
    """All that the score box of a meeting's page shows; `counts` is the score that counts: the committee's, else the cell's."""

    sheet: ScoreSheet | None
    first: dt.date
    given: list[Given]
    evidence: dict[str, Proposal]
    changed: list[tuple[Line, str, str]]
    bands: list[tuple[Decimal, ScoreBand]]
    bands_cite: str

    @property
    def counts(self) -> Given | None:
        """The committee's score where there is one, else the cell's, else None."""
        return self.given[-1] if self.given else None

    def written(self, points: Decimal) -> str:
        """Points as they are shown."""
        return written(points)

    @property
    def has_cells(self) -> bool:
        """Whether the cell has scored the meeting."""
        return any(one.scorer is Scorer.CELL for one in self.given)


def box(actor: Actor, meeting_id: int) -> Box:
    """The scores of a visible meeting beside what the register would judge now; few statements. Raises NotVisible."""
    meeting = the_one(Meeting, actor, Meeting.id == meeting_id)
    sheet = score_queries.sheet_of_day(meeting.held_on)
    found = score_queries.scores(meeting_id)
    given = []
    for scorer in Scorer:
        row = found.get(scorer)
        if row is not None:
            deeds = [(entry.at, entry.actor) for entry in audit.history("meeting_score", row.id)]
            band = band_of(row.total, meeting.held_on)
            given.append(Given(scorer, written(row.total), band, row.remark, deeds, score_queries.read(row.points)))
    evidence: dict[str, Proposal] = {}
    if sheet is not None and given:
        proposals = propose(sheet, score_queries.facts_of(meeting), clock.today()).proposals
        evidence = {one.line.key: one for one in proposals}
    bands, cite = score_queries.bands(meeting.held_on)
    return Box(sheet, score_queries.first_sheet(), given, evidence, _changed(_cells_points(given), evidence), bands, cite)


def _cells_points(given: list[Given]) -> dict[str, Decimal]:
    """The cell's points, which the facts fixed when it scored; nothing where it has not."""
    return next((one.points for one in given if one.scorer is Scorer.CELL), {})


def _changed(points: dict[str, Decimal], evidence: dict[str, Proposal]) -> list[tuple[Line, str, str]]:
    """The lines for which the facts, corrected since, would earn another number: (line, then, now)."""
    return [
        (one.line, written(points[key]), written(one.points))
        for key, one in evidence.items()
        if one.points is not None and key in points and points[key] != one.points
    ]
