"""The board, the review of a cell's list, and who has any part in the files."""

from __future__ import annotations

import datetime as dt

import pytest

from partyreg.access import Role
from partyreg.admissions import actions, file_queries
from partyreg.rulebook.admission import OPEN, Step
from tests.admissions.looking import files, officer_of, refreshed, secretary_of, standing_of
from tests.make.admissions import REACHED, SYSTEM, admission


def test_the_board_has_a_column_for_each_part_of_the_way(commune, as_):
    for step, name in ((Step.LISTED, "Lò Thị Nguồn"), (Step.DRAFT, "Lò Thị Nháp"), (Step.SUBMITTED, "Lò Thị Chờ"),
                       (Step.PROBATION, "Lò Thị Dự"), (Step.WITHDRAWN, "Lò Thị Rút")):  # fmt: skip
        admission(unit=commune.bon, step=step, full_name=name)
    page = officer_of(as_).get("/admissions").text
    for name in ("Lò Thị Nguồn", "Lò Thị Nháp", "Lò Thị Chờ", "Lò Thị Dự"):
        assert name in page
    assert "Lò Thị Rút" not in page
    assert page.count("way-column is-empty") == 4
    assert "Thêm người mới" in page and "Rà soát danh sách" in page
    done = officer_of(as_).get("/admissions?tab=done").text
    assert "Lò Thị Rút" in done and "Lò Thị Chờ" not in done


def test_the_filters_of_the_board(commune, as_):
    late = admission(unit=commune.bon, step=Step.SUBMITTED, full_name="Lò Thị Muộn", decided_on=dt.date(2026, 9, 10))
    admission(unit=commune.he, step=Step.SUBMITTED, full_name="Lò Thị Hé")
    admission(unit=commune.bon, step=Step.DECIDING, full_name="Lò Thị Xét")
    officer = officer_of(as_)
    page = officer.get("/admissions").text
    assert "Quá hạn" in page and "tone-danger" in page
    only_late = officer.get("/admissions?late=late").text
    assert "Lò Thị Muộn" in only_late and "Lò Thị Hé" not in only_late
    of_he = officer.get("/admissions?unit=cb-he").text
    assert "Lò Thị Hé" in of_he and "Lò Thị Muộn" not in of_he
    group, step = officer.get("/admissions?step=check").text, officer.get("/admissions?step=submitted&unit=cb-he").text
    assert "Lò Thị Muộn" in group and "Lò Thị Xét" not in group
    assert "Lò Thị Hé" in step and "Lò Thị Muộn" not in step
    mine = standing_of(as_).get("/admissions?mine=1").text
    assert "Lò Thị Xét" in mine and "Lò Thị Muộn" not in mine
    assert "Không có hồ sơ ở bước này" in officer.get("/admissions?step=card").text
    assert "Không có hồ sơ nào" in officer.get("/admissions?late=soon&unit=cb-he&mine=1").text
    assert officer.get("/admissions?unit=cb-none").status_code == 404
    assert officer.get("/admissions?step=nonsense&late=nonsense&tab=nonsense").status_code == 200
    assert late.step is Step.SUBMITTED


def test_one_column_alone_is_shown_page_by_page(commune, as_):
    for number in range(27):
        admission(unit=commune.bon, step=Step.LISTED, full_name=f"Lò Thị {'Ngân' if number % 2 else 'Ngà'}", introduced_by=[])
    officer = officer_of(as_)
    assert "Xem cả 27 hồ sơ" in officer.get("/admissions").text
    first, second = officer.get("/admissions?step=source").text, officer.get("/admissions?step=source&page=2").text
    assert (first.count('class="task"'), second.count('class="task"')) == (25, 2)


@pytest.mark.parametrize("step", REACHED)
def test_every_step_has_its_page(commune, as_, step):
    page = officer_of(as_).get(f"/admissions/{admission(unit=commune.bon, step=step).id}").text
    assert "Nhật ký hồ sơ" in page and "stepper" in page and "Quy định áp dụng" in page
    assert ("Đến lượt" in page) == (step in OPEN)


# -- who ----------------------------------------------------------------------------------------------------------------


def test_another_cells_files_do_not_exist_for_a_secretary(commune, as_):
    secretary = secretary_of(as_, commune.bon)
    file = admission(unit=commune.he, full_name="Lò Thị Hé", step=Step.DRAFT, vote={"in_favour": 7})
    [vote] = file_queries.votes(SYSTEM, file)
    for address in ("", "/edit", "/votes/new", f"/votes/{vote.id}"):
        assert secretary.get(f"/admissions/{file.id}{address}").status_code == 404
    for door in ("submit", "withdraw", "edit", "ask", "propose", "ceremony", "move", "votes/new", "papers/cell_resolution"):
        answer = secretary.post(f"/admissions/{file.id}/{door}", data={"version": file.version, "reason": "x"})
        assert answer.status_code == 404, door
    page = secretary.get("/admissions").text
    assert "Lò Thị Hé" not in page and "Chi bộ bản Hé" not in page
    assert secretary.get("/admissions/new?unit=cb-he").status_code == 404
    assert secretary.get("/admissions/reviews?unit=cb-he").status_code == 404
    assert secretary.get("/admissions/999999").status_code == 404
    assert refreshed(file).step is Step.DRAFT


@pytest.mark.parametrize("role", [Role.INSPECTION, Role.REPORTING, Role.MEMBER, Role.ADMINISTRATOR])
def test_others_have_no_part_in_it(commune, as_, role):
    file = admission(unit=commune.bon, step=Step.LISTED)
    for address in ("", f"/{file.id}", "/new", "/reviews"):
        assert as_(role).get(f"/admissions{address}").status_code == 403


def test_without_a_session_one_is_sent_to_sign_in(commune, client):
    answer = client.get("/admissions")
    assert (answer.status_code, answer.location.split("?")[0]) == (302, "/sign-in")


# -- the review of the list -----------------------------------------------------------------------------------------------


def test_the_list_is_reviewed_on_one_page(commune, as_):
    kept = admission(unit=commune.bon, step=Step.LISTED, full_name="Lò Thị Giữ")
    struck = admission(unit=commune.bon, step=Step.LISTED, full_name="Lò Thị Bỏ", introduced_by=[])
    secretary = secretary_of(as_, commune.bon)
    page = secretary.get("/admissions/reviews").text
    assert "Lò Thị Giữ" in page and "Chưa rà soát lần nào" in page
    sent = {
        "on": "20/11/2026", "number": "11-NQ/CB", f"version-{kept.id}": kept.version, f"version-{struck.id}": struck.version,
        f"verdict-{kept.id}": "keep", f"verdict-{struck.id}": "strike",
    }  # fmt: skip
    page = secretary.post("/admissions/reviews", data=sent)
    assert page.status_code == 422
    assert "Ghi lý do đưa ra khỏi danh sách" in page.text and 'value="11-NQ/CB"' in page.text
    assert refreshed(struck).step is Step.LISTED and file_queries.reviews(SYSTEM, kept) == []
    answer = secretary.post("/admissions/reviews", data={**sent, f"reason-{struck.id}": "Đã chuyển đi làm ăn xa"})
    assert answer.status_code == 302
    assert (refreshed(kept).step, refreshed(struck).step) == (Step.LISTED, Step.WITHDRAWN)
    [review] = file_queries.reviews(SYSTEM, kept)
    assert (review.reviewed_on, review.is_kept, review.number) == (dt.date(2026, 11, 20), True, "11-NQ/CB")


def test_a_review_that_the_law_refuses_comes_back_filled(commune, as_):
    one = admission(unit=commune.bon, step=Step.LISTED, full_name="Lò Thị Giữ")
    other = admission(unit=commune.bon, step=Step.LISTED, full_name="Lò Thị Hai", introduced_by=[])
    actions.review(SYSTEM, other, other.version, on=dt.date(2026, 11, 20), is_kept=True)
    secretary = secretary_of(as_, commune.bon)
    sent = {"on": "20/11/2026", "number": "11-NQ/CB"} | {
        name: value for file in (one, other) for name, value in ((f"version-{file.id}", file.version), (f"verdict-{file.id}", "keep"))
    }
    page = secretary.post("/admissions/reviews", data=sent)
    assert page.status_code == 422 and "Đã ghi buổi rà soát ngày 20/11/2026" in page.text
    assert file_queries.reviews(SYSTEM, refreshed(one)) == []
    stale = secretary.post("/admissions/reviews", data={**sent, "on": "21/11/2026", f"version-{one.id}": 99})
    assert stale.status_code == 409 and 'value="21/11/2026"' in stale.text
    wrong = secretary.post("/admissions/reviews", data={**sent, "on": "31/02/2026"})
    assert wrong.status_code == 422 and "Không có ngày 31/02/2026" in wrong.text


def test_who_has_many_cells_chooses_one_to_review(commune, as_):
    officer = officer_of(as_)
    page = officer.get("/admissions/reviews").text
    assert "/admissions/reviews?unit=cb-bon" in page
    assert "Danh sách chưa có ai" in officer.get("/admissions/reviews?unit=cb-he").text
    assert files() == []
