"""The rulebook: reads the shipped law from `law/*.toml`, lays dated local provisions over it, answers for a day."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

from partyreg.rulebook.timeline import Citation, Confidence, NotInForce, Provision, Timeline

SHIPPED = Path(__file__).parent / "law"
_KEY_FIELDS = {"label", "unit", "provisions"}
_PROVISION_FIELDS = {"since", "value", "repealed", "instrument", "article", "confidence", "note"}


class LawError(ValueError):
    """A law file cannot be read; the message names the file, the key and what is wrong."""


@dataclass(frozen=True, slots=True)
class InForce:
    """One line of the page "the law on a day"; `value` has the unit `unit`."""

    key: str
    label: str
    unit: str
    value: Any
    since: date
    citation: Citation
    confidence: Confidence
    note: str


class Rulebook:
    """Timelines by key. Immutable: a rulebook with local provisions is a new rulebook."""

    __slots__ = ("_timelines",)

    def __init__(self, timelines: Iterable[Timeline[Any]]) -> None:
        found: dict[str, Timeline[Any]] = {}
        for timeline in timelines:
            if timeline.key in found:
                raise LawError(f"{timeline.key}: defined twice")
            found[timeline.key] = timeline
        self._timelines: Mapping[str, Timeline[Any]] = MappingProxyType(dict(sorted(found.items())))

    @classmethod
    def shipped(cls) -> Rulebook:
        """Answer the national law shipped with the application."""
        return cls.read(SHIPPED)

    @classmethod
    def read(cls, folder: Path) -> Rulebook:
        """Read every `*.toml` of a folder; raise `LawError` for a malformed or an empty folder."""
        files = sorted(folder.glob("*.toml"))
        if not files:
            raise LawError(f"{folder}: no law files (*.toml)")
        return cls(timeline for file in files for timeline in _read_file(file))

    def keys(self) -> tuple[str, ...]:
        """Answer all keys in alphabetical order."""
        return tuple(self._timelines)

    def timeline(self, key: str) -> Timeline[Any]:
        """Answer the timeline of a key; raise KeyError for a key that no law file has."""
        try:
            return self._timelines[key]
        except KeyError:
            raise KeyError(f"{key}: no such key in the rulebook") from None

    def on(self, key: str, day: date) -> Provision[Any]:
        """Answer what governs `key` on `day`; raise KeyError (unknown key) or `NotInForce`."""
        return self.timeline(key).on(day)

    def find(self, key: str, day: date) -> Provision[Any] | None:
        """Answer what governs `key` on `day`, or None when nothing is in force; raise KeyError for an unknown key."""
        try:
            return self.on(key, day)
        except NotInForce:
            return None

    def all_on(self, day: date) -> list[InForce]:
        """Answer every value in force on `day`, in order of keys, for the page "the law on a day"."""
        lines = []
        for key, timeline in self._timelines.items():
            found = self.find(key, day)
            if found is not None:
                lines.append(
                    InForce(
                        key,
                        timeline.label,
                        timeline.unit,
                        found.value,
                        found.since,
                        found.citation,
                        found.citation.confidence,
                        found.note,
                    )
                )
        return lines

    def with_local(
        self,
        provisions: Mapping[str, Iterable[Provision[Any]]],
        new: Iterable[Timeline[Any]] = (),
    ) -> Rulebook:
        """Answer a rulebook with local provisions laid over known keys, and `new` timelines for local keys.

        Raise KeyError when `provisions` names a key that neither the book nor `new` has.
        """
        timelines = {**self._timelines, **{t.key: t for t in new}}
        for key, extra in provisions.items():
            if key not in timelines:
                raise KeyError(f"{key}: no such key in the rulebook")
            timelines[key] = timelines[key].layered(extra)
        return Rulebook(timelines.values())


def share(provision: Provision[Any]) -> Fraction:
    """Answer a share such as 2/3 exactly, from a provision that keeps it as the text "2/3"."""
    return Fraction(provision.required)


def _read_file(file: Path) -> list[Timeline[Any]]:
    try:
        areas = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LawError(f"{file.name}: not valid TOML: {error}") from error
    timelines = []
    for area, entries in areas.items():
        if not isinstance(entries, dict):
            raise LawError(f"{file.name}: {area}: expected tables [{area}.<name>]")
        for name, entry in entries.items():
            timelines.append(_timeline(f"{file.name}: {area}.{name}", f"{area}.{name}", entry))
    return timelines


def _timeline(where: str, key: str, entry: object) -> Timeline[Any]:
    if not isinstance(entry, dict):
        raise LawError(f"{where}: expected a table with label, unit and provisions")
    _only(where, entry, _KEY_FIELDS)
    provisions = entry.get("provisions")
    if not isinstance(provisions, list) or not provisions:
        raise LawError(f"{where}: needs at least one [[{key}.provisions]]")
    read = tuple(_provision(f"{where}, provision {n}", p) for n, p in enumerate(provisions, start=1))
    try:
        return Timeline(key, _text(where, entry, "label"), _text(where, entry, "unit"), read)
    except LawError:
        raise
    except ValueError as error:
        raise LawError(f"{where}: {error}") from error


def _provision(where: str, raw: object) -> Provision[Any]:
    if not isinstance(raw, dict):
        raise LawError(f"{where}: expected a table")
    _only(where, raw, _PROVISION_FIELDS)
    since = raw.get("since")
    if not isinstance(since, date) or isinstance(since, datetime):
        raise LawError(f"{where}: since must be a date such as 2025-07-01")
    repealed = raw.get("repealed", False)
    if repealed not in (True, False) or repealed == ("value" in raw):
        raise LawError(f"{where}: needs either a value or repealed = true")
    word = _text(where, raw, "confidence")
    try:
        confidence = Confidence(word)
    except ValueError:
        raise LawError(f"{where}: confidence {word!r} is none of {', '.join(Confidence)}") from None
    cite = Citation(_text(where, raw, "instrument"), _text(where, raw, "article", needed=False), confidence)
    return Provision(since, _frozen(raw.get("value")), cite, _text(where, raw, "note", needed=False))


def _only(where: str, table: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise LawError(f"{where}: unknown field {', '.join(unknown)}")


def _text(where: str, table: Mapping[str, Any], field: str, needed: bool = True) -> str:
    value = table.get(field, "")
    if not isinstance(value, str) or (needed and not value.strip()):
        raise LawError(f"{where}: {field} must be a text")
    return value


def _frozen(value: Any) -> Any:
    """Answer the value with lists as tuples and tables read-only, so that no caller can change the law."""
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(item) for key, item in value.items()})
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    return value


LAW = Rulebook.shipped()
