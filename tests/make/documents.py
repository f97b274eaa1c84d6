"""Papers for tests: the facts that each master is written from, and issued documents."""

from __future__ import annotations

import datetime as dt
from typing import Any

from partyreg import access
from partyreg.documents import actions
from partyreg.documents.models import Document
from partyreg.org.models import Unit

SYSTEM = access.system("test")

_WHO = {
    "place": "Mường Chiên", "date_text": "ngày 20 tháng 11 năm 2026", "name": "Quàng Thị Hoa", "born_on": "08/3/2001", "ethnicity": "Thái",
    "cell": "Chi bộ bản Bon", "committee": "Đảng ủy xã Mường Chiên", "checking_body": "Ban Xây dựng Đảng",
    "regulation": "Quy định 208-QĐ/TW", "guidance": "Hướng dẫn 01-HD/TW ngày 19/5/2026",
}  # fmt: skip
_CELL = {**_WHO, "superior": "ĐẢNG ỦY XÃ MƯỜNG CHIÊN", "organisation": "CHI BỘ BẢN BON", "signer": "Lò Văn Pâng", "signer_title": "BÍ THƯ"}
_COMMUNE = {
    **_WHO, "superior": "TỈNH ỦY SƠN LA", "superior_name": "Tỉnh ủy Sơn La", "organisation": "ĐẢNG ỦY XÃ MƯỜNG CHIÊN",
    "signer": "Cà Văn Ún", "signer_title": "BÍ THƯ",
}  # fmt: skip
_VOTE = {
    "vote_day": "20/10/2026", "vote_members": "10", "vote_counted": "9", "vote_present": "8", "vote_form": "bỏ phiếu kín", "vote_for": "7",
    "vote_for_percent": "77,78%", "vote_against": "1", "vote_against_percent": "11,11%", "vote_blank": "0", "vote_number": "5-NQ/CB",
}  # fmt: skip
_RULING = {
    "cell_vote_number": "5-NQ/CB", "cell_vote_day": "20/10/2026", "vote_day": "19/11/2026", "vote_for": "10", "vote_members": "11",
    "vote_for_percent": "90,91%", "vote_against": "1",
}  # fmt: skip
_FILE = {
    "decision_number": "16-QĐ/ĐU", "decided_on": "20/11/2026", "ceremony_on": "03/12/2026", "probation_until": "03/12/2027",
    "full_on": "03/12/2027", "self_review_on": "05/12/2027", "remark_on": "06/12/2027", "full_opinions_on": "08/12/2027",
    "new_class_number": "41/GCN", "new_class_on": "15/7/2027", "helper": "Cà Thị Bình", "helper_on": "12/01/2026",
    "listed_on": "10/01/2026", "listing_number": "1-NQ/CB", "introducers": "đồng chí Cà Thị Bình; Nghị quyết Đoàn Thanh niên số 3-NQ/ĐTN",
}  # fmt: skip

_MEETING = {
    "date_text": "ngày 03 tháng 11 năm 2026", "held_on": "03/11/2026", "about": "sinh hoạt chi bộ định kỳ tháng 11 năm 2026",
    "kind": "Định kỳ", "length": "95 phút", "venue": "Nhà văn hóa bản Bon", "topic": "Nghị quyết đại hội", "chair": "Lò Văn Pâng",
    "taker": "Cà Thị Bình", "guests": "Đồng chí Cà Văn Ún, Bí thư Đảng ủy xã", "total": "12", "present": "8", "excused": "2", "absent": "1",
    "exempt": "1", "missing": [{"status": "Vắng có lý do", "names": "Lò Thị Mai (ốm); Quàng Văn Toán (đi công tác)"}],
    "counted": "10", "counted_present": "7", "counting_rule": "208-QĐ/TW", "notes": ["Bí thư báo cáo tháng 10.", "Chi bộ thảo luận."],
    "conclusions": ["Thu đảng phí trước ngày 10."],
}  # fmt: skip

#: Master -> facts from which it can be written in full.
SAMPLES: dict[str, dict[str, Any]] = {
    "helper_assignment": {**_CELL, **_FILE, "sign": "2-NQ/CB"},
    "introducer": {
        **_CELL, "introducer": "Cà Thị Bình", "introducer_born_on": "02/9/1980", "introducer_full_on": "03/02/2010",
        "together_since": "01/01/2020",
    },
    "cell_resolution": {**_CELL, **_VOTE, **_FILE, "sign": "5-NQ/CB"},
    "committee_report": {
        **_COMMUNE, **_VOTE, **_FILE, "superior": "ĐẢNG ỦY XÃ MƯỜNG CHIÊN", "organisation": "BAN XÂY DỰNG ĐẢNG", "sign": "7-BC/BXDĐ",
        "signer": "Tòng Văn Hặc", "signer_title": "TRƯỞNG BAN", "submitted_on": "22/10/2026", "applied_on": "05/6/2026",
        "cv_on": "06/6/2026",
        "certificate_on": "10/11/2025", "certificate_number": "112/GCN", "check_paper": "14-BC/TTLL", "check_concluded_on": "20/7/2026",
        "unions_opinion_on": "01/8/2026", "residence_opinion_on": "02/8/2026", "consent_paper": "30-CV/TU",
        "readmission_paper": "31-CV/TU",
    },
    "decision": {
        **_COMMUNE, **_RULING, "sign": "16-QĐ/ĐU", "ceremony_days": "30", "ceremony_from": "ngày ban hành Quyết định",
        "probation_months": "12", "consent_paper": "Công văn 30-CV/TU ngày 01/10/2026",
    },
    "ceremony_minutes": {**_CELL, **_FILE, "sign": "1-BB/CB"},
    "recognition_resolution": {**_CELL, **_VOTE, **_FILE, "sign": "12-NQ/CB"},
    "recognition_decision": {**_COMMUNE, **_RULING, **_FILE, "sign": "17-QĐ/ĐU"},
    "removal_decision": {**_COMMUNE, **_RULING, **_FILE, "sign": "18-QĐ/ĐU", "complaint_days": "30"},
    "cancel_decision": {**_COMMUNE, **_FILE, "sign": "19-QĐ/ĐU", "reason": "kết nạp không đúng thẩm quyền"},
    "meeting_minutes": {**_CELL, **_MEETING},
    "meeting_attendance": {
        **_CELL, **_MEETING,
        "lines": [{"number": "1", "name": "Lò Thị Mai", "standing": "Dự bị", "status": "Vắng có lý do", "reason": "ốm"}],
    },
    "meeting_tasks": {
        **_CELL, **_MEETING, "task_count": "1",
        "lines": [{"number": "1", "title": "Làm đường", "person": "Lò Thị Mai", "due": "01/12/2026", "outcome": "Xong"}],
    },
    "meeting_resolution": {**_CELL, **_MEETING, "sign": "…-NQ/CB"},
    "year_end_report": {
        **_COMMUNE, "sign": "…-BC/ĐU", "about": "công tác tổ chức xây dựng Đảng năm 2025", "opening": ["Số liệu đến ngày 31/12/2025."],
        "sections": [{
            "title": "I. Đảng viên", "lines": ["Tổng số: 881."], "gaps": ["Chưa đủ số liệu: 1 chi bộ."], "charts": [],
            "tables": [{"title": "Theo chi bộ", "shape": "4", "head": ["STT", "Chi bộ", "Số", "Tăng"],
                        "rows": [["4", "Bản Bon", "49", "–"]]}],
        }],
        "recipient": "Tỉnh ủy Sơn La", "keeper": "Văn phòng Đảng ủy", "on_behalf": "T/M BAN THƯỜNG VỤ", "signer_title": "BÍ THƯ",
        "signed_by": "Cà Văn Ún", "checked": "Mã kiểm tra: abc",
        "annexes": [{"title": "Chỉ tiêu 21a", "note": "Tính vào: 1.", "shape": "4", "head": ["STT", "Chi bộ", "Loại", "Mức"],
                     "rows": [["4", "Bản Hé", "bản", "Tốt"]]}],
    },
    "meeting_book": {**_CELL, "year": "2026", "count": "1", "meetings": [{"number": "1", **_MEETING}]},
}  # fmt: skip


def document(
    *, unit: Unit, issuer: Unit | None = None, series: str | None = "QĐ/ĐU", issued_on: dt.date = dt.date(2026, 11, 20),
    master: str = "cancel_decision", facts: dict[str, Any] | None = None, at_least: int = 0,
) -> Document:  # fmt: skip
    """A document of `unit`, issued by it unless another issuer is told."""
    return actions.issue(
        SYSTEM, unit=unit, issuer=issuer or unit, kind=master, title="Quyết định hủy bỏ quyết định kết nạp", master=master,
        facts={**SAMPLES[master], **(facts or {})}, issued_on=issued_on, signer="Cà Văn Ún", series=series, form_code="9H-HKN",
        at_least=at_least,
    )  # fmt: skip
