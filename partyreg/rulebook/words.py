"""Values of the law in Vietnamese words, for the page "the law on a day"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from partyreg.rulebook.finding import msg

UNITS: Mapping[str, str] = {
    "agenda": msg("%(value)s"),
    "body": msg("%(value)s"),
    "conclusions": msg("%(value)s"),
    "members, more than": msg("quá %(value)s đảng viên"),
    "codes": msg("%(value)s"),
    "day": msg("ngày %(value)s"),
    "day of month": msg("ngày %(value)s hằng tháng"),
    "days": msg("%(value)s ngày"),
    "dates": msg("%(value)s"),
    "document": msg("%(value)s"),
    "digits": msg("%(value)s chữ số"),
    "forms": msg("%(value)s"),
    "frames": msg("%(value)s"),
    "kinds": msg("%(value)s"),
    "level": msg("%(value)s"),
    "meetings": msg("%(value)s kỳ"),
    "minutes": msg("ít nhất %(value)s phút"),
    "moment": msg("%(value)s"),
    "month": msg("%(value)s"),
    "months": msg("%(value)s tháng"),
    "needs": msg("%(value)s"),
    "pattern": msg("%(value)s"),
    "percent": msg("%(value)s %%"),
    "percent change": msg("%(value)s %%"),
    "percent, at least": msg("ít nhất %(value)s %%"),
    "percent, at most": msg("nhiều nhất %(value)s %%"),
    "people, at most": msg("nhiều nhất %(value)s người"),
    "posts, at most": msg("nhiều nhất %(value)s chức danh"),
    "persons": msg("%(value)s người"),
    "points": msg("%(value)s điểm"),
    "quarters": msg("%(value)s quý"),
    "readings": msg("%(value)s"),
    "reasons": msg("%(value)s"),
    "rule": msg("%(value)s"),
    "schooling": msg("%(value)s"),
    "share, at least": msg("ít nhất %(value)s"),
    "share, at most": msg("nhiều nhất %(value)s"),
    "share, more than": msg("quá %(value)s"),
    "standings": msg("%(value)s"),
    "steps": msg("%(value)s"),
    "billion VND": msg("%(value)s tỷ đồng"),
    "cages": msg("%(value)s lồng"),
    "enterprises": msg("%(value)s doanh nghiệp"),
    "files": msg("%(value)s hồ sơ"),
    "head": msg("%(value)s con"),
    "households": msg("%(value)s hộ"),
    "schools": msg("%(value)s trường"),
    "tons": msg("%(value)s tấn"),
    "villages": msg("%(value)s bản"),
    "visits": msg("%(value)s lượt khách"),
    "workers": msg("%(value)s lao động"),
    "times": msg("%(value)s lần"),
    "wd": msg("%(value)s ngày làm việc"),
    "years": msg("%(value)s năm"),
    "yes/no": msg("%(value)s"),
}

CODES: Mapping[str, str] = {
    "UNIONS": msg("ý kiến tổ chức chính trị - xã hội"),
    "RESIDENCE": msg("ý kiến chi ủy nơi cư trú"),
    "NEW_CLASS": msg("giấy chứng nhận lớp đảng viên mới"),
    "SELF_REVIEW": msg("bản tự kiểm điểm"),
    "REMARK": msg("nhận xét của người giúp đỡ"),
    "OPINIONS": msg("bản tổng hợp ý kiến"),
    "CEREMONY_PLUS_PROBATION": msg("ngày lễ kết nạp cộng thời gian dự bị"),
    "DECIDED": msg("ngày quyết định kết nạp"),
    "ISSUED": msg("ngày ban hành quyết định"),
    "RECEIVED": msg("ngày nhận được quyết định"),
    "EXPELLED": msg("bị khai trừ"),
    "REMOVED": msg("bị xóa tên"),
    "ABANDONED": msg("tự ý bỏ sinh hoạt đảng"),
    "OWN_REQUEST": msg("tự xin ra khỏi Đảng, trừ gia đình đặc biệt khó khăn"),
    "DISUNITY": msg("gây mất đoàn kết nghiêm trọng"),
    "CORRUPTION": msg("bị kết án vì tham nhũng"),
    "SERIOUS_CRIME": msg("bị kết án vì tội nghiêm trọng trở lên"),
    "LOST_CONTACT": msg("mất liên lạc"),
    "TRANSFER_GAP": msg("gián đoạn khi chuyển sinh hoạt"),
    "EXEMPT": msg("được miễn công tác và sinh hoạt đảng"),
    "SUSPENDED": msg("bị đình chỉ sinh hoạt đảng"),
    "PROSECUTED": msg("bị khởi tố, truy tố"),
    "DETAINED": msg("bị tạm giam"),
    "TEMPORARY_ELSEWHERE": msg("sinh hoạt tạm thời nơi khác"),
    "NEW": msg("mới kết nạp"),
    "LITERATE": msg("biết đọc, biết viết"),
    "PRIMARY": msg("hoàn thành tiểu học"),
    "LOWER_SECONDARY": msg("hoàn thành trung học cơ sở"),
    "SECRET_BALLOT": msg("bỏ phiếu kín"),
    "MEMBER_CARD": msg("giơ thẻ đảng viên"),
    "REGULAR": msg("thường kỳ"),
    "THEMATIC": msg("chuyên đề"),
    "EXTRAORDINARY": msg("bất thường"),
    "EXCELLENT": msg("xuất sắc"),
    "GOOD": msg("tốt"),
    "NOT_GOOD": msg("chưa tốt"),
    "FAULTS": msg("có khuyết điểm, vi phạm"),
    "FAIR": msg("khá"),
    "AVERAGE": msg("trung bình"),
    "POOR": msg("kém"),
    "DONE": msg("hoàn thành nhiệm vụ"),
    "NOT_DONE": msg("không hoàn thành nhiệm vụ"),
    "GOOD_ONLY": msg("số hoàn thành tốt nhiệm vụ"),
    "GOOD_OR_BETTER": msg("số hoàn thành tốt nhiệm vụ trở lên"),
    "ALL_RATED": msg("tổng số được xếp loại"),
    "GRASSROOTS_ORGANISATION": msg("từng tổ chức cơ sở đảng"),
    "TASK_GROUP": msg("từng nhóm có nhiệm vụ tương đồng"),
    "CELL": msg("từng chi bộ"),
    "COMMUNE": msg("toàn Đảng bộ xã, từng loại đối tượng"),
    "AGENCY": msg("từng cơ quan"),
    "SAME_KIND": msg("từng loại hình tổ chức"),
    "FLOOR": msg("làm tròn xuống"),
    "NEAREST": msg("làm tròn gần nhất"),
    "CEILING": msg("làm tròn lên"),
    "YEAR": msg("hằng năm"),
    "TERM": msg("cả nhiệm kỳ"),
    "STATE": msg("đến ngày"),
    "MEAN": msg("bình quân mỗi năm"),
    "pct": msg("tỷ lệ %%"),
    "exception_pct": msg("ngoại lệ %%"),
    "base": msg("tính trên"),
    "unit": msg("trong"),
    "rounding": msg("cách làm tròn"),
    "threshold": msg("ngưỡng"),
    "comparator": msg("so sánh"),
    "period": msg("kỳ"),
    "upper": msg("phấn đấu đến"),
    "by": msg("chậm nhất"),
    "name": msg("tiêu chí"),
    "points": msg("điểm"),
    "from": msg("từ %%"),
    "KEPT": msg("đúng quy định"),
    "FIRST_WEEK": msg("trong tuần đầu"),
    "LATE": msg("muộn"),
    "SHORT": msg("thiếu thời lượng"),
    "HELD": msg("đã có"),
    "RUNNING": msg("quý chưa hết"),
    "MISSED": msg("không có"),
    "kinds": msg("lớp"),
    "since": msg("tính từ"),
    "AWARENESS": msg("lớp bồi dưỡng nhận thức về Đảng"),
    "CELL_SECRETARIES": msg("lớp bí thư chi bộ"),
    "VILLAGE_HEADS": msg("lớp trưởng bản"),
    "VILLAGE_FRONTS": msg("lớp trưởng ban công tác Mặt trận"),
    "DIGITAL": msg("lớp kỹ năng số"),
    "COLLECTIVE": msg("tập thể"),
    "CENTRAL_CADRE": msg("cán bộ thuộc diện Trung ương quản lý"),
    "LEADER": msg("cán bộ lãnh đạo, quản lý"),
    "NO_OFFICE": msg("đảng viên không giữ chức vụ"),
    "OUTSIDE": msg("đảng viên không công tác trong hệ thống chính trị"),
    "QUALITY": msg("phẩm chất chính trị, đạo đức, nêu gương"),
    "INNOVATION": msg("đổi mới, dám nghĩ, dám làm"),
    "SELF_CRITICISM": msg("tự phê bình, khắc phục hạn chế"),
    "GUEST": msg("sinh hoạt tạm thời, xếp loại ở chi bộ chính thức"),
    "MOVED_OUT": msg("đã chuyển đi, xếp loại ở nơi đến"),
    "NOT_YET": msg("chuyển đến sau ngày tính"),
    "LEFT": msg("không còn là đảng viên"),
    "rating.ceiling": msg("quy định của đợt xếp loại"),
    "rating.ceiling_organisations": msg("quy định của đợt xếp loại"),
    "rating.ceiling_good_only": msg("trên số hoàn thành tốt của từng tổ chức cơ sở đảng"),
    "rating.ceiling_cell": msg("trên số hoàn thành tốt trở lên của từng chi bộ"),
    "rating.ceiling_all_rated": msg("trên tổng số được xếp loại của từng cơ quan"),
    "rating.ceiling_same_kind": msg("trên số hoàn thành tốt của từng loại hình tổ chức"),
    "rating.civil_servant_ceiling": msg("công chức trong từng nhóm có nhiệm vụ tương đồng"),
    "rating.civil_servant_ceiling_agency": msg("công chức của cả cơ quan"),
    "admission.certificate_months": msg("theo thời hạn giấy chứng nhận khi kết nạp"),
    "reprimand": msg("khiển trách"),
    "warning": msg("cảnh cáo"),
    "removal_from_office": msg("cách chức"),
    "expulsion": msg("khai trừ"),
    "dissolution": msg("giải tán"),
    "politics": msg("chính trị nội bộ"),
    "security": msg("phương hại quốc phòng, an ninh, đối ngoại"),
    "pregnancy": msg("đang mang thai"),
    "child": msg("nuôi con nhỏ"),
    "illness": msg("ốm nặng đang điều trị"),
}

#: The steps of an admission, as a provision names them.
STEPS: Mapping[str, str] = {
    "listed": msg("trong danh sách cảm tình Đảng"),
    "asked": msg("xin làm thủ tục"),
    "draft": msg("làm hồ sơ"),
    "submitted": msg("ban tổ chức thẩm tra"),
    "committee": msg("đảng ủy biểu quyết"),
    "deciding": msg("ban thường vụ quyết định"),
    "decided": msg("làm lễ kết nạp"),
    "probation": msg("dự bị"),
    "proposed": msg("ban tổ chức thẩm tra việc công nhận"),
    "ruling": msg("ban thường vụ quyết định công nhận"),
    "recognised": msg("phát thẻ"),
    "closed": msg("xong"),
}
#: What a step of an admission demands, as a provision names it.
NEEDS: Mapping[str, str] = {
    "listing": msg("nghị quyết đưa vào danh sách"),
    "review": msg("rà soát hằng tháng"),
    "helper": msg("người giúp đỡ"),
    "class": msg("lớp bồi dưỡng nhận thức về Đảng"),
    "start": msg("nghị quyết đề nghị làm thủ tục"),
    "permission": msg("được phép làm thủ tục"),
    "age": msg("tuổi"),
    "schooling": msg("trình độ học vấn"),
    "application": msg("đơn xin vào Đảng"),
    "cv": msg("lý lịch"),
    "certificate": msg("giấy chứng nhận còn giá trị"),
    "introducers": msg("người giới thiệu"),
    "background": msg("kết luận thẩm tra lý lịch"),
    "opinions": msg("ý kiến nhận xét"),
    "dossier": msg("hồ sơ còn giá trị"),
    "readmission": msg("điều kiện kết nạp lại"),
    "cell_vote": msg("chi bộ biểu quyết"),
    "committee_vote": msg("đảng ủy biểu quyết"),
    "standing_vote": msg("ban thường vụ biểu quyết"),
    "decision": msg("quyết định kết nạp"),
    "ceremony": msg("lễ kết nạp"),
    "probation_over": msg("hết thời gian dự bị"),
    "new_class": msg("lớp đảng viên mới"),
    "self_review": msg("bản tự kiểm điểm"),
    "remark": msg("nhận xét của người giúp đỡ"),
    "full_opinions": msg("tổng hợp ý kiến"),
    "recognition_vote": msg("chi bộ biểu quyết công nhận"),
    "ruling_vote": msg("ban thường vụ biểu quyết công nhận"),
    "ruling": msg("quyết định công nhận"),
    "card": msg("thẻ đảng viên"),
}
#: The kinds of cells that a way is for.
CELLS: Mapping[str, str] = {
    "village_cell": msg("Chi bộ trực thuộc"),
    "grassroots_cell": msg("Chi bộ cơ sở"),
}
#: The kinds of inspections and supervisions.
INSPECTIONS: Mapping[str, str] = {
    "SIGNS": msg("kiểm tra khi có dấu hiệu vi phạm"),
    "COMPLIANCE": msg("kiểm tra chấp hành"),
    "FINANCE": msg("kiểm tra tài chính đảng"),
    "DISCIPLINE": msg("kiểm tra việc thi hành kỷ luật"),
    "SUPERVISION": msg("giám sát thường xuyên"),
    "THEMATIC": msg("giám sát chuyên đề"),
}
#: Who may hold them.
INSPECTORS: Mapping[str, str] = {
    "COMMITTEE": msg("ban chấp hành"),
    "STANDING": msg("ban thường vụ"),
    "COMMISSION": msg("ủy ban kiểm tra"),
    "ADVISORY": msg("cơ quan tham mưu"),
    "CELL": msg("chi bộ"),
}
#: Whether there is a team, and the papers that are owed.
TEAMS: Mapping[str, str] = {
    "TEAM": msg("có tổ kiểm tra"),
    "ALONE": msg("chi bộ không lập tổ"),
}
PAPERS: Mapping[str, str] = {
    "DECISION": msg("quyết định"),
    "PLAN": msg("kế hoạch"),
    "REPORT": msg("báo cáo kết quả"),
}
#: The steps of a rating, and who takes them.
RATING_STEPS: Mapping[str, str] = {
    "TARGETS": msg("đăng ký chỉ tiêu"),
    "SELF": msg("tự xếp loại"),
    "VOTE": msg("biểu quyết đề xuất mức"),
    "CHECK": msg("thẩm định"),
    "OPINION": msg("cấp trên nhận xét"),
    "DECISION": msg("quyết định"),
}
RATING_BODIES: Mapping[str, str] = {
    "SUBJECT": msg("người hoặc tập thể được xếp loại"),
    "CELL": msg("chi bộ"),
    "ADVISORY": msg("cơ quan tham mưu"),
    "SUPERIOR": msg("cấp trên trực tiếp"),
    "STANDING": msg("ban thường vụ"),
}
#: Unit of a table -> the words of its names, the words of what stands under them, and what joins these.
_TABLES: Mapping[str, tuple[Mapping[str, str], Mapping[str, str], str]] = {
    "steps": (CELLS, STEPS, " → "),
    "needs": (STEPS, NEEDS, ", "),
    "bodies by step": (RATING_STEPS, RATING_BODIES, ", "),
    "bodies by kind": (INSPECTIONS, INSPECTORS, ", "),
    "papers by team": (TEAMS, PAPERS, ", "),
}

YES, NO = msg("có"), msg("không")


def unit_word(unit: str, say: Callable[[str], str] = str) -> str:
    """Answer the bare word of a unit, such as "tấn"; raise KeyError for an unknown unit."""
    return (say(UNITS[unit]) % {"value": ""}).strip()


def value_text(value: Any, unit: str, say: Callable[[str], str] = str) -> str:
    """Answer a value with its unit, such as "30 ngày làm việc"; `say` may translate. Raise KeyError for an unknown unit or code."""
    if unit in _TABLES:
        names, words, joint = _TABLES[unit]
        return "; ".join(f"{say(names[name])}: {joint.join(say(words[code]) for code in codes)}" for name, codes in value.items())
    if unit == "agenda":
        say = str  # its points are worded for the minutes, which are Vietnamese; so are the names before them
    pattern = "%(value)s" if isinstance(value, Mapping) else say(UNITS[unit])
    return pattern % {"value": _text(value, say)}


def _name(name: str, say: Callable[[str], str]) -> str:
    return name if name.isdigit() else say(CODES[name]) % ()


def _text(value: Any, say: Callable[[str], str]) -> str:
    if isinstance(value, bool):
        return say(YES if value else NO)
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Mapping):
        if {"name", "points"} <= set(value):
            inside = value.get("parts") or value.get("steps")  # all in the language of the names, which are the law's own words
            return f"{value['name']} {value['points']}{f' ({_text(inside, str)})' if inside else ''}"
        return "; ".join(f"{_name(name, say)}: {_text(item, say)}" for name, item in value.items())
    if isinstance(value, tuple):
        is_long = any(isinstance(item, Mapping) or ", " in str(item) for item in value)
        return ("; " if is_long else ", ").join(_text(item, say) for item in value)
    return say(CODES[value]) if value in CODES else str(value)
