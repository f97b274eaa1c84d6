"""The main navigation: which places there are, and which of them an actor may enter."""

from __future__ import annotations

from flask import request, url_for

from .access import Actor, Permission
from .i18n import _

#: Pages of several areas, and the place under which a reader looks for them.
_BELOW = {"office.unit": "org.index", "office.member": "members.index", "workdays.index": "office.law", "workdays.set_apart": "office.law"}

#: Icon, words, page and the permission that it needs, in the order of the day's work.
PLACES: tuple[tuple[str, str, str, Permission | None], ...] = (
    ("house-door", "Việc cần làm", "office.home", None),
    ("calendar-check", "Sinh hoạt", "meetings.board", Permission.MEETINGS_READ),
    ("people", "Đảng viên", "members.index", Permission.MEMBERS_READ),
    ("person-plus", "Kết nạp", "admissions.index", Permission.ADMISSIONS_READ),
    ("diagram-3", "Tổ chức đảng", "org.index", Permission.UNITS_READ),
    ("mortarboard", "Bồi dưỡng", "training.index", Permission.TRAINING_READ),
    ("search", "Kiểm tra, giám sát", "inspections.index", Permission.INSPECTIONS_READ),
    ("shield-exclamation", "Kỷ luật", "discipline.index", Permission.DISCIPLINE_READ),
    ("award", "Xếp loại", "ratings.index", Permission.RATINGS_READ),
    ("person-badge", "Đoàn thể, cán bộ", "staff.index", Permission.STAFF_READ),
    ("bullseye", "Chỉ tiêu", "targets.index", Permission.TARGETS_READ),
    ("file-earmark-spreadsheet", "Báo cáo", "reports.index", Permission.REPORTS_READ),
    ("archive", "Sổ văn bản đi", "documents.index", Permission.PAPERS_KEEP),
    ("book", "Quy định", "office.law", Permission.LAW_READ),
    ("key", "Bảng quyền", "office.rights", Permission.RIGHTS_READ),
    ("journal-text", "Nhật ký", "office.audit_log", Permission.AUDIT_READ),
    ("person-gear", "Tài khoản", "accounts.index", Permission.ACCOUNTS_MANAGE),
)


class Entry:
    """One line of the navigation."""

    def __init__(self, label: str, href: str, sign: str, active: bool) -> None:
        self.label, self.href, self.icon, self.active = label, href, sign, active
        self.badge: int | None = None


def navigation(actor: Actor | None) -> list[Entry]:
    """The main places that the actor may enter, in the order of the day's work; the one where the request is, is active."""
    if actor is None:
        return []
    entries = []
    for sign, text, endpoint, needs in PLACES:
        if needs is None or actor.may(needs):
            area = endpoint.split(".")[0]
            here = request.endpoint or ""
            active = endpoint in (here, _BELOW.get(here)) or (here.split(".")[0] == area and area not in ("office",))
            entries.append(Entry(_(text), url_for(endpoint), sign, active))
    return entries
