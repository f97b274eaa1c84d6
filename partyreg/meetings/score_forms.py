"""The shape of a score as it is typed: a number for each line that people judge, and a remark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import wtforms
from wtforms.validators import Length, Optional

from ..forms import Form, whole_number
from ..i18n import _, lazy
from ..rulebook.finding import Finding
from ..rulebook.meeting_score import Line, read_points
from .score_actions import REMARK, written

PREFIX = "points_"


def _without_nul(value: Any) -> Any:
    """No text of ours holds a zero byte; PostgreSQL cannot store one."""
    return value.replace("\x00", "") if isinstance(value, str) else value


class ScoreForm(Form):
    """What every score has; `form_of` adds a field for each line."""

    remark = wtforms.TextAreaField(lazy("Nhận xét"), filters=[_without_nul], validators=[Optional(), Length(max=REMARK)])
    version = wtforms.HiddenField()

    @property
    def seen(self) -> int | None:
        """The version that the page showed; None where it showed no score."""
        return whole_number(self.version.data or "") or None

    def line(self, key: str) -> Any:
        """The field of a line; None where the register judged it and nobody may give another number."""
        return self._fields.get(PREFIX + key)

    def typed(self, sent: Mapping[str, str]) -> dict[str, object]:
        """What was sent for the lines, those among it that this sheet has not."""
        return {name.removeprefix(PREFIX): _without_nul(value) for name, value in sent.items() if name.startswith(PREFIX)}

    def sum_of(self, keys: Iterable[str], fixed: Mapping[str, Decimal]) -> tuple[Decimal, int]:
        """The points so far, and how many lines have none yet; what cannot be read counts as none."""
        found = {key: read_points(field.data or "") if (field := self.line(key)) is not None else fixed.get(key) for key in keys}
        return sum((value for value in found.values() if value is not None), Decimal(0)), sum(value is None for value in found.values())

    def show(self, findings: Iterable[Finding]) -> None:
        """Put each finding about a line beside it; the others beside the remark, or above the form."""
        findings = list(findings)
        about = [finding for finding in findings if self.line(finding.field) is not None]
        super().show(finding for finding in findings if finding not in about)
        for finding in about:
            field = self.line(finding.field)
            field.errors = [*field.errors, finding]


def form_of(lines: Iterable[Line], stands: Mapping[str, Decimal], remark: str | None, version: int | None, is_sent: bool) -> ScoreForm:
    """The form for those lines, as it was sent, else with what stands."""
    fields: dict[str, Any] = {}
    for line in lines:
        text = _("%(name)s (tối đa %(most)s)", name=line.name, most=written(line.maximum))
        fields[PREFIX + line.key] = wtforms.StringField(text, filters=[_without_nul])
    kind = type("SheetForm", (ScoreForm,), fields)
    if is_sent:
        return kind()  # type: ignore[no-any-return]
    data = {PREFIX + key: written(value) for key, value in stands.items()}
    return kind(data={**data, "remark": remark, "version": version})  # type: ignore[no-any-return]
