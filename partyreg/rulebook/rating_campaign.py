"""The parameters of one campaign (đợt xếp loại): proposed by the law of its day, set by a document, kept with the campaign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Any, TypeVar

from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.finding import Finding, Severity, judged, msg
from partyreg.rulebook.rating_ceiling import CeilingRule, ceiling_key, ceiling_rule
from partyreg.rulebook.rating_terms import Base, CeilingUnit, Frame, Level, Rounding, SubjectKind
from partyreg.rulebook.timeline import Citation, Confidence, NotInForce

_Word = TypeVar("_Word", bound=StrEnum)
SCALE = 100


@dataclass(frozen=True, slots=True)
class Bands:
    """From how many points on a level fits, of 100; below `done` nothing is done."""

    excellent: int
    good: int
    done: int

    def level(self, score: Decimal | float) -> Level:
        """Answer the level that a score fits; it proposes and never fixes the level. Raise ValueError outside 0 to 100."""
        if not 0 <= score <= SCALE:
            raise ValueError("a score is between 0 and 100")
        if score >= self.excellent:
            return Level.EXCELLENT
        if score >= self.good:
            return Level.GOOD
        return Level.DONE if score >= self.done else Level.NOT_DONE


@dataclass(frozen=True, slots=True)
class Parameters:
    """What one campaign counts by. `day` is its reference day, `split` the points of the three groups of common criteria.

    `order` is the number of the document that orders it, `order_on` its day; empty while there is none.
    """

    day: date
    frames: tuple[Frame, ...]
    max_common: int
    max_result: int
    split: tuple[int, ...]
    bands: Bands
    ceilings: Mapping[SubjectKind, CeilingRule] = made(default_factory=dict)
    order: str = ""
    order_on: date | None = None

    def rule(self, kind: SubjectKind) -> CeilingRule | None:
        """Answer the ceiling for a kind of subject, or None where the campaign has none."""
        return self.ceilings.get(kind)

    def level(self, score: Decimal | float) -> Level:
        """Answer the level that a score fits under the campaign's bands. Raise ValueError outside 0 to 100."""
        return self.bands.level(score)

    def as_data(self) -> dict[str, Any]:
        """Answer the same as plain data for JSON; `from_data` reads it back unchanged."""
        return {
            "day": self.day.isoformat(),
            "frames": [frame.value for frame in self.frames],
            "max_common": self.max_common,
            "max_result": self.max_result,
            "split": list(self.split),
            "bands": {"excellent": self.bands.excellent, "good": self.bands.good, "done": self.bands.done},
            "ceilings": {kind.value: _ceiling_data(rule) for kind, rule in self.ceilings.items()},
            "order": self.order,
            "order_on": self.order_on.isoformat() if self.order_on else None,
        }

    @classmethod
    def from_data(cls, raw: Mapping[str, Any]) -> Parameters:
        """Read what `as_data` wrote; raise ValueError for anything else."""
        try:
            return cls(
                date.fromisoformat(raw["day"]),
                tuple(Frame(one) for one in raw["frames"]),
                _number(raw["max_common"]),
                _number(raw["max_result"]),
                tuple(_number(one) for one in raw["split"]),
                Bands(**{name: _number(raw["bands"][name]) for name in ("excellent", "good", "done")}),
                MappingProxyType({SubjectKind(kind): _ceiling_from(rule) for kind, rule in raw["ceilings"].items()}),
                str(raw["order"]),
                date.fromisoformat(raw["order_on"]) if raw["order_on"] is not None else None,
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"these are no parameters of a campaign: {error!r}") from error


def bands_on(day: date, book: Rulebook = LAW) -> Bands:
    """Answer the law's bands of points (RAT-07). `day`, the reference day, governs; raise `NotInForce` before 366-QĐ/TW."""
    value = book.on("rating.bands", day).required
    return Bands(value["EXCELLENT"], value["GOOD"], value["DONE"])


def proposed(day: date, kinds: Iterable[SubjectKind] = tuple(SubjectKind), book: Rulebook = LAW) -> Parameters:
    """Answer the parameters that the law of `day`, the reference day, gives; a kind that no rule has a ceiling for has none.

    Source: 366-QĐ/TW (RAT-03 to RAT-07), the keys of the ceilings. Raise `NotInForce` before 366-QĐ/TW, which brought points.
    """
    ceilings: dict[SubjectKind, CeilingRule] = {}
    for kind in kinds:
        try:
            ceilings[kind] = ceiling_rule(day, book, ceiling_key(kind))
        except NotInForce:
            continue
    return Parameters(
        day,
        tuple(Frame[name] for name in book.on("rating.frames", day).required),
        book.on("rating.max_common", day).required,
        book.on("rating.max_result", day).required,
        tuple(book.on("rating.common_split", day).required.values()),
        bands_on(day, book),
        MappingProxyType(ceilings),
    )


def parameter_findings(given: Parameters, book: Rulebook = LAW) -> list[Finding]:
    """Answer what is wrong with the parameters that an office typed: impossible ones refuse, those unlike the law warn.

    Governing day: the campaign's reference day. Raise `NotInForce` before 366-QĐ/TW.
    """
    impossible = [*_points(given), *_bands(given), *(one for kind, rule in given.ceilings.items() for one in _ceiling(kind, rule))]
    if not given.frames:
        text = msg("Chưa chọn khung tiêu chí nào. Chọn ít nhất một khung.")
        impossible.append(judged("campaign.frames", "frames", Severity.BLOCK, text))
    if given.order_on is not None and not given.order.strip():
        text = msg("Có ngày văn bản nhưng chưa có số. Ghi số văn bản quy định đợt xếp loại.")
        impossible.append(judged("campaign.order", "order", Severity.BLOCK, text))
    return impossible or [*_order(given), *_unlike_the_law(given, book)]


def _number(value: object) -> int:
    """A whole number as JSON has it; neither a text nor true."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is no whole number")
    return value


def _ceiling_data(rule: CeilingRule) -> dict[str, Any]:
    return {
        "pct": rule.pct,
        "base": rule.base.value,
        "unit": rule.unit.value,
        "rounding": rule.rounding.value,
        "exception_pct": rule.exception_pct,
        "instrument": rule.cite.instrument,
        "article": rule.cite.article,
        "confidence": rule.cite.confidence.value,
    }


def _ceiling_from(raw: Mapping[str, Any]) -> CeilingRule:
    return CeilingRule(
        _number(raw["pct"]),
        Base(raw["base"]),
        CeilingUnit(raw["unit"]),
        Rounding(raw["rounding"]),
        Citation(str(raw["instrument"]), str(raw["article"]), Confidence(raw["confidence"])),
        _number(raw["exception_pct"]) if raw["exception_pct"] is not None else None,
    )


def _points(given: Parameters) -> list[Finding]:
    findings = []
    for name in ("max_common", "max_result"):
        if not 0 <= getattr(given, name) <= SCALE:
            text = msg("%(value)s điểm không hợp lệ. Điểm phải từ 0 đến 100.")
            findings.append(judged("campaign.points", name, Severity.BLOCK, text, value=getattr(given, name)))
    if not findings and given.max_common + given.max_result != SCALE:
        text = msg("Hai nhóm điểm cộng lại được %(sum)s, phải bằng 100.")
        findings.append(judged("campaign.scale", "max_result", Severity.BLOCK, text, sum=given.max_common + given.max_result))
    if any(one < 0 for one in given.split) or sum(given.split) != given.max_common:
        text = msg("Điểm các nhóm tiêu chí chung cộng lại được %(sum)s, phải bằng %(whole)s và không nhóm nào âm.")
        findings.append(judged("campaign.split", "split", Severity.BLOCK, text, sum=sum(given.split), whole=given.max_common))
    return findings


def _bands(given: Parameters) -> list[Finding]:
    least = {"band_excellent": given.bands.excellent, "band_good": given.bands.good, "band_done": given.bands.done}
    findings = []
    for name, value in least.items():
        if not 0 < value <= SCALE:
            text = msg("Mức điểm %(value)s không hợp lệ. Mức điểm phải từ 1 đến 100.")
            findings.append(judged("campaign.band", name, Severity.BLOCK, text, value=value))
    if findings:
        return findings
    text = msg("Mức điểm %(value)s phải thấp hơn mức trên nó (%(above)s).")
    names = list(least)
    return [
        judged("campaign.bands", lower, Severity.BLOCK, text, value=least[lower], above=least[upper])
        for upper, lower in pairwise(names)
        if least[lower] >= least[upper]
    ]


def _ceiling(kind: SubjectKind, rule: CeilingRule) -> list[Finding]:
    text = msg("Tỷ lệ %(value)s %% không hợp lệ. Tỷ lệ phải từ 0 đến 100.")
    findings = [
        judged("campaign.percent", f"{kind}_{name}", Severity.BLOCK, text, value=value)
        for name, value in (("pct", rule.pct), ("exception_pct", rule.exception_pct))
        if value is not None and not 0 <= value <= SCALE
    ]
    if not findings and rule.exception_pct is not None and rule.exception_pct < rule.pct:
        text = msg("Tỷ lệ ngoại lệ %(exception)s %% thấp hơn tỷ lệ chung %(pct)s %%. Ghi tỷ lệ bằng hoặc cao hơn.")
        shown: dict[str, object] = {"exception": rule.exception_pct, "pct": rule.pct}
        findings.append(judged("campaign.exception", f"{kind}_exception_pct", Severity.BLOCK, text, None, **shown))
    return findings


def _order(given: Parameters) -> list[Finding]:
    if given.order.strip():
        return []
    text = msg("Chưa ghi số văn bản quy định cách tính giới hạn hoàn thành xuất sắc của đợt này.")
    return [judged("campaign.no_order", "order", Severity.WARN, text)]


def _unlike_the_law(given: Parameters, book: Rulebook) -> list[Finding]:
    law = proposed(given.day, given.ceilings, book)
    findings = []
    scale = book.on("rating.max_common", given.day).citation
    if given.max_common != law.max_common:
        text = msg("Thang điểm %(common)s + %(result)s khác quy định (%(law_common)s + %(law_result)s).")
        shown: dict[str, object] = {"common": given.max_common, "result": given.max_result}
        shown |= {"law_common": law.max_common, "law_result": law.max_result}
        findings.append(judged("campaign.unlike_scale", "max_common", Severity.WARN, text, scale, **shown))
    bands = book.on("rating.bands", given.day).citation
    for name in ("excellent", "good", "done"):
        value, needed = getattr(given.bands, name), getattr(law.bands, name)
        if value != needed:
            text = msg("Mức điểm %(value)s khác quy định (%(law)s).")
            findings.append(judged("campaign.unlike_band", f"band_{name}", Severity.WARN, text, bands, value=value, law=needed))
    for kind, rule in given.ceilings.items():
        known = law.rule(kind)
        if known is not None and not rule.counts_like(known):
            text = msg("Cách tính giới hạn khác quy định đang có trong sổ luật. Kiểm tra lại văn bản của đợt xếp loại.")
            findings.append(judged("campaign.unlike_ceiling", f"{kind}_pct", Severity.WARN, text, known.cite))
    return findings
