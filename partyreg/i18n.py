"""Vietnamese first: the labels of enums, and dates and numbers as Vietnamese offices write them; English by a catalogue."""

from __future__ import annotations

import datetime as dt
import enum
import functools
from collections import UserString
from collections.abc import Mapping
from contextvars import ContextVar
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from flask import Flask, current_app, has_request_context, request, session

from . import clock
from .rulebook.finding import UNVERIFIED_NOTE, Finding
from .rulebook.timeline import Citation
from .rulebook.words import value_text

LOCALES = ("vi", "en")

#: The English words of every Vietnamese text; `python -m partyreg.translate` keeps it up with the source.
CATALOGUE = Path(__file__).parent / "translations" / "en" / "LC_MESSAGES" / "messages.po"

#: Whether the work at hand speaks English; the door sets it for each request.
_english: ContextVar[bool] = ContextVar("english", default=False)


def _(text: str, /, **facts: Any) -> str:
    """The words in the language of the page. Vietnamese is the source, so only English looks into the catalogue."""
    if _english.get():
        text = _catalogue().get(text, text)
    return text % facts if facts else text


@functools.cache
def _catalogue() -> Mapping[str, str]:
    """The catalogue, read when somebody first asks for English."""
    from babel.messages.pofile import read_po  # large, and Vietnamese pages do without

    with CATALOGUE.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if one.id and one.string}


class Lazy(UserString):
    """Words that are chosen each time they are shown."""

    def __init__(self, text: object, **facts: Any) -> None:
        self.text, self.facts = str(text), facts

    @property
    def data(self) -> str:  # type: ignore[override]
        """The words in the language of the page."""
        return _(self.text, **self.facts)


def lazy(text: str, /, **facts: Any) -> Any:
    """Words that are chosen when they are shown."""
    return Lazy(text, **facts)


def speak(language: str) -> None:
    """From now on this request speaks that language."""
    _english.set(language == "en")


def select_locale() -> str:
    """The language of this request: `?lang=`, then the choice kept in the browser, then the office's own."""
    if not has_request_context():
        return "vi"
    wanted = (request.args.get("lang"), session.get("lang"), current_app.config.get("PARTYREG_LOCALE"))
    return next((str(one) for one in wanted if one in LOCALES), "vi")


def init_i18n(app: Flask) -> None:
    """Languages and the formatting filters are available in every template."""
    app.jinja_env.globals.update(_=_)
    app.jinja_env.filters.update(
        date=fmt_date, moment=fmt_moment, number=fmt_number, percent=fmt_percent, label=label, deed=deed_label, words=words,
        law_area=law_area, law_value=law_value, said=said, cited=cited,
    )  # fmt: skip
    app.teardown_request(_fall_silent)


def _fall_silent(_error: BaseException | None) -> None:
    speak("vi")


def is_english() -> bool:
    """Whether the page is shown in English."""
    return _english.get()


def fmt_date(day: dt.date | None) -> str:
    """`23/11/2026`; an empty string for no day."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}" if day else ""


def fmt_moment(moment: dt.datetime | None) -> str:
    """`23/11/2026 14:05` by the office's clock."""
    return moment.astimezone(clock.OFFICE_ZONE).strftime("%d/%m/%Y %H:%M") if moment else ""


def fmt_number(value: int | float | Decimal | None, places: int = 0) -> str:
    """`1.234` or `1.234,5` (English: `1,234.5`)."""
    if value is None:
        return ""
    text = f"{value:,.{places}f}"
    return text if is_english() else text.translate(str.maketrans(",.", ".,"))


def fmt_percent(value: float | Decimal | None, places: int = 2) -> str:
    """`19,05 %`."""
    return f"{fmt_number(value, places)} %" if value is not None else ""


def percentage(part: int, whole: int) -> Decimal | None:
    """Part of whole in percent with two decimals, half up; None where the whole is empty."""
    if whole == 0:
        return None
    exact = Fraction(part * 100, whole)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def label(member: enum.Enum | None) -> str:
    """The Vietnamese (or English) words for an enum's member."""
    if member is None:
        return ""
    return str(LABELS[f"{type(member).__name__}.{member.value}"])


def deed_label(name: str) -> str:
    """The words for a deed of the audit, `area.verb`."""
    return str(LABELS.get(f"Deed.{name}", name))


def words(key: str, otherwise: str = "") -> str:
    """The words for a stored value, `Class.value`; what stands for an unknown one."""
    return str(LABELS.get(key, otherwise or key))


def law_area(name: str) -> str:
    """The words for an area of the law, the first part of a provision's key."""
    return str(LABELS.get(f"Law.{name}", name))


def said(finding: Finding) -> str:
    """What a rule found, in the language of the page."""
    if not is_english() or not finding.template:
        return finding.message
    text = _(finding.template, **{name: _(value) for name, value in finding.shown_facts.items()})
    return f"{text} ({_(UNVERIFIED_NOTE)})" if finding.message.endswith(f"({UNVERIFIED_NOTE})") else text


def cited(citation: Citation) -> str:
    """Where a rule stands: the document's own Vietnamese name, and how certain it is in the language of the page."""
    if not is_english():
        return citation.text
    return f"{citation.place} ({label(citation.confidence)})"


def law_value(value: Any, unit: str) -> str:
    """A value of the law with its unit."""
    return value_text(value, unit, _)


#: Every label of every enum, in one place: "Class.value" -> words of the glossary.
LABELS: dict[str, Any] = {
    "UnitKind.commune": lazy("Đảng bộ xã"),
    "UnitKind.section": lazy("Đảng bộ bộ phận"),
    "UnitKind.grassroots_cell": lazy("Chi bộ cơ sở"),
    "UnitKind.village_cell": lazy("Chi bộ trực thuộc (bản)"),
    "Block.party": lazy("Khối Đảng"),
    "Block.government": lazy("Khối chính quyền"),
    "Block.front": lazy("Khối Mặt trận và đoàn thể"),
    "Block.armed_forces": lazy("Khối lực lượng vũ trang"),
    "Block.schools": lazy("Khối trường học"),
    "Block.health": lazy("Khối y tế"),
    "Block.village": lazy("Khối bản"),
    "LineageKind.merge": lazy("Sáp nhập"),
    "LineageKind.split": lazy("Chia tách"),
    "LineageKind.rename": lazy("Đổi tên"),
    "Sex.male": lazy("Nam"),
    "Sex.female": lazy("Nữ"),
    "Schooling.literate": lazy("Biết đọc, biết viết"),
    "Schooling.primary": lazy("Tiểu học"),
    "Schooling.lower_secondary": lazy("Trung học cơ sở"),
    "Schooling.upper_secondary": lazy("Trung học phổ thông"),
    "Qualification.none": lazy("Chưa qua đào tạo"),
    "Qualification.elementary": lazy("Sơ cấp"),
    "Qualification.intermediate": lazy("Trung cấp"),
    "Qualification.college": lazy("Cao đẳng"),
    "Qualification.university": lazy("Đại học"),
    "Qualification.postgraduate": lazy("Trên đại học"),
    "Theory.none": lazy("Chưa qua đào tạo"),
    "Theory.elementary": lazy("Sơ cấp"),
    "Theory.intermediate": lazy("Trung cấp"),
    "Theory.advanced": lazy("Cao cấp"),
    "Standing.probationary": lazy("Dự bị"),
    "Standing.full": lazy("Chính thức"),
    "Exit.expelled": lazy("Khai trừ"),
    "Exit.removed": lazy("Xóa tên"),
    "Exit.withdrew": lazy("Xin ra khỏi Đảng"),
    "Exit.died": lazy("Từ trần"),
    "Exit.moved_away": lazy("Chuyển đi"),
    "PostingKind.home": lazy("Chính thức"),
    "PostingKind.temporary": lazy("Tạm thời"),
    "AbeyanceKind.exemption": lazy("Miễn công tác và sinh hoạt đảng"),
    "AbeyanceKind.suspension": lazy("Đình chỉ sinh hoạt"),
    "Body.executive": lazy("Ban Chấp hành"),
    "Body.standing": lazy("Ban Thường vụ"),
    "Body.cell_committee": lazy("Chi ủy"),
    "Body.inspection": lazy("Ủy ban kiểm tra"),
    "Body.village": lazy("Bản"),
    "Body.village_front": lazy("Ban công tác Mặt trận bản"),
    "Title.secretary": lazy("Bí thư"),
    "Title.deputy_secretary": lazy("Phó bí thư"),
    "Title.member": lazy("Ủy viên"),
    "Title.chair": lazy("Chủ nhiệm"),
    "Title.deputy_chair": lazy("Phó chủ nhiệm"),
    "Title.head": lazy("Trưởng"),
    "MeetingKind.regular": lazy("Định kỳ"),
    "MeetingKind.thematic": lazy("Chuyên đề"),
    "MeetingKind.extraordinary": lazy("Bất thường"),
    "Attendance.present": lazy("Có mặt"),
    "Attendance.excused": lazy("Vắng có lý do"),
    "Attendance.absent": lazy("Vắng không lý do"),
    "Attendance.exempt": lazy("Được miễn"),
    "IntroducerKind.member": lazy("Đảng viên chính thức"),
    "IntroducerKind.youth_union": lazy("Nghị quyết Đoàn Thanh niên"),
    "IntroducerKind.trade_union": lazy("Nghị quyết Công đoàn"),
    "Step.listed": lazy("Cảm tình Đảng"),
    "Step.asked": lazy("Xin làm thủ tục"),
    "Step.draft": lazy("Đang làm hồ sơ"),
    "Step.returned": lazy("Trả lại chi bộ"),
    "Step.submitted": lazy("Chờ Ban Tổ chức"),
    "Step.committee": lazy("Chờ cấp ủy biểu quyết"),
    "Step.deciding": lazy("Chờ Ban Thường vụ"),
    "Step.decided": lazy("Chờ lễ kết nạp"),
    "Step.probation": lazy("Đảng viên dự bị"),
    "Step.sent_back": lazy("Trả lại (chính thức)"),
    "Step.proposed": lazy("Chờ Ban Tổ chức (chính thức)"),
    "Step.ruling": lazy("Chờ Ban Thường vụ (chính thức)"),
    "Step.recognised": lazy("Chính thức, chờ thẻ"),
    "Step.closed": lazy("Đã xong"),
    "Step.withdrawn": lazy("Đã rút"),
    "Step.declined": lazy("Không kết nạp"),
    "Step.cancelled": lazy("Hủy quyết định"),
    "Step.removed": lazy("Xóa tên"),
    "Step.moved": lazy("Chuyển đi nơi khác"),
    "Purpose.admission": lazy("Kết nạp"),
    "Purpose.recognition": lazy("Công nhận chính thức"),
    "Purpose.removal": lazy("Xóa tên"),
    "VotingBody.cell": lazy("Chi bộ"),
    "VotingBody.committee": lazy("Ban Chấp hành"),
    "VotingBody.standing": lazy("Ban Thường vụ"),
    "VoteForm.secret_ballot": lazy("Bỏ phiếu kín"),
    "VoteForm.member_card": lazy("Giơ thẻ đảng viên"),
    "FileFormat.docx": lazy("Word"),
    "FileFormat.pdf": lazy("PDF"),
    "Level.excellent": lazy("Hoàn thành xuất sắc nhiệm vụ"),
    "Level.good": lazy("Hoàn thành tốt nhiệm vụ"),
    "Level.done": lazy("Hoàn thành nhiệm vụ"),
    "Level.not_done": lazy("Không hoàn thành nhiệm vụ"),
    "NotRated.exempt": lazy("Được miễn công tác và sinh hoạt"),
    "NotRated.suspended": lazy("Bị đình chỉ sinh hoạt"),
    "NotRated.new": lazy("Kết nạp chưa đủ 6 tháng"),
    "NotRated.other": lazy("Lý do khác"),
    "Role.administrator": lazy("Quản trị"),
    "Role.organisation": lazy("Ban Tổ chức"),
    "Role.standing": lazy("Ban Thường vụ"),
    "Role.inspection": lazy("Ủy ban kiểm tra"),
    "Role.reporting": lazy("Báo cáo (chỉ xem)"),
    "Role.secretary": lazy("Bí thư chi bộ"),
    "Role.member": lazy("Đảng viên"),
    "Role.system": lazy("Hệ thống"),
    "Permission.units:read": lazy("Xem tổ chức đảng"),
    "Permission.units:edit": lazy("Sửa tổ chức đảng"),
    "Permission.members:read": lazy("Xem đảng viên"),
    "Permission.members:edit": lazy("Sửa hồ sơ đảng viên"),
    "Permission.members:export": lazy("Xuất danh sách đảng viên"),
    "Permission.admissions:read": lazy("Xem hồ sơ kết nạp"),
    "Permission.admissions:prepare": lazy("Lập hồ sơ kết nạp"),
    "Permission.admissions:check": lazy("Thẩm tra hồ sơ kết nạp"),
    "Permission.admissions:decide": lazy("Quyết định kết nạp, công nhận"),
    "Permission.papers:keep": lazy("Giữ sổ văn bản đi"),
    "Permission.workdays:edit": lazy("Sửa lịch ngày làm việc"),
    "Permission.meetings:read": lazy("Xem sinh hoạt chi bộ"),
    "Permission.meetings:log": lazy("Ghi sinh hoạt chi bộ"),
    "Permission.ratings:read": lazy("Xem xếp loại"),
    "Permission.ratings:enter": lazy("Nhập xếp loại đảng viên"),
    "Permission.ratings:decide": lazy("Nhập xếp loại tổ chức, mở và khóa năm"),
    "Permission.targets:read": lazy("Xem chỉ tiêu"),
    "Permission.reports:read": lazy("Lấy báo cáo"),
    "Permission.law:read": lazy("Tra cứu quy định"),
    "Permission.rights:read": lazy("Xem bảng quyền"),
    "Permission.audit:read": lazy("Xem nhật ký"),
    "Permission.accounts:manage": lazy("Quản lý tài khoản"),
    "Permission.own:read": lazy("Xem hồ sơ của mình"),
    "Confidence.quoted": lazy("đã đọc nguyên văn"),
    "Confidence.quoted-old": lazy("nguyên văn bản cũ"),
    "Confidence.secondary": lazy("nguồn thứ cấp"),
    "Confidence.unverified": lazy("chưa kiểm chứng"),
    "Severity.block": lazy("Chưa đạt"),
    "Severity.warn": lazy("Lưu ý"),
    "Severity.ok": lazy("Đạt"),
    "Deed.accounts.sign_in": lazy("Đăng nhập"),
    "Deed.accounts.count_failure": lazy("Đăng nhập sai"),
    "Deed.accounts.sign_out": lazy("Đăng xuất"),
    "Deed.accounts.sign_out_everywhere": lazy("Đăng xuất mọi thiết bị"),
    "Deed.accounts.add_user": lazy("Thêm tài khoản"),
    "Deed.accounts.disable": lazy("Khóa tài khoản"),
    "Deed.accounts.enable": lazy("Mở tài khoản"),
    "Deed.accounts.reset_password": lazy("Đặt lại mật khẩu"),
    "Deed.accounts.change_password": lazy("Đổi mật khẩu"),
    "Deed.accounts.grant": lazy("Giao vai trò"),
    "Deed.accounts.end_grant": lazy("Thôi giao vai trò"),
    "Deed.accounts.make_feed": lazy("Mở địa chỉ lịch"),
    "Deed.accounts.end_feed": lazy("Khóa địa chỉ lịch"),
    "Deed.admissions.open_file": lazy("Đưa vào danh sách, lập hồ sơ kết nạp"),
    "Deed.admissions.edit": lazy("Sửa hồ sơ kết nạp"),
    "Deed.admissions.set_introducers": lazy("Ghi người giới thiệu"),
    "Deed.admissions.review": lazy("Chi bộ rà soát danh sách"),
    "Deed.admissions.ask_to_start": lazy("Xin làm thủ tục kết nạp"),
    "Deed.admissions.record_vote": lazy("Ghi biểu quyết của chi bộ"),
    "Deed.admissions.correct_vote": lazy("Sửa biểu quyết của chi bộ"),
    "Deed.admissions.submit": lazy("Trình hồ sơ kết nạp"),
    "Deed.admissions.propose": lazy("Trình hồ sơ công nhận chính thức"),
    "Deed.admissions.hold_ceremony": lazy("Ghi lễ kết nạp"),
    "Deed.admissions.withdraw": lazy("Rút hồ sơ kết nạp"),
    "Deed.admissions.move_away": lazy("Chuyển hồ sơ theo người"),
    "Deed.admissions.permit": lazy("Cho phép làm thủ tục kết nạp"),
    "Deed.admissions.pass_on": lazy("Thẩm tra xong, chuyển tiếp"),
    "Deed.admissions.send_back": lazy("Trả lại hồ sơ"),
    "Deed.admissions.committee_votes": lazy("Ghi biểu quyết của Ban Chấp hành"),
    "Deed.admissions.decide": lazy("Quyết định kết nạp"),
    "Deed.admissions.decline": lazy("Không kết nạp"),
    "Deed.admissions.recognise": lazy("Quyết định công nhận chính thức"),
    "Deed.admissions.remove": lazy("Quyết định xóa tên đảng viên dự bị"),
    "Deed.admissions.cancel": lazy("Hủy quyết định kết nạp"),
    "Deed.admissions.issue_card": lazy("Ghi số thẻ đảng viên"),
    "Deed.admissions.take_over": lazy("Lập hồ sơ cho đảng viên dự bị từ giấy tờ"),
    "Deed.admissions.close": lazy("Đóng hồ sơ kết nạp"),
    "Deed.admissions.issue_paper": lazy("Ban hành văn bản của hồ sơ"),
    "Deed.documents.issue": lazy("Ban hành văn bản"),
    "Deed.documents.void": lazy("Hủy văn bản"),
    "Deed.documents.note_outside": lazy("Ghi số đã cấp ngoài sổ"),
    "Deed.workdays.set_apart": lazy("Ghi ngày nghỉ, ngày làm bù"),
    "Deed.workdays.put_back": lazy("Bỏ ngày nghỉ, ngày làm bù"),
    "Deed.members.readmit": lazy("Kết nạp lại"),
    "Deed.meetings.log": lazy("Ghi buổi sinh hoạt"),
    "Deed.meetings.correct": lazy("Sửa buổi sinh hoạt"),
    "Deed.members.register_person": lazy("Thêm người"),
    "Deed.members.edit_person": lazy("Sửa thông tin người"),
    "Deed.members.edit_member": lazy("Sửa hồ sơ đảng viên"),
    "Deed.members.enrol": lazy("Ghi đảng viên vào sổ"),
    "Deed.members.admit": lazy("Kết nạp"),
    "Deed.members.recognise": lazy("Công nhận chính thức"),
    "Deed.members.transfer": lazy("Chuyển sinh hoạt"),
    "Deed.members.post_temporarily": lazy("Sinh hoạt tạm thời"),
    "Deed.members.leave": lazy("Ra khỏi đảng bộ"),
    "Deed.members.hold_in_abeyance": lazy("Miễn, đình chỉ sinh hoạt"),
    "Deed.members.lift": lazy("Kết thúc miễn, đình chỉ"),
    "Deed.members.appoint": lazy("Giữ chức vụ"),
    "Deed.members.close_cell": lazy("Giải thể chi bộ"),
    "Deed.members.relieve": lazy("Thôi giữ chức vụ"),
    "Deed.org.found": lazy("Thành lập tổ chức"),
    "Deed.org.edit": lazy("Sửa tổ chức"),
    "Deed.org.merge": lazy("Sáp nhập"),
    "Deed.org.dissolve": lazy("Giải thể"),
    "Deed.ratings.open_year": lazy("Mở năm xếp loại"),
    "Deed.ratings.close_year": lazy("Khóa năm xếp loại"),
    "Deed.ratings.reopen_year": lazy("Mở lại năm xếp loại"),
    "Deed.ratings.enter_members": lazy("Nhập xếp loại đảng viên"),
    "Deed.ratings.set_level": lazy("Sửa mức xếp loại"),
    "Deed.ratings.rate_units": lazy("Nhập xếp loại tổ chức"),
    "Deed.ratings.rate_unit": lazy("Sửa xếp loại tổ chức"),
    "Law.admission": lazy("Kết nạp"),
    "Law.paper": lazy("Văn bản"),
    "Law.probation": lazy("Thời gian dự bị"),
    "Law.recognition": lazy("Công nhận chính thức"),
    "Law.seniority": lazy("Tuổi đảng"),
    "Law.badge": lazy("Huy hiệu Đảng"),
    "Law.card": lazy("Thẻ đảng viên"),
    "Law.file": lazy("Hồ sơ"),
    "Law.transfer": lazy("Chuyển sinh hoạt"),
    "Law.exemption": lazy("Miễn sinh hoạt"),
    "Law.removal": lazy("Xóa tên"),
    "Law.cell": lazy("Chi bộ"),
    "Law.committee": lazy("Cấp ủy"),
    "Law.resolution": lazy("Nghị quyết"),
    "Law.meeting": lazy("Sinh hoạt chi bộ"),
    "Law.rating": lazy("Xếp loại"),
    "Law.target": lazy("Chỉ tiêu"),
}
