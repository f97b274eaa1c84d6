"""The yearly ratings: of 2025 above the targets of the new term, of the years before above the report's figures."""

from __future__ import annotations

import datetime as dt
from random import Random

from partyreg.ratings.models import Level, NotRated
from partyreg.rulebook.rating import RatedFacts, not_rated_reason

from .places import CELLS
from .plan import RATINGS_SINCE, SEED, Invented, Sheet, Year

#: Year -> per thousand of all members rated excellent, good or better, not done.
_MEMBERS = {2021: (128, 876, 7), 2022: (131, 881, 6), 2023: (137, 886, 8), 2024: (142, 891, 5)}
_MEMBERS_SINCE = (153, 909, 5)
#: Year -> cells excellent, and cells that are only done: of the 12 grassroots cells and of the 21 village cells.
_CELLS = {2021: ((2, 2), (3, 3)), 2022: ((2, 1), (3, 3)), 2023: ((2, 1), (4, 3)), 2024: ((3, 1), (3, 2))}
_CELLS_SINCE = ((3, 1), (4, 1))


def years(people: list[Invented], today: dt.date) -> list[Year]:
    """The years from 2021 to last year, closed; this year, open and empty."""
    done = [_year(people, year) for year in range(RATINGS_SINCE, today.year)]
    return [*done, Year(today.year, min(today, dt.date(today.year, 11, 10)), None, ())]


def _year(people: list[Invented], year: int) -> Year:
    rng = Random(f"{SEED} ratings {year}")
    day = dt.date(year, 12, 31)
    reasons = {p.key: _reason(p, day) for p in people if p.home_on(day)}
    rated = [key for key, reason in reasons.items() if reason is None]
    rng.shuffle(rated)
    best, good, bad = (-(-share * len(reasons) // 1000) for share in _MEMBERS.get(year, _MEMBERS_SINCE))
    level = dict.fromkeys(rated, Level.DONE)
    level |= dict.fromkeys(rated[:good], Level.GOOD) | dict.fromkeys(rated[-bad:], Level.NOT_DONE)
    level |= dict.fromkeys(_spread(people, rated[:good], best, day), Level.EXCELLENT)
    units = _units(rng, year)
    sheets = []
    for cell in CELLS:
        if cell.founded_on <= day:
            keys = [p.key for p in people if p.home_on(day) == cell.code]
            sheets.append(Sheet(cell.code, tuple((key, level.get(key), reasons[key]) for key in keys), units[cell.code]))
    return Year(year, dt.date(year, 11, 10), dt.date(year, 12, 31), tuple(sheets))


def _reason(person: Invented, day: dt.date) -> NotRated | None:
    exempt = person.exempt_on is not None and person.exempt_on <= day
    suspended = person.suspended_on is not None and person.suspended_on <= day
    found = not_rated_reason(RatedFacts(person.decided_on, exempt, suspended), day)
    return NotRated(found.reason.value) if found else None


def _spread(people: list[Invented], keys: list[str], number: int, day: dt.date) -> list[str]:
    """That many of the good, taken from the cells in turn by their size, so that no cell has many more than its share."""
    home = {p.key: p.home_on(day) for p in people}
    cells: dict[str | None, list[str]] = {}
    for key in keys:
        cells.setdefault(home[key], []).append(key)
    ranked = sorted(((place + 0.5) / len(group), key) for group in cells.values() for place, key in enumerate(group))
    return [key for _, key in ranked[:number]]


def _units(rng: Random, year: int) -> dict[str, Level]:
    levels: dict[str, Level] = {}
    for is_village, (best, done) in zip((False, True), _CELLS.get(year, _CELLS_SINCE), strict=True):
        codes = [c.code for c in CELLS if c.is_village is is_village]
        rng.shuffle(codes)
        levels |= dict.fromkeys(codes, Level.GOOD)
        levels |= dict.fromkeys(codes[:best], Level.EXCELLENT) | dict.fromkeys(codes[-done:], Level.DONE)
    return levels
