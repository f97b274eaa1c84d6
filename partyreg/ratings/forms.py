"""What the sheets of levels look like when they come back: one row a member, or one row a cell."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

import wtforms
from wtforms.validators import InputRequired, Length

from ..forms import Form
from ..i18n import _, lazy
from .models import Level, NotRated

#: The choice that stands for "no level", with the reason in a second control.
NO_LEVEL = "none"


@dataclasses.dataclass(slots=True)
class Entered:
    """What was chosen, the versions that were seen, and what could not be read; by member or unit id."""

    levels: dict[int, Level | NotRated] = dataclasses.field(default_factory=dict)
    versions: dict[int, int] = dataclasses.field(default_factory=dict)
    wrong: dict[int, str] = dataclasses.field(default_factory=dict)


def short_labels() -> list[tuple[str, str]]:
    """The levels in few words, for buttons."""
    return [
        (Level.EXCELLENT.value, _("Xuất sắc")), (Level.GOOD.value, _("Tốt")), (Level.DONE.value, _("Hoàn thành")),
        (Level.NOT_DONE.value, _("Không hoàn thành")),
    ]  # fmt: skip


def read_levels(data: Mapping[str, str], ids: Iterable[int]) -> Entered:
    """The rows `level-<id>`, `reason-<id>`, `version-<id>` of those ids; a row without a choice is left alone."""
    found = Entered()
    for one in ids:
        chosen = data.get(f"level-{one}", "")
        found.versions[one] = _number(data.get(f"version-{one}", ""))
        if not chosen:
            continue
        try:
            found.levels[one] = NotRated(data.get(f"reason-{one}", "")) if chosen == NO_LEVEL else Level(chosen)
        except ValueError:
            found.wrong[one] = _("Lựa chọn không có trong danh sách. Hãy chọn lại.")
    return found


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class ReasonForm(Form):
    """Why a closed year is opened again."""

    reason = wtforms.StringField(lazy("Lý do mở lại"), validators=[InputRequired(), Length(max=300)])
