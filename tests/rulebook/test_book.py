"""The rulebook: reading law files, local provisions, the law on a day, and the shipped law itself."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from partyreg.rulebook.book import LAW, LawError, Rulebook, share
from partyreg.rulebook.timeline import Citation, Confidence, NotInForce, Provision, Timeline

TODAY = date(2026, 11, 24)
LOCAL = Citation("03-HD/ĐU", "mục 2", Confidence.QUOTED)
GOOD = """
[a.b]
label = "Nhãn"
unit = "months"
[[a.b.provisions]]
since = 2020-01-01
value = 3
instrument = "1-QĐ/TW"
article = ""
confidence = "quoted"
[[a.b.provisions]]
since = 2021-01-01
repealed = true
instrument = "2-QĐ/TW"
confidence = "secondary"
note = "bãi bỏ"
"""


def _read(folder: Path, text: str) -> Rulebook:
    (folder / "a.toml").write_text(text, encoding="utf-8")
    return Rulebook.read(folder)


def test_reads_values_repeals_and_notes(tmp_path: Path) -> None:
    book = _read(tmp_path, GOOD)
    assert book.keys() == ("a.b",)
    assert book.on("a.b", date(2020, 5, 1)).value == 3
    assert book.find("a.b", date(2022, 1, 1)) is None
    assert book.all_on(date(2022, 1, 1)) == []
    assert book.timeline("a.b").provisions[1].note == "bãi bỏ"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[a.b]", "[a.b", "not valid TOML"),
        ('label = "Nhãn"', "label = 3", "label must be a text"),
        ('unit = "months"', "", "unit must be a text"),
        ('unit = "months"', 'unit = "months"\ncolour = 1', "unknown field colour"),
        ("since = 2020-01-01", "", "since must be a date"),
        ("since = 2020-01-01", "since = 2020-01-01T00:00:00", "since must be a date"),
        ("since = 2020-01-01", "since = 2021-01-01", "two provisions since 2021-01-01"),
        ("value = 3", "", "either a value or repealed"),
        ("value = 3", "value = 3\nrepealed = true", "either a value or repealed"),
        ("value = 3", 'value = 3\nrepealed = "no"', "either a value or repealed"),
        ('confidence = "quoted"', 'confidence = "sure"', "'sure' is none of quoted, quoted-old"),
        ('instrument = "1-QĐ/TW"', "", "provision 1: instrument must be a text"),
        ('article = ""', 'paragraph = ""', "provision 1: unknown field paragraph"),
    ],
)
def test_a_malformed_law_is_refused_with_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(LawError, match=r"a\.toml") as caught:
        _read(tmp_path, GOOD.replace(old, new, 1))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1", "expected tables"),
        ("[a]\nb = 1", "expected a table with label"),
        ('[a.b]\nlabel = "x"\nunit = "y"', "needs at least one"),
        ('[a.b]\nlabel = "x"\nunit = "y"\nprovisions = [1]', "provision 1: expected a table"),
    ],
)
def test_a_law_of_the_wrong_shape_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(LawError, match=message):
        _read(tmp_path, text)


def test_an_empty_folder_and_a_key_in_two_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LawError, match="no law files"):
        Rulebook.read(tmp_path)
    (tmp_path / "b.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(LawError, match="defined twice"):
        _read(tmp_path, GOOD)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b'[a]\nb = "\xff"')
    with pytest.raises(LawError, match="not valid TOML"):
        Rulebook.read(tmp_path)


def test_an_unknown_key_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="no such key"):
        LAW.on("admission.nothing", TODAY)
    with pytest.raises(KeyError, match="no such key"):
        LAW.with_local({"admission.nothing": [Provision(TODAY, 1, LOCAL)]})


def test_local_provisions_leave_the_shipped_law_alone() -> None:
    local = LAW.with_local({"meeting.min_minutes": [Provision(date(2026, 1, 1), 120, LOCAL)]})
    assert local.on("meeting.min_minutes", TODAY).required == 120
    assert local.on("meeting.min_minutes", date(2025, 12, 31)) == LAW.on("meeting.min_minutes", date(2025, 12, 31))
    assert LAW.on("meeting.min_minutes", TODAY).required == 90


def test_a_local_key_may_be_added() -> None:
    own = Timeline("local.sheet", "Mẫu", "points", (Provision(date(2026, 1, 1), 1, LOCAL),))
    book = LAW.with_local({"local.sheet": [Provision(date(2026, 2, 1), 2, LOCAL)]}, new=[own])
    assert book.on("local.sheet", TODAY).value == 2


def test_values_of_the_law_cannot_be_changed_by_a_caller() -> None:
    bands = LAW.on("rating.bands", TODAY).required
    with pytest.raises(TypeError):
        bands["GOOD"] = 1
    assert isinstance(LAW.on("badge.years", TODAY).value, tuple)


def test_a_share_is_exact() -> None:
    assert share(LAW.on("admission.cell_share", TODAY)) == Fraction(2, 3)


def test_the_law_on_a_day_lists_label_unit_value_and_source() -> None:
    lines = {line.key: line for line in LAW.all_on(TODAY)}
    line = lines["admission.certificate_months"]
    assert (line.value, line.unit, line.confidence) == (60, "months", Confidence.SECONDARY)
    assert line.label.startswith("Thời hạn")
    assert line.citation.instrument == "01-HD/TW (19/5/2026)"
    assert list(lines) == sorted(lines)
    assert "target.term_admissions" not in lines


@pytest.mark.parametrize(
    ("day", "instrument"),
    [
        (date(2016, 7, 25), "29-QĐ/TW"),
        (date(2021, 7, 30), "24-QĐ/TW"),
        (date(2025, 1, 20), "232-QĐ/TW"),
        (date(2025, 7, 1), "294-QĐ/TW"),
        (date(2026, 4, 7), "294-QĐ/TW"),
        (date(2026, 4, 8), "20-QĐ/TW"),
        (date(2026, 7, 26), "208-QĐ/TW"),
    ],
)
def test_the_implementing_regulation_of_each_day(day: date, instrument: str) -> None:
    assert LAW.on("admission.decision_days", day).citation.instrument == instrument


@pytest.mark.parametrize("key", LAW.keys())
def test_every_unread_text_is_marked(key: str) -> None:
    for provision in LAW.timeline(key).provisions:
        if "chưa được đọc; giá trị mang" in provision.note:
            assert provision.citation.confidence is Confidence.UNVERIFIED


def test_the_oldest_law_is_before_the_demo_term() -> None:
    with pytest.raises(NotInForce):
        LAW.on("admission.cell_share", date(2016, 7, 24))
    assert LAW.on("admission.cell_share", date(2020, 7, 1)).required == "2/3"
