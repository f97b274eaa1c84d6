"""One table on the screen, as CSV and as XLSX; and what forms make of what was typed."""

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import wtforms
from wtforms.validators import InputRequired, Length

from partyreg import clock
from partyreg.forms import DateInput, EnumField, Form, NotBefore, NotInFuture, choices_of, day_asked
from partyreg.members.models import Sex
from partyreg.rulebook.finding import Finding, Severity
from partyreg.tables import Column, Row, Table, text_of

FORMULA = '=HYPERLINK("http://x.vn","bấm")'
COLUMNS = (
    Column("name", "Họ và tên"),
    Column("born_on", "Ngày sinh", "date"),
    Column("sex", "Giới tính"),
    Column("count", "Số", "number"),
    Column("share", "Tỷ lệ", "percent"),
    Column("card", "Số thẻ"),
)
ROWS = [
    Row((FORMULA, dt.date(1999, 3, 8), Sex.FEMALE, 1234, Decimal("12.50"), "014000000001")),
    Row(("@x", None, None, -5, None, "+84")),
    Row(("Lò Văn Ển", dt.date(2001, 12, 31), Sex.MALE, 0, Decimal("0"), "")),
]


@pytest.fixture
def table(app):
    with app.test_request_context():
        yield Table("Đảng viên: [2026]/*?", COLUMNS, ROWS, totals=("count",))


def sheet_of(table, **options) -> Any:
    """The one sheet of the workbook that a table makes."""
    return openpyxl.load_workbook(io.BytesIO(table.xlsx()), **options).active


def test_csv_is_read_by_excel_and_runs_nothing(table):
    content = table.csv()
    assert content.startswith(b"\xef\xbb\xbf")
    head, *lines = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert head == [column.label for column in COLUMNS]
    assert lines[0] == ["'" + FORMULA, "08/03/1999", "Nữ", "1234", "12.50", "014000000001"]
    assert lines[1] == ["'@x", "", "", "-5", "", "'+84"], "a number is no formula, a text that looks like one is defused"


def test_xlsx_has_real_dates_numbers_and_texts(table):
    sheet = sheet_of(table)
    first = list(sheet[2])
    assert first[0].value == FORMULA and first[0].data_type == "s"
    assert first[1].value.date() == dt.date(1999, 3, 8) and first[1].number_format == "dd/mm/yyyy"
    assert first[2].value == "Nữ" and first[3].value == 1234 and first[4].value == 12.5 and first[5].value == "014000000001"
    assert sheet["B3"].value is None and sheet["D3"].value == -5
    assert sheet.freeze_panes == "A2" and sheet["A1"].font.bold and sheet.title == "Đảng viên   2026"
    assert sheet["A5"].value == "Tổng cộng" and sheet["D5"].value == "=SUM(D2:D4)" and sheet["E5"].value is None
    kept = sheet_of(table, data_only=True)
    assert kept["D5"].value == 1229, "the sum stands there for programs that do not calculate"


def test_an_empty_table_is_a_head_alone(app):
    with app.test_request_context():
        empty = Table("", COLUMNS, [], totals=("count",))
        sheet = sheet_of(empty)
        assert sheet.title == "Sheet1" and sheet.max_row == 1 and len(empty.csv().splitlines()) == 1


def test_a_cell_in_words(app):
    with app.test_request_context():
        assert text_of(dt.datetime(2026, 3, 1, 17, 5, tzinfo=dt.UTC)) == "02/03/2026 00:05"
        assert [text_of(cell) for cell in (None, Sex.MALE, dt.date(2026, 3, 1), 5, "x")] == ["", "Nam", "01/03/2026", "5", "x"]


# -- forms ------------------------------------------------------------------------------------------------------------


class Sample(Form):
    """A form with one field of each kind."""

    name = wtforms.StringField("Tên", [InputRequired(), Length(max=120)])
    notes = wtforms.TextAreaField("Ghi chú", [Length(max=50)])
    day = DateInput("Ngày", [NotInFuture(), NotBefore(dt.date(1930, 2, 3))])
    sex = EnumField("Giới tính", Sex, empty="—")
    number = wtforms.IntegerField("Số", [wtforms.validators.Optional()])


def filled(app, **sent):
    with app.test_request_context("/", method="POST", data={"name": "Lò Văn Ển", **sent}):
        form = Sample(meta={"csrf": False})
        form.validate()
        return form, {name: [str(error) for error in errors] for name, errors in form.errors.items()}


def test_what_is_typed_is_kept_in_its_composed_form(app):
    form, errors = filled(app, name="  Lo\u0300   Va\u0306n ", notes=" một\u0301 \r\n\r\n hai  ba ")
    assert not errors and form.name.data == "Lò Văn" and form.notes.data == "một\u0301\n\nhai ba"
    form, errors = filled(app, name="   ")
    assert form.name.data is None and form.notes.data is None


@pytest.mark.parametrize("typed", ["23/11/2026", "2026-11-23", "23.11.2026", "23-11-2026", " 23/11/2026 "])
def test_a_day_is_read_as_it_is_written_here(app, typed):
    form, errors = filled(app, day=typed)
    assert not errors and form.day.data == dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31/02/2026", "Không có ngày 31/02/2026"),
        ("2026-02-31", "Không có ngày"),
        ("29/02/2025", "Không có ngày"),
        ("00/01/2026", "Không có ngày"),
        ("hôm nay", "Không đọc được"),
        ("11/2026", "Không đọc được"),
        ("1/1/26", "Không đọc được"),
        ("25/11/2026", "chưa đến"),
        ("01/01/1900", "quá sớm"),
        ("9" * 10_000, "Không đọc được"),
    ],
)
def test_a_day_that_is_none_is_told_and_stays_as_typed(app, typed, said):
    form, errors = filled(app, day=typed)
    assert any(said in error for error in errors["day"])
    assert form.day._value() == typed


def test_a_day_that_is_kept_is_shown_day_first(app):
    with app.test_request_context("/"):
        assert Sample(data={"day": dt.date(2026, 3, 1)}).day._value() == "01/03/2026" and Sample().day._value() == ""


def test_a_day_asked_by_an_address(app):
    with app.test_request_context("/"):
        assert day_asked("01/03/2026") == (dt.date(2026, 3, 1), "")
        assert day_asked(None) == (clock.today(), "") == day_asked("  ")
        day, fault = day_asked("31/02/2026")
        assert day == clock.today() and "31/02/2026" in fault


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Chưa nhập"),
        ("name", "a" * 10_000, "tối đa 120 ký tự"),
        ("notes", "b" * 51, "tối đa 50"),
        ("sex", "khác", "không có trong danh sách"),
        ("number", "x", "số nguyên"),
    ],
)
def test_messages_are_in_vietnamese(app, field, value, said):
    assert said in filled(app, **{field: value})[1][field][0]


def test_a_choice_is_the_enums_member_or_nothing(app):
    assert filled(app, sex="female")[0].sex.data is Sex.FEMALE and filled(app, sex="")[0].sex.data is None
    with app.test_request_context():
        assert [(one.value, str(one.label)) for one in choices_of(Sex, empty="—")] == [("", "—"), ("male", "Nam"), ("female", "Nữ")]


def test_findings_stand_beside_their_fields_or_above_the_form(app):
    form, _errors = filled(app)
    made = [
        Finding("a", "name", Severity.BLOCK, "Sai tên."),
        Finding("b", "elsewhere", Severity.BLOCK, "Sai chỗ khác."),
        Finding("c", "name", Severity.WARN, "Chỉ lưu ý."),
    ]
    form.show(made)
    assert list(form.name.errors) == ["Sai tên."] and [one.code for one in form.general] == ["b"]
