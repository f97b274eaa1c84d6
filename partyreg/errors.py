"""The few errors that a view may meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .rulebook.finding import Finding


class RuleBroken(Exception):
    """The law or the row's own logic refuses the deed; `findings` say what, why and what now."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(finding.message for finding in findings))
        self.findings = tuple(findings)


class Conflict(Exception):
    """Somebody changed the row meanwhile; `theirs` is what stands, `mine` what was sent, both label -> value."""

    def __init__(self, message: str, *, mine: Mapping[str, Any] | None = None, theirs: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.mine = dict(mine or {})
        self.theirs = dict(theirs or {})


class NotVisible(Exception):
    """There is no such row among those that the actor may see."""


class Forbidden(Exception):
    """This is not the actor's kind of work at all."""
