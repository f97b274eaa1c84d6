"""A value that the law set differently at different times, and where each version stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Generic, TypeVar

T = TypeVar("T")


class Confidence(StrEnum):
    """How well the wording of a provision is known."""

    QUOTED = "quoted"
    QUOTED_OLD = "quoted-old"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"

    @property
    def text(self) -> str:
        """Answer the Vietnamese words shown beside a citation."""
        return _CONFIDENCE_TEXTS[self]


_CONFIDENCE_TEXTS = {
    Confidence.QUOTED: "trích nguyên văn",
    Confidence.QUOTED_OLD: "trích văn bản trước đó",
    Confidence.SECONDARY: "nguồn thứ cấp",
    Confidence.UNVERIFIED: "chưa được kiểm chứng",
}


@dataclass(frozen=True, slots=True)
class Citation:
    """The document and the article a provision stands in."""

    instrument: str
    article: str
    confidence: Confidence

    @property
    def text(self) -> str:
        """Answer one Vietnamese line, such as "khoản 1.1, 294-QĐ/TW (nguồn thứ cấp)"."""
        return f"{self.place} ({self.confidence.text})"

    @property
    def place(self) -> str:
        """Answer the article and the document, such as "khoản 1.1, 294-QĐ/TW"."""
        return f"{self.article}, {self.instrument}" if self.article else self.instrument

    def __str__(self) -> str:
        return self.text

    @property
    def is_verified(self) -> bool:
        """Answer whether the rule may refuse: an unverified one only warns."""
        return self.confidence is not Confidence.UNVERIFIED


@dataclass(frozen=True, slots=True)
class Provision(Generic[T]):
    """A value in force from `since` until the next provision; the value None means repealed."""

    since: date
    value: T | None
    citation: Citation
    note: str = ""

    @property
    def is_repeal(self) -> bool:
        """Answer whether this provision only ends what was in force before it."""
        return self.value is None

    @property
    def required(self) -> T:
        """Answer the value of a provision in force; raise ValueError for a repeal."""
        if self.value is None:
            raise ValueError(f"the provision of {self.since:%d/%m/%Y} is a repeal and has no value")
        return self.value


class NotInForce(LookupError):
    """Nothing governs the key on that day: before the first provision, or after its repeal."""

    def __init__(self, key: str, day: date, reason: str = "") -> None:
        self.key = key
        self.day = day
        detail = f": {reason}" if reason else ""
        super().__init__(f"Không có quy định “{key}” có hiệu lực vào ngày {day:%d/%m/%Y}{detail}")


@dataclass(frozen=True, slots=True)
class Timeline(Generic[T]):
    """All provisions of one key, oldest first; two on the same day are refused."""

    key: str
    label: str
    unit: str
    provisions: tuple[Provision[T], ...]

    def __post_init__(self) -> None:
        if not self.provisions:
            raise ValueError(f"{self.key}: a timeline needs at least one provision")
        ordered = tuple(sorted(self.provisions, key=lambda p: p.since))
        for earlier, later in pairwise(ordered):
            if earlier.since == later.since:
                raise ValueError(f"{self.key}: two provisions since {later.since:%Y-%m-%d}")
        object.__setattr__(self, "provisions", ordered)

    def on(self, day: date) -> Provision[T]:
        """Answer the latest provision not after `day`; raise `NotInForce` before the first or when repealed."""
        at = bisect_right(self.provisions, day, key=lambda p: p.since)
        if at == 0:
            raise NotInForce(self.key, day, f"quy định đầu tiên có từ {self.provisions[0].since:%d/%m/%Y}")
        found = self.provisions[at - 1]
        if found.is_repeal:
            raise NotInForce(self.key, day, f"đã bãi bỏ từ {found.since:%d/%m/%Y}, {found.citation.text}")
        return found

    def layered(self, extra: Iterable[Provision[T]]) -> Timeline[T]:
        """Answer a timeline with local provisions laid over it; on the same day the later layer rules."""
        by_day = {p.since: p for p in self.provisions}
        by_day.update({p.since: p for p in extra})
        return replace(self, provisions=tuple(by_day.values()))
