"""The pages of members: the list and its files, a new record, an edited one, the deeds of a life."""

import datetime as dt
import io
import re
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from partyreg import access
from partyreg.access import Role
from partyreg.db import db
from partyreg.members import actions
from partyreg.members.models import Abeyance, Member, Person, Position, Posting, Standing, StandingPeriod
from tests import make

ROOT = access.system("test")
NEW = {
    "full_name": "Lò Thị Mới",
    "sex": "female",
    "born_on": "08/03/1999",
    "ethnicity": "Thái",
    "qualification": "none",
    "theory": "none",
    "unit": "cb-bon",
    "decided_on": "01/02/2022",
    "ceremony_on": "2022-03-03",
    "full_on": "03/03/2023",
    "card_number": "014000000777",
}


@pytest.fixture
def office(as_):
    return as_(Role.ORGANISATION)


@pytest.fixture
def member(commune):
    return make.member(unit=commune.bon, full_name="Lò Văn Ển", personal_number="014085000001", card_number="014000000001")


def people() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0


def sheet_of(answer: Any) -> Any:
    """The one sheet of a workbook that was sent."""
    return openpyxl.load_workbook(io.BytesIO(answer.data)).active


def listed(page: str) -> list[str]:
    """The names in the list of a page, in its order."""
    return re.findall(r'<a [^>]*href="/members/\d+"[^>]*>([^<]+)</a>', page)


def sent(page: str, **more: str) -> dict[str, str]:
    """What the edit page would send back, with changes."""
    form = re.search(r'<form method="post".*?</form>', page, re.S)
    assert form
    values = dict(re.findall(r'<input[^>]*?\bname="(\w+)"[^>]*?\bvalue="([^"]*)"', form[0]))
    for name, body in re.findall(r'<select[^>]*?\bname="(\w+)"[^>]*>(.*?)</select>', form[0], re.S):
        chosen = re.search(r'<option selected[^>]*value="([^"]*)"', body)
        values[name] = chosen[1] if chosen else ""
    return {**{k: v for k, v in values.items() if k != "csrf_token"}, **more}


# -- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_shows_whom_the_address_asks_for(office, commune, member):
    make.member(unit=commune.he, full_name="Vàng A Dế", ethnicity="Mông", standing=Standing.PROBATIONARY)
    page = office.get("/members").text
    assert "Lò Văn Ển" in page and "Vàng A Dế" in page and "2 người" in page
    for address in ("q=vang", "unit=cb-he", "standing=probationary", "ethnicity=Mông", "q=de&sex=male&age_from=30"):
        page = office.get(f"/members?{address}").text
        assert "Vàng A Dế" in page and "Lò Văn Ển" not in page, address
    assert "Không có ai khớp" in office.get("/members?standing=left").text


@pytest.mark.parametrize(
    "address",
    [
        "unit=cb-khong-co",
        "standing=x",
        "sex=x",
        "age_from=abc",
        "age_to=999",
        "on=31/02/2026",
        "on=01/01/2030",
        "ethnicity=x",
        "q=" + "a" * 10_000,
    ],
)
def test_an_unsound_filter_says_so_beside_its_field_and_is_no_file(office, member, address):
    answer = office.get(f"/members?{address}")
    assert answer.status_code == 422 and "field-errors" in answer.text
    answer = office.get(f"/members/export.csv?{address}")
    assert answer.status_code == 302 and answer.location.startswith("/members?")


@pytest.mark.parametrize(
    "address", ["page=0", "page=-3", "page=999999999999999999999", "page=x", "ending=csv", "endpoint=x", "_scheme=x", "q=%25"]
)
def test_a_strange_address_is_no_failure(office, member, address):
    assert office.get(f"/members?{address}").status_code == 200


def test_pages_of_fifty(office, commune):
    for number in range(52):
        make.member(unit=commune.bon, full_name=f"Lò Văn A {chr(65 + number // 26)}{chr(65 + number % 26)}")
    first, second = (office.get(f"/members?page={page}&q=lo").text for page in (1, 2))
    assert len(listed(first)) == 50 and len(listed(second)) == 2
    assert "page=2" in first and "q=lo" in first


def test_the_files_hold_exactly_what_is_shown(office, commune, member):
    make.member(unit=commune.he, full_name="Vàng A Dế", ethnicity="Mông")
    shown = listed(office.get("/members?ethnicity=Thái").text)
    lines = office.get("/members/export.csv?ethnicity=Thái").get_data().decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == shown == ["Lò Văn Ển"]
    answer = office.get("/members/export.xlsx?ethnicity=Thái")
    sheet = sheet_of(answer)
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == shown
    assert sheet["B2"].value.date() == dt.date(1985, 5, 20) and sheet["I2"].value == "014000000001"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert office.get("/members/export.pdf").status_code == 404


def test_a_secretarys_list_search_and_files_hold_her_cell_only(as_, commune, member):
    make.member(unit=commune.he, full_name="Vàng A Dế", ethnicity="Mông")
    browser = as_(Role.SECRETARY, commune.bon)
    page = browser.get("/members").text
    assert "1 người" in page and "Dế" not in page and "Mông" not in page and "Chi bộ bản Hé" not in page
    assert "Dế" not in browser.get("/members?q=de").text
    assert browser.get("/members?unit=cb-he").status_code == 422
    assert "Dế" not in browser.get("/members/export.csv").get_data(as_text=True)


def test_the_questions_of_the_pages_do_not_grow_with_the_people(office, commune, counting):
    def questions() -> list[int]:
        asked = []
        for address in ("/members", "/members?q=lo", "/members/export.csv", "/units/cb-bon"):
            office.get(address)
            with counting() as count:
                assert office.get(address).status_code == 200
            asked.append(len(count))
        return asked

    for _ in range(3):
        make.member(unit=commune.bon)
    few = questions()
    for _ in range(27):
        make.member(unit=commune.bon)
    assert questions() == few


# -- a new record -----------------------------------------------------------------------------------------------------


def test_a_member_is_entered(office, commune):
    assert 'value="cb-bon"' in office.get("/members/new?unit=cb-bon").text
    answer = office.post("/members/new", data={**NEW, "posted_on": "1/5/2022"})
    assert answer.status_code == 302
    made = db.session.scalars(sa.select(Member)).one()
    assert answer.location == f"/members/{made.id}"
    assert (made.decided_on, made.ceremony_on, made.full_on) == (dt.date(2022, 2, 1), dt.date(2022, 3, 3), dt.date(2023, 3, 3))
    assert db.session.scalars(sa.select(Posting.started_on)).one() == dt.date(2022, 5, 1)
    page = office.get(answer.location).text
    assert "Lò Thị Mới" in page and "Đã thêm đảng viên" in page and "014000000777" in page


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("born_on", "31/02/1999", "31/02/1999"),
        ("born_on", "hôm qua", "23/11/2026"),
        ("born_on", "01/01/2027", "chưa đến"),
        ("born_on", "01/01/1850", "quá sớm"),
        ("born_on", "", "Chưa nhập"),
        ("full_name", "", "Chưa nhập"),
        ("full_name", "Lò", "đủ họ và tên"),
        ("full_name", "123 456", "đủ họ và tên"),
        ("full_name", "Lò " + "a" * 10_000, "từ 2 đến 120 ký tự"),
        ("residence", "b" * 10_000, "Quá dài"),
        ("sex", "other", "không có trong danh sách"),
        ("sex", "", "Chưa nhập"),
        ("unit", "cb-khong-co", "không có trong danh sách"),
        ("personal_number", "12345", "12 chữ số"),
        ("personal_number", "٠١٤٠٨٥٠٠٠٠٠١", "12 chữ số"),
        ("personal_number", "014085000001", "đã có ở một hồ sơ khác"),
        ("card_number", "1", "12 chữ số"),
        ("card_number", "014000000001", "đã có ở một hồ sơ khác"),
        ("ceremony_on", "01/01/2022", "trước ngày quyết định"),
        ("full_on", "03/03/2022", "không sau ngày kết nạp"),
    ],
)
def test_wrong_input_is_told_beside_its_field_and_the_form_comes_back_filled(office, member, field, value, said):
    before = people()
    answer = office.post("/members/new", data={**NEW, "home_town": "Bản Pom Co", field: value})
    assert answer.status_code == 422
    box = re.search(rf'<ul class="field-errors" id="{field}-error">.*?</ul>', answer.text, re.S)
    assert box and said in box[0]
    assert 'value="Bản Pom Co"' in answer.text and (field == "full_name" or 'value="Lò Thị Mới"' in answer.text)
    assert people() == before, "nothing is written"


def test_a_name_is_stored_composed_and_markup_is_shown_harmlessly(office):
    name = "Lo\u0300 <script>alert(1)</script>"
    answer = office.post("/members/new", data={**NEW, "full_name": name, "residence": '"><img src=x onerror=alert(1)>'})
    assert answer.status_code == 302
    stored = db.session.scalars(sa.select(Person)).one()
    assert stored.full_name == "Lò <script>alert(1)</script>"
    for address in (answer.location, "/members", f"{answer.location}/edit", "/units/cb-bon"):
        page = office.get(address).text
        assert "<script>alert" not in page and "<img src=x" not in page and "&lt;script&gt;" in page


def test_a_formula_is_stored_as_text_and_defused_in_files(office):
    name = '=HYPERLINK("http://x.vn", "bấm")'
    assert office.post("/members/new", data={**NEW, "full_name": name}).status_code == 302
    assert "\"'=HYPERLINK" in office.get("/members/export.csv").get_data(as_text=True)
    cell = sheet_of(office.get("/members/export.xlsx"))["A2"]
    assert cell.data_type == "s" and cell.value == name


# -- editing ----------------------------------------------------------------------------------------------------------


def test_a_record_is_edited(office, member):
    address = f"/members/{member.id}/edit"
    answer = office.post(address, data=sent(office.get(address).text, residence="Bản Bon", file_number="000123"))
    assert answer.status_code == 302
    page = office.get(answer.location).text
    assert "Bản Bon" in page and "000123" in page and "Đã lưu hồ sơ" in page


def test_an_edit_that_cannot_be_changes_nothing(office, commune, member):
    other = make.member(unit=commune.he, full_name="Vàng A Dế", card_number="014000000002")
    address = f"/members/{other.id}/edit"
    page = office.get(address).text
    answer = office.post(address, data=sent(page, residence="Bản Hé", card_number="014000000001"))
    assert answer.status_code == 422 and "đã có ở một hồ sơ khác" in answer.text and 'value="Bản Hé"' in answer.text
    assert db.session.get_one(Person, other.id).residence is None, "the person's half is not kept either"
    assert office.post(address, data=sent(answer.text, card_number="014000000003")).status_code == 302
    assert db.session.get_one(Person, other.id).residence == "Bản Hé"


def test_two_browsers_edit_one_member_and_the_second_sees_the_conflict(as_, office, member):
    address = f"/members/{member.id}/edit"
    second = as_(Role.ORGANISATION)
    mine, theirs = sent(second.get(address).text, residence="Bản Hé"), sent(office.get(address).text, residence="Bản Bon")
    assert office.post(address, data=theirs).status_code == 302
    answer = second.post(address, data=mine)
    assert answer.status_code == 409
    assert "Bản Bon" in answer.text and "Bản Hé" in answer.text and "Chưa có gì bị ghi đè" in answer.text
    assert db.session.get_one(Person, member.id).residence == "Bản Bon"
    again = second.post(address, data=sent(answer.text))
    assert again.status_code == 302, "saving from the page that shows both is a choice"
    assert db.session.get_one(Person, member.id).residence == "Bản Hé"


def test_the_members_half_is_guarded_too(office, member):
    address = f"/members/{member.id}/edit"
    stale = sent(office.get(address).text, card_number="014000000009")
    actions.edit_member(ROOT, db.session.get_one(Member, member.id), member.version, file_number="000777")
    answer = office.post(address, data=stale)
    assert answer.status_code == 409 and "000777" in answer.text
    assert db.session.get_one(Member, member.id).card_number == "014000000001"


@pytest.mark.parametrize("version", ["", "x", "0", "-1", "99999999999999999999"])
def test_a_form_without_its_version_is_stale(office, member, version):
    address = f"/members/{member.id}/edit"
    assert office.post(address, data=sent(office.get(address).text, residence="Bản Hé", version=version)).status_code == 409


def test_who_may_not_edit_is_refused(as_, commune, member):
    for role in (Role.SECRETARY, Role.STANDING, Role.INSPECTION, Role.REPORTING, Role.MEMBER, Role.ADMINISTRATOR):
        browser = as_(role, commune.bon)
        assert browser.get("/members/new").status_code == 403
        assert browser.post(f"/members/{member.id}/edit", data={"residence": "x"}).status_code == 403
        assert browser.post(f"/members/{member.id}/leave", data={"on": "01/11/2026", "exit": "died"}).status_code == 403


# -- the deeds of a life ----------------------------------------------------------------------------------------------


def test_a_member_moves_for_good_and_for_a_time(office, commune, member):
    address = f"/members/{member.id}/transfer"
    assert "cb-he" in office.get(address).text
    assert office.post(address, data={"kind": "temporary", "to": "cb-he", "on": "01/09/2026", "until": "01/10/2026"}).status_code == 302
    refused = office.post(address, data={"kind": "home", "to": "cb-bon", "on": "01/11/2026"})
    assert refused.status_code == 422 and "chính chi bộ này" in refused.text
    assert office.post(address, data={"kind": "home", "to": "nowhere", "on": "01/11/2026"}).status_code == 422
    answer = office.post(address, data={"kind": "home", "to": "cb-he", "on": "01/11/2026", "paper": "12-GT"})
    assert answer.status_code == 302 and "12-GT" in office.get(answer.location).text
    assert len(db.session.scalars(sa.select(Posting)).all()) == 3


def test_an_exemption_and_an_office_begin_and_end(office, commune, member):
    home = f"/members/{member.id}"
    assert office.post(f"{home}/abeyance", data={"kind": "exemption", "on": "01/09/2026", "reason": "Tuổi cao"}).status_code == 302
    assert office.post(f"{home}/abeyance", data={"kind": "exemption", "on": "02/09/2026"}).status_code == 422
    held = db.session.scalars(sa.select(Abeyance.id)).one()
    assert office.get(f"{home}/abeyance/{held}/end").status_code == 200
    assert office.post(f"{home}/abeyance/{held}/end", data={"on": "01/08/2026"}).status_code == 422
    assert office.post(f"{home}/abeyance/{held}/end", data={"on": "01/10/2026"}).status_code == 302
    assert office.get(f"{home}/abeyance/{held}/end").status_code == 404, "it has ended"
    office_held = {"unit": "cb-bon", "body": "cell_committee", "title": "secretary", "on": "01/07/2025", "term": "2025-2030"}
    assert office.get(f"{home}/position").status_code == 200
    assert office.post(f"{home}/position", data={**office_held, "term": "2025"}).status_code == 422
    assert office.post(f"{home}/position", data=office_held).status_code == 302
    assert office.post(f"{home}/position", data=office_held).status_code == 422
    post = db.session.scalars(sa.select(Position.id)).one()
    other = make.member(unit=commune.bon)
    assert office.get(f"/members/{other.id}/position/{post}/end").status_code == 404, "it is another's"
    assert office.post(f"{home}/position/{post}/end", data={"on": "01/07/2024"}).status_code == 422
    assert office.post(f"{home}/position/{post}/end", data={"on": "01/11/2026"}).status_code == 302


def test_a_member_leaves(office, member):
    address = f"/members/{member.id}/leave"
    assert office.get(address).status_code == 200
    assert office.post(address, data={"on": "01/11/2026", "exit": ""}).status_code == 422
    assert office.post(address, data={"on": "25/11/2026", "exit": "died"}).status_code == 422, "the day has not come"
    assert office.post(address, data={"on": "01/11/2026", "exit": "died"}).status_code == 302
    assert db.session.scalars(
        sa.select(StandingPeriod.exit).where(StandingPeriod.ended_on.is_not(None), StandingPeriod.exit.is_not(None))
    ).one()
    again = office.post(address, data={"on": "02/11/2026", "exit": "died"})
    assert again.status_code == 422 and "đã ra khỏi" in again.text
    assert "Lò Văn Ển" in office.get("/members?standing=left").text


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999"])
def test_a_member_that_does_not_exist_is_not_found(office, number):
    assert office.get(f"/members/{number}/edit").status_code == 404
