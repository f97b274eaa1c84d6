"""The words of a rating: levels, kinds of subjects, criteria frames, and how a ceiling is counted."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from partyreg.rulebook.finding import msg


class Level(StrEnum):
    """The four levels, best first; the values are those of the register's own `Level`."""

    EXCELLENT = "excellent"
    GOOD = "good"
    DONE = "done"
    NOT_DONE = "not_done"

    def is_above(self, other: Level) -> bool:
        """Answer whether this level is better than the other."""
        return _RANK[self] < _RANK[other]

    @property
    def words(self) -> str:
        """Answer the level inside a sentence; a page may translate it."""
        return _WORDS[self]


class SubjectKind(StrEnum):
    """Who is rated: members, cells and other organisations, officials."""

    MEMBER = "member"
    ORGANISATION = "organisation"
    OFFICIAL = "official"


class Frame(StrEnum):
    """The five criteria frames (RAT-04)."""

    COLLECTIVE = "collective"
    CENTRAL_CADRE = "central_cadre"
    LEADER = "leader"
    NO_OFFICE = "no_office"
    OUTSIDE = "outside"


class Base(StrEnum):
    """Of whom the ceiling is a share."""

    GOOD_ONLY = "good_only"
    GOOD_OR_BETTER = "good_or_better"
    ALL_RATED = "all_rated"


class CeilingUnit(StrEnum):
    """Within what the ceiling is counted; each is a pool of its own."""

    CELL = "cell"
    GRASSROOTS_ORGANISATION = "grassroots_organisation"
    COMMUNE = "commune"
    AGENCY = "agency"
    TASK_GROUP = "task_group"
    SAME_KIND = "same_kind"


class Rounding(StrEnum):
    """How a ceiling that is no whole number is read."""

    FLOOR = "floor"
    NEAREST = "nearest"
    CEILING = "ceiling"


GOOD_OR_BETTER = (Level.EXCELLENT, Level.GOOD)
_RANK = {level: place for place, level in enumerate(Level)}
_WORDS: Mapping[Level, str] = {
    Level.EXCELLENT: msg("hoàn thành xuất sắc nhiệm vụ"),
    Level.GOOD: msg("hoàn thành tốt nhiệm vụ"),
    Level.DONE: msg("hoàn thành nhiệm vụ"),
    Level.NOT_DONE: msg("không hoàn thành nhiệm vụ"),
}
