"""What is due about admissions: for whom, from when, in which words, and where it is done."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from partyreg import clock
from partyreg.access import Permission, Role
from partyreg.admissions import actions
from partyreg.admissions.due_queries import DueKind, due
from partyreg.admissions.models import Admission
from partyreg.db import db
from partyreg.members.models import Standing
from partyreg.rulebook.admission import Step
from tests.make.admissions import SYSTEM, admission, introducers
from tests.make.members import member

TODAY = dt.date(2026, 11, 24)


def day(text: str) -> dt.date:
    """The day written as 2026-11-24."""
    return dt.date.fromisoformat(text)


@pytest.fixture
def told(actor_):
    """told(role, unit=None, on=TODAY): what is due for somebody with that role."""

    def lines(role, unit=None, on=TODAY):
        return due(actor_(role, unit), on)

    return lines


def set_facts(file, **facts):
    """The file says so, whatever deeds would allow."""
    db.session.flush()
    db.session.connection().execute(sa.update(Admission).where(Admission.id == file.id).values(**facts))
    db.session.expire_all()


def kinds(lines):
    """Kind and name of each line, in order."""
    return [(one.kind, one.name) for one in lines]


# -- the list ---------------------------------------------------------------------------------------------------------


def test_a_month_without_a_review_is_one_line_for_the_cell(commune, told):
    files = [admission(unit=commune.bon, full_name=f"Lò Thị {name}", step=Step.LISTED) for name in ("Một", "Hai")]
    admission(unit=commune.he, full_name="Lò Thị Ba", step=Step.LISTED)
    for file in files:
        set_facts(file, listed_on=day("2026-10-05"))
    [line] = told(Role.SECRETARY, commune.bon)
    assert (line.kind, line.key, line.name, line.unit) == (DueKind.REVIEW, "cb-bon", "Chi bộ bản Bon", "")
    assert (line.on, line.left, line.tone) == (day("2026-11-30"), 6, "warn")
    assert line.text == "Rà soát danh sách cảm tình Đảng trong tháng, đến 30/11/2026: 2 người"
    assert (line.endpoint, line.where) == ("admissions.reviews", {"unit": "cb-bon"})


def test_a_review_of_this_month_leaves_nothing_to_do_until_the_next(commune, told):
    file = admission(unit=commune.bon, step=Step.LISTED)
    set_facts(file, listed_on=day("2026-10-05"))
    actions.review(SYSTEM, file, file.version, on=day("2026-11-12"), is_kept=True)
    assert told(Role.SECRETARY, commune.bon) == []
    assert told(Role.SECRETARY, commune.bon, day("2026-11-30")) == []
    assert kinds(told(Role.SECRETARY, commune.bon, day("2026-12-01"))) == [(DueKind.REVIEW, "Chi bộ bản Bon")]


def test_a_missed_review_is_told_to_all_who_see_the_file(commune, told):
    file = admission(unit=commune.bon, step=Step.LISTED)
    set_facts(file, listed_on=day("2026-09-05"))
    for role in (Role.SECRETARY, Role.ORGANISATION, Role.STANDING):
        [line] = told(role, commune.bon if role is Role.SECRETARY else None)
        assert (line.kind, line.tone, line.left) == (DueKind.REVIEW, "danger", -24)
        assert line.text == "Quá hạn rà soát danh sách cảm tình Đảng (hạn 31/10/2026): 1 người"
        assert line.endpoint == ("admissions.index" if role is Role.STANDING else "admissions.reviews")
        assert line.where == {"unit": "cb-bon"}


@pytest.mark.parametrize(
    ("left", "tone"), [(91, None), (90, "neutral"), (61, "neutral"), (60, "warn"), (31, "warn"), (30, "danger"), (0, "danger")]
)
def test_certificates_are_told_in_three_steps(commune, told, left, tone):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    set_facts(file, certificate_on=day("2022-01-31"))  # valid to 31 January 2027
    lines = told(Role.SECRETARY, commune.bon, day("2027-01-31") - dt.timedelta(days=left))
    assert [one.tone for one in lines if one.kind is DueKind.CERTIFICATE] == ([tone] if tone else [])
    assert [one for one in told(Role.ORGANISATION, on=day("2027-01-31")) if one.kind is DueKind.CERTIFICATE] == []


def test_a_certificate_that_is_over(commune, told):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    set_facts(file, certificate_on=day("2021-11-20"))
    [line] = told(Role.ORGANISATION)
    assert (line.kind, line.left) == (DueKind.CERTIFICATE, -4)
    assert line.text == "Giấy chứng nhận bồi dưỡng nhận thức về Đảng hết giá trị từ 20/11/2026, phải học lại"


# -- the dossier ------------------------------------------------------------------------------------------------------


def test_an_overdue_check_is_told_and_one_under_way_is_not(commune, told):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    set_facts(file, check_asked_on=day("2026-11-02"), check_concluded_on=None)
    assert told(Role.SECRETARY, commune.bon) == told(Role.ORGANISATION) == []
    set_facts(file, check_asked_on=day("2026-10-01"))
    for role in (Role.SECRETARY, Role.ORGANISATION):
        [line] = told(role, commune.bon if role is Role.SECRETARY else None)
        assert (line.kind, line.tone, line.on) == (DueKind.CHECK, "danger", day("2026-11-12"))
        assert line.text == "Quá hạn trả lời thẩm tra lý lịch 7 ngày làm việc (hạn 12/11/2026)"


def test_a_dossier_in_its_last_month(commune, told):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    set_facts(file, opened_on=day("2025-12-25"))
    assert told(Role.SECRETARY, commune.bon) == []
    [line] = told(Role.SECRETARY, commune.bon, day("2026-11-25"))
    assert (line.kind, line.left, line.tone, line.where) == (DueKind.DOSSIER, 30, "warn", {"admission_id": file.id})
    assert line.text == "Hồ sơ hết giá trị ngày 25/12/2026, chi bộ cần xét trước ngày đó, còn 30 ngày"
    [late] = told(Role.ORGANISATION, on=day("2026-12-26"))
    assert late.text == "Hồ sơ hết giá trị từ 25/12/2026 mà chi bộ chưa xét, phải bổ sung hồ sơ"


def test_a_returned_file_waits_for_its_cell(commune, told):
    file = admission(unit=commune.bon, step=Step.RETURNED)
    admission(unit=commune.he, full_name="Lò Thị Hai", step=Step.RETURNED)
    [line] = told(Role.SECRETARY, commune.bon)
    assert (line.kind, line.key, line.tone, line.left) == (DueKind.RETURNED, file.id, "warn", 21)
    assert line.text == "Hồ sơ bị trả lại, cần sửa và trình lại"
    assert told(Role.ORGANISATION) == []


# -- the committees' part ---------------------------------------------------------------------------------------------


def test_files_wait_for_those_whose_turn_it_is(commune, told):
    admission(unit=commune.bon, full_name="Lò Thị Xin", step=Step.ASKED)
    admission(unit=commune.bon, full_name="Lò Thị Trình", step=Step.SUBMITTED)
    admission(unit=commune.bon, full_name="Lò Thị Duyệt", step=Step.DECIDING)
    assert kinds(told(Role.ORGANISATION)) == [(DueKind.DECISION, "Lò Thị Trình")]
    assert kinds(told(Role.STANDING)) == [(DueKind.START, "Lò Thị Xin"), (DueKind.DECISION, "Lò Thị Duyệt")]
    assert told(Role.SECRETARY, commune.bon) == []
    assert told(Role.MEMBER) == told(Role.ADMINISTRATOR) == told(Role.INSPECTION) == []


def test_the_45_days_turn_amber_then_red_for_everybody(commune, told):
    admission(unit=commune.bon, full_name="Lò Thị Trình", step=Step.SUBMITTED)  # the cell voted on 20 October
    [line] = told(Role.ORGANISATION)
    assert (line.left, line.tone, line.on) == (21, "ok", day("2026-12-23"))
    assert line.text == "Hồ sơ chờ thẩm tra: 24/45 ngày làm việc"
    [near] = told(Role.ORGANISATION, on=day("2026-12-09"))
    assert (near.left, near.tone) == (10, "warn")
    for role in (Role.ORGANISATION, Role.STANDING):
        [late] = told(role, on=day("2026-12-25"))
        assert (late.left, late.tone) == (-2, "danger")
        assert late.text == "Hồ sơ quá hạn quyết định 2 ngày làm việc (hạn 23/12/2026)"
    assert len(told(Role.SECRETARY, commune.bon, day("2026-12-25"))) == 1
    assert told(Role.SECRETARY, commune.he, day("2026-12-25")) == []


def test_a_waiting_file_whose_vote_no_law_dates_has_no_term(commune, told):
    admission(unit=commune.bon, step=Step.ASKED)
    [line] = told(Role.STANDING)
    assert (line.on, line.left, line.text) == (None, None, "Chi bộ đề nghị cho làm thủ tục kết nạp")


# -- ceremony, probation, full membership -----------------------------------------------------------------------------


def test_a_ceremony_is_the_cells_until_it_is_late(commune, told):
    admission(unit=commune.bon, step=Step.DECIDED, decided_on=day("2026-10-20"))
    [line] = told(Role.SECRETARY, commune.bon)
    assert (line.kind, line.tone, line.on) == (DueKind.CEREMONY, "warn", day("2026-12-02"))
    assert line.text == "Làm lễ kết nạp chậm nhất ngày 02/12/2026, còn 6 ngày làm việc"
    assert told(Role.ORGANISATION) == []
    [late] = told(Role.ORGANISATION, on=day("2026-12-03"))
    assert late.text == "Quá hạn làm lễ kết nạp 1 ngày làm việc (hạn 02/12/2026)"


def test_a_probation_is_told_sixty_days_before_its_end_and_after_it(commune, told):
    file = admission(unit=commune.bon, step=Step.PROBATION, decided_on=day("2026-01-05"))  # ceremony on 13 January
    bon = commune.bon
    assert told(Role.SECRETARY, bon, day("2026-11-13")) == []
    [line] = told(Role.SECRETARY, bon, day("2026-11-14"))
    assert (line.kind, line.left, line.tone, line.where) == (DueKind.PROBATION, 60, "neutral", {"admission_id": file.id})
    assert line.text == "Hết thời gian dự bị ngày 13/01/2027, còn 60 ngày"
    [near] = told(Role.SECRETARY, bon, day("2026-12-14"))
    assert (near.left, near.tone) == (30, "warn")
    [over] = told(Role.SECRETARY, bon, day("2027-01-14"))
    assert (over.kind, over.tone, over.left) == (DueKind.RECOGNITION, "warn", 29)
    assert over.text.startswith("Hết thời gian dự bị, chi bộ xét công nhận chậm nhất ngày ")
    [late] = told(Role.STANDING, on=day("2027-04-01"))
    assert (late.kind, late.tone) == (DueKind.RECOGNITION, "danger")
    assert late.text.startswith("Quá hạn chi bộ xét công nhận chính thức ")


def test_members_without_a_file_have_their_probation_lines_too(commune, told):
    def probationary(name, ceremony_on, unit=commune.bon):
        return member(unit=unit, full_name=name, standing=Standing.PROBATIONARY, ceremony_on=ceremony_on)

    ending = probationary("Lò Thị Bốn", day("2025-12-20"))
    over = probationary("Lò Thị Năm", day("2025-11-20"))
    probationary("Lò Thị Sáu", day("2026-03-01"))
    probationary("Lò Thị Bảy", day("2025-12-20"), commune.he)
    lines = told(Role.SECRETARY, commune.bon)
    assert [(one.kind, one.key) for one in lines] == [(DueKind.PROBATION, ending.id), (DueKind.RECOGNITION, over.id)]
    assert {one.endpoint for one in lines} == {"office.member"}
    assert lines[0].where == {"member_id": ending.id}
    assert lines[0].text == "Hết thời gian dự bị ngày 20/12/2026, còn 26 ngày"
    assert len(told(Role.ORGANISATION)) == 3
    assert told(Role.STANDING) == []


def test_one_with_a_file_is_told_once(commune, told):
    file = admission(unit=commune.bon, step=Step.PROBATION, decided_on=day("2025-12-01"))
    assert [one.where for one in told(Role.SECRETARY, commune.bon)] == [{"admission_id": file.id}]


def test_a_ruling_and_a_card(commune, told):
    admission(unit=commune.bon, full_name="Lò Thị Xét", step=Step.PROPOSED)  # the cell voted on 2 November
    admission(unit=commune.bon, full_name="Lò Thị Quyết", step=Step.RULING)
    admission(unit=commune.bon, full_name="Lò Thị Thẻ", step=Step.RECOGNISED)
    lines = told(Role.ORGANISATION)
    assert kinds(lines) == [(DueKind.CARD, "Lò Thị Thẻ"), (DueKind.RULING, "Lò Thị Xét")]
    assert (lines[0].on, lines[0].text) == (None, "Đã công nhận chính thức, cần cấp thẻ đảng viên")
    [ruling] = told(Role.STANDING)
    assert ruling.name == "Lò Thị Quyết"
    assert ruling.text.startswith("Hồ sơ chờ quyết định công nhận: ")
    assert len(told(Role.STANDING, on=day("2027-02-01"))) == 2


def test_a_file_sent_back_waits_for_its_cell(commune, told):
    file = admission(unit=commune.bon, step=Step.SENT_BACK)
    [line] = told(Role.SECRETARY, commune.bon)
    assert (line.kind, line.key, line.text) == (DueKind.RETURNED, file.id, "Hồ sơ bị trả lại, cần sửa và trình lại")


# -- cost -------------------------------------------------------------------------------------------------------------


def test_statements_do_not_grow_with_the_files(commune, actor_, counting):
    def made(number):
        for _each in range(number):
            for step in (Step.LISTED, Step.DRAFT, Step.SUBMITTED):
                admission(unit=commune.bon, introduced_by=named, step=step)
            member(unit=commune.bon, standing=Standing.PROBATIONARY, ceremony_on=day("2025-12-20"))
        db.session.commit()
        with counting() as count:
            due(actor_(Role.ORGANISATION, None, Permission.ADMISSIONS_READ), TODAY)
            due(actor_(Role.SECRETARY, commune.bon), TODAY)
        return len(count)

    named = introducers(commune.bon)
    few = made(2)
    assert made(8) == few > 0


def test_the_home_page_links_every_line(commune, as_):
    file = admission(unit=commune.bon, step=Step.LISTED)
    set_facts(file, listed_on=day("2026-10-05"))
    back = admission(unit=commune.bon, full_name="Lò Thị Hai", step=Step.RETURNED)
    loose = member(unit=commune.bon, full_name="Lò Thị Ba", standing=Standing.PROBATIONARY, ceremony_on=day("2025-12-20"))
    with clock.freeze(TODAY):
        text = as_(Role.SECRETARY, commune.bon).get("/").text
    for address in ("/admissions/reviews?unit=cb-bon", f"/admissions/{back.id}", f"/members/{loose.id}"):
        assert f'href="{address}"' in text
    assert "Kết nạp và công nhận (3)" in text
