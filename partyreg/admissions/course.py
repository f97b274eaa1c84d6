"""How the way of a file is shown: the columns of the board, the stepper with its dates, and whose turn it is to do what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..i18n import fmt_date, label, lazy
from ..rulebook.admission import ENDS, Step, way
from ..rulebook.timeline import NotInForce
from .models import Admission, AdmissionMove

#: The columns of the board, as an office sees the way: word in the address -> (heading, steps).
GROUPS: Mapping[str, tuple[Any, tuple[Step, ...]]] = {
    "source": (lazy("Cảm tình Đảng"), (Step.LISTED, Step.ASKED)),
    "dossier": (lazy("Làm hồ sơ"), (Step.DRAFT, Step.RETURNED)),
    "check": (lazy("Thẩm tra"), (Step.SUBMITTED, Step.COMMITTEE)),
    "decision": (lazy("Quyết định"), (Step.DECIDING,)),
    "ceremony": (lazy("Lễ kết nạp"), (Step.DECIDED,)),
    "probation": (lazy("Dự bị"), (Step.PROBATION, Step.SENT_BACK)),
    "recognition": (lazy("Công nhận"), (Step.PROPOSED, Step.RULING)),
    "card": (lazy("Thẻ đảng viên"), (Step.RECOGNISED,)),
}
DONE = ENDS
#: The look of a step's badge; the steps that are not named are neutral.
TONES: Mapping[Step, str] = {
    Step.ASKED: "info", Step.SUBMITTED: "info", Step.COMMITTEE: "info", Step.DECIDING: "info", Step.PROPOSED: "info",
    Step.RULING: "info", Step.RETURNED: "warn", Step.SENT_BACK: "warn", Step.DECIDED: "ok", Step.PROBATION: "ok",
    Step.RECOGNISED: "ok", Step.CLOSED: "ok", Step.DECLINED: "danger", Step.CANCELLED: "danger", Step.REMOVED: "danger",
}  # fmt: skip
_CELL, _OFFICE, _COMMITTEE = lazy("Chi bộ"), lazy("Ban Tổ chức"), lazy("Ban Thường vụ")
#: Step -> whose turn it is, and what she has to do now.
TURNS: Mapping[Step, tuple[Any, Any]] = {
    Step.LISTED: (_CELL, lazy("Phân công người giúp đỡ, cử học lớp bồi dưỡng, rà soát hằng tháng; đủ điều kiện thì xin làm thủ tục.")),
    Step.ASKED: (_COMMITTEE, lazy("Xem xét, cho phép chi bộ làm thủ tục kết nạp hoặc trả lại chi bộ.")),
    Step.DRAFT: (_CELL, lazy("Làm đủ hồ sơ, thẩm tra lý lịch, họp chi bộ biểu quyết, rồi trình Ban Tổ chức.")),
    Step.RETURNED: (_CELL, lazy("Sửa theo lý do trả lại rồi trình lại Ban Tổ chức.")),
    Step.SUBMITTED: (_OFFICE, lazy("Thẩm tra hồ sơ: đủ thì chuyển tiếp, thiếu thì trả lại chi bộ kèm lý do.")),
    Step.COMMITTEE: (_COMMITTEE, lazy("Ghi kết quả biểu quyết của Ban Chấp hành.")),
    Step.DECIDING: (_COMMITTEE, lazy("Họp, biểu quyết và ra quyết định kết nạp.")),
    Step.DECIDED: (_CELL, lazy("Tổ chức lễ kết nạp đúng hạn và ghi ngày lễ.")),
    Step.PROBATION: (_CELL, lazy("Theo dõi thời gian dự bị; hết hạn thì biểu quyết và đề nghị công nhận chính thức.")),
    Step.SENT_BACK: (_CELL, lazy("Sửa theo lý do trả lại rồi đề nghị lại.")),
    Step.PROPOSED: (_OFFICE, lazy("Thẩm tra hồ sơ công nhận: đủ thì chuyển tiếp, thiếu thì trả lại chi bộ.")),
    Step.RULING: (_COMMITTEE, lazy("Họp, biểu quyết, quyết định công nhận chính thức hoặc xóa tên.")),
    Step.RECOGNISED: (_OFFICE, lazy("Ghi số thẻ và ngày cấp thẻ đảng viên; sau đó hồ sơ kết thúc.")),
}
#: Step -> the column that says when the file came to it.
_CAME_ON: Mapping[Step, str] = {
    Step.LISTED: "listed_on", Step.ASKED: "asked_on", Step.DRAFT: "permitted_on", Step.SUBMITTED: "submitted_on",
    Step.DECIDING: "passed_on", Step.DECIDED: "decided_on", Step.PROBATION: "ceremony_on", Step.PROPOSED: "proposed_on",
    Step.RULING: "full_passed_on", Step.RECOGNISED: "ruled_on",
}  # fmt: skip


class Stage(NamedTuple):
    """One step of the stepper: its name, whether it is done, now or to come, and a note."""

    text: str
    state: str
    note: str | None


def group_of(step: Step) -> str | None:
    """The column of the board in which a step stands; None for the ends."""
    return next((name for name, (_heading, steps) in GROUPS.items() if step in steps), None)


def stages(file: Admission, kind: str, day: dt.date, moves: Sequence[AdmissionMove]) -> list[Stage]:
    """The whole way of the file with the days on which it came to each step; one that ended otherwise has no step under way."""
    try:
        steps = way(kind, day)
    except (NotInForce, KeyError):
        steps = tuple(_CAME_ON)
    at = {Step.RETURNED: Step.DRAFT, Step.SENT_BACK: Step.PROBATION}.get(file.step, file.step)
    closed = next((one.day for one in moves if one.to_step is Step.CLOSED), None)
    found, order = [], list(Step)
    for step in steps:
        on = getattr(file, _CAME_ON[step]) if step in _CAME_ON else closed if step is Step.CLOSED else None
        if step is Step.DRAFT:
            on = file.permitted_on or file.opened_on
        if file.step in ENDS and file.step is not Step.CLOSED:
            state = "done" if on else "todo"
        elif file.step is Step.CLOSED:
            state = "done"
        else:
            state = "now" if step is at else "done" if order.index(step) < order.index(at) else "todo"
        reached = on if state != "todo" else None
        found.append(Stage(label(file.step if step is at else step), state, fmt_date(reached) or None))
    return found
