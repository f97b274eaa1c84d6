"""A rule answers with reasons: what was found, why, and what to do now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from partyreg.rulebook.timeline import Citation


class Severity(StrEnum):
    """What a finding does: refuse, warn, or confirm (INFO is the same as OK)."""

    BLOCK = "block"
    WARN = "warn"
    OK = "ok"
    INFO = "ok"  # An alias on purpose: a confirmation and an information look the same.


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer of one rule. `template` is the untranslated Vietnamese text, `message` the same with its facts."""

    code: str
    field: str
    severity: Severity
    message: str
    cite: Citation | None = None
    facts: Mapping[str, object] = made(default_factory=dict)
    template: str = ""

    @property
    def blocks(self) -> bool:
        """Answer whether the deed must be refused."""
        return self.severity is Severity.BLOCK

    @property
    def shown_facts(self) -> dict[str, str]:
        """Answer the facts as written in a message, to fill a translated template."""
        return {name: _shown(value) for name, value in self.facts.items()}


def msg(text: str) -> str:
    """Answer the text as it is; the name marks a template for the catalogue."""
    return text


UNVERIFIED_NOTE = msg("quy định chưa được kiểm chứng")


def judged(
    code: str,
    on_field: str,
    severity: Severity,
    template: str,
    cite: Citation | None = None,
    **facts: object,
) -> Finding:
    """Answer a finding with its message rendered; an unverified citation warns and never blocks, and says so."""
    message = template % {name: _shown(value) for name, value in facts.items()} if facts else template
    if cite is not None and not cite.is_verified and severity is not Severity.OK:
        severity = Severity.WARN
        message = f"{message} ({UNVERIFIED_NOTE})"
    return Finding(code, on_field, severity, message, cite, MappingProxyType(dict(facts)), template)


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """Answer the findings that refuse."""
    return [f for f in findings if f.severity is Severity.BLOCK]


def warnings(findings: Iterable[Finding]) -> list[Finding]:
    """Answer the findings that warn."""
    return [f for f in findings if f.severity is Severity.WARN]


def _shown(value: object) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
