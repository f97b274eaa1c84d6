"""English: the catalogue is complete and says the same, English pages hold no Vietnamese but data, and the choice is remembered."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Mapping

import pytest
from babel.messages.catalog import Catalog

from partyreg import i18n, translate
from partyreg.access import Role
from partyreg.menu import PLACES
from partyreg.rulebook.book import LAW
from partyreg.rulebook.finding import UNVERIFIED_NOTE, Severity, judged
from partyreg.rulebook.timeline import Citation, Confidence
from partyreg.rulebook.words import value_text
from tests import make
from tests.make import admissions

VIETNAMESE = re.compile("[À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]")

#: Units of the law whose values are words of the law.
DATA_UNITS = ("body", "moment", "month", "pattern", "forms", "codes", "points", "agenda", "document")


@pytest.fixture
def english():
    i18n.speak("en")
    yield
    i18n.speak("vi")


# -- the catalogue ----------------------------------------------------------------------------------------------------


def test_every_text_has_its_english_and_no_english_is_idle():
    wanted = {text for text, _file in translate.texts()}
    assert len(wanted) > 1000
    assert translate.faults(translate.read(), wanted) == []


def test_texts_that_are_looked_up_by_a_variable_are_in_the_catalogue():
    known = {str(one.id) for one in translate.read()}
    assert {text for _sign, text, *_rest in PLACES} <= known


def test_missing_and_idle_and_twisted_english_would_be_found():
    planted = Catalog("en")
    planted.add("Đã lưu.", "Saved.")
    planted.add("Đến %(day)s", "Until %(date)s")
    planted.add("Thôi", "")
    planted.add("Cũ", "Old")
    assert translate.faults(planted, {"Đã lưu.", "Đến %(day)s", "Thôi", "Mới"}) == [
        "no English: Mới", "no English: Thôi", "not in use: Cũ", "other facts: Đến %(day)s",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"), [("%(n)s%% {all}", ["%%", "%(n)s", "{all}"]), ("Tỷ lệ (%)", ["%"]), ("%(n)d", ["%(n)d"]), ("", [])]
)
def test_the_facts_of_a_text(text, found):
    assert translate.facts(text) == found


def test_english_is_written_in_english():
    names = r"Lò Thị Hoa|Lò Văn Ển|Mường Chiên|\d+[A-Z]?-KNĐ|(QĐ|TB)/ĐU"  # people, a place, forms, series
    english = {str(one.string) for one in translate.read() if one.id}
    assert [text for text in english if VIETNAMESE.search(re.sub(names, "", text))] == []


def test_the_catalogue_is_renewed_from_the_source(tmp_path):
    for folder in ("partyreg", "templates"):
        (tmp_path / folder).mkdir()
    (tmp_path / "partyreg" / "a.py").write_text('x = _("Lưu"), lazy("Mới"), msg("Đến %(day)s"), other("Khác")\n', encoding="utf-8")
    (tmp_path / "templates" / "a.html").write_text("<p>{{ _('Lưu') }} {{ _('Thôi') }}</p>\n", encoding="utf-8")
    old = Catalog("en")
    old.add("Lưu", "Save")
    old.add("Cũ", "Old")
    new = translate.renewed(old, tmp_path)
    assert {str(one.id): one.string for one in new if one.id} == {"Lưu": "Save", "Mới": "", "Đến %(day)s": "", "Thôi": ""}
    assert [place for place, _line in new["Lưu"].locations] == ["partyreg/a.py", "templates/a.html"]


def test_the_tool_writes_the_file_and_says_what_is_missing(tmp_path, monkeypatch, capsys):
    file = tmp_path / "messages.po"
    file.write_text('msgid "Đã lưu."\nmsgstr "Saved."\n', encoding="utf-8")
    monkeypatch.setattr(translate, "CATALOGUE", file)
    assert translate.main() == 1
    assert "no English: Chi bộ\n" in capsys.readouterr().out
    assert 'msgid "Đã lưu."\nmsgstr "Saved."' in file.read_text(encoding="utf-8")


# -- words ------------------------------------------------------------------------------------------------------------


def test_words_follow_the_page():
    lazy = i18n.lazy("Khóa năm %(year)s", year=2026)
    assert (i18n._("Chi bộ"), str(lazy), str(i18n.LABELS["Standing.full"])) == ("Chi bộ", "Khóa năm 2026", "Chính thức")
    i18n.speak("en")
    try:
        assert (i18n._("Chi bộ"), str(lazy), f"{i18n.LABELS['Standing.full']}") == ("Cell", "Close 2026", "Full")
        assert i18n._("không có trong danh mục") == "không có trong danh mục"
        assert i18n._("Khóa năm %(year)s", year=2026) == "Close 2026"
    finally:
        i18n.speak("vi")


@pytest.mark.usefixtures("english")
def test_a_finding_is_said_in_english():
    cite = Citation("294-QĐ/TW", "khoản 1.1.1", Confidence.QUOTED)
    unsure = Citation("Điều lệ Đảng", "", Confidence.UNVERIFIED)
    text, day = "Hồ sơ còn giá trị đến %(until)s.", dt.date(2026, 11, 23)
    assert i18n.said(judged("a.b", "x", Severity.WARN, text, cite, until=day)) == "The file is valid until 23/11/2026."
    assert (
        i18n.said(judged("a.b", "x", Severity.WARN, text, unsure, until=day)) == "The file is valid until 23/11/2026. (rule not verified)"
    )
    counted = "%(what)s là %(value)s, không thể là số âm. Nhập lại theo biên bản."
    assert i18n.said(judged("a.b", "x", Severity.BLOCK, counted, what="Số phiếu trắng", value=-1)).startswith(
        "The number of blank votes is -1"
    )
    assert i18n.cited(cite) == "khoản 1.1.1, 294-QĐ/TW (read in the original)"


def test_a_finding_is_said_in_vietnamese_as_it_was_found():
    unsure = Citation("Điều lệ Đảng", "", Confidence.UNVERIFIED)
    found = judged("a.b", "x", Severity.WARN, "Hồ sơ còn giá trị đến %(until)s.", unsure, until=dt.date(2026, 11, 23))
    assert i18n.said(found) == found.message and UNVERIFIED_NOTE in found.message
    assert i18n.cited(unsure) == unsure.text


@pytest.mark.usefixtures("english")
def test_values_of_the_law_are_said_in_english():
    for line in map(LAW.timeline, LAW.keys()):
        for provision in line.provisions:
            if not provision.is_repeal and line.unit not in DATA_UNITS:
                text = i18n.law_value(provision.required, line.unit)
                assert not VIETNAMESE.search(text), (line.key, text)
    assert value_text(True, "yes/no") == "có" and i18n.law_value(True, "yes/no") == "yes"


# -- pages ------------------------------------------------------------------------------------------------------------


def shown(page: str) -> str:
    """The words of a page and its labels: no scripts, no addresses, and not the button that names the other language."""
    page = re.sub(r"<script.*?</script>|<svg.*?</svg>|Tiếng Việt", "", page, flags=re.S)
    spoken = re.findall(r'(?:title|placeholder|aria-label|content|alt|data-[\w-]+)="([^"]*)"', page)
    return html.unescape(" ".join([re.sub(r"<[^>]*>", " ", page), *spoken]))


def foreign(page: str, data: tuple[str, ...] = ()) -> list[str]:
    """Lines that are still Vietnamese once data are taken out."""
    text = re.sub(r"Người dùng [a-z]+-\d+", "", shown(page))
    for one in sorted(data, key=len, reverse=True):
        text = text.replace(one, "")
    return [" ".join(line.split()) for line in text.splitlines() if VIETNAMESE.search(line)]


def test_vietnamese_left_on_a_page_would_be_found():
    assert foreign("<p>Đã lưu</p>") == ["Đã lưu"] and foreign('<p title="Đã lưu">Saved</p>') == ["Saved Đã lưu"]
    assert foreign("<p>Saved</p><b>Lò Văn Ển</b>", ("Lò Văn Ển",)) == []


NAMES = ("Đảng bộ xã Mường Chiên", "Mường Chiên", "Chi bộ bản Bon", "Chi bộ bản Hé", "Lò Văn Thử", "Thái")


def test_the_sign_in_page_in_english(client):
    page = client.get("/sign-in?lang=en")
    assert '<html lang="en"' in page.text and "Password" in page.text
    assert foreign(page.text, NAMES) == []
    refused = client.post("/sign-in", data={"username": "nobody", "password": "wrong"})
    assert "is not correct" in refused.text
    assert foreign(refused.text, NAMES) == []


@pytest.mark.parametrize(
    "path",
    [
     "/", "/rights", "/members", "/members?q=khongcoai", "/meetings", "/meetings?year=2025", "/admissions", "/units", "/reports",
     "/audit", "/account", "/units/cb-bon", "/members/new", "/meetings/new?unit=cb-bon", "/nowhere",
    ],
)  # fmt: skip
def test_pages_of_the_organisation_committee_in_english(as_, commune, path):
    page = as_(Role.ORGANISATION).get(f"{path}{'&' if '?' in path else '?'}lang=en", follow_redirects=True)
    assert '<html lang="en"' in page.text
    assert foreign(page.text, (*NAMES, *_agendas())) == []


def _agendas() -> list[str]:
    """The points of an agenda, which the law words for the minutes."""
    texts: list[str] = []
    for key in ("meeting.agenda", "meeting.agenda_of_month"):
        for provision in LAW.timeline(key).provisions:
            for value in provision.required.values():
                texts += [value] if isinstance(value, str) else value
    return sorted(texts, key=len, reverse=True)


@pytest.mark.parametrize("path", ["/accounts", "/accounts/new"])
def test_pages_of_the_administrator_in_english(as_, commune, path):
    assert foreign(as_(Role.ADMINISTRATOR).get(f"{path}?lang=en").text, NAMES) == []


def test_a_member_in_english(as_, commune):
    member = make.member(unit=commune.bon, full_name="Lò Văn Thử")
    secretary = as_(Role.ORGANISATION)
    page = secretary.get(f"/members/{member.id}?lang=en")
    assert "Seniority" in page.text
    assert foreign(page.text, NAMES) == []
    refused = secretary.post("/members/new", data={"born_on": "tomorrow"})
    assert refused.status_code == 422 and "cannot be read as a date" in refused.text
    assert foreign(refused.text, NAMES) == []


def _law() -> tuple[str, ...]:
    """The law's own words."""
    found = {line.label for line in map(LAW.timeline, LAW.keys())}
    found |= {label.partition(":")[0] for label in found} | {label.partition(": ")[2] for label in found}  # a target and its parts
    for line in map(LAW.timeline, LAW.keys()):
        for one in line.provisions:
            if not one.is_repeal and isinstance(one.required, Mapping):
                found |= {value for value in one.required.values() if isinstance(value, str)}  # the numbers of forms
            found |= {one.citation.place, one.citation.article, one.citation.instrument, one.note}
            if line.unit in DATA_UNITS and not one.is_repeal:
                found.add(value_text(one.required, line.unit).removesuffix(" điểm"))
    return tuple(found - {""})


@pytest.mark.parametrize("path", ["/targets?year=2026", "/law"])
def test_only_the_law_speaks_vietnamese(as_, commune, path):
    assert foreign(as_(Role.ORGANISATION).get(f"{path}{'&' if '?' in path else '?'}lang=en").text, (*NAMES, *_law())) == []


def test_what_is_found_in_an_admission_file_is_said_in_english(as_, commune):
    file = admissions.admission(unit=commune.bon, full_name="Lò Văn Thử")
    page = as_(Role.ORGANISATION).get(f"/admissions/{file.id}?lang=en")
    assert page.text.count('class="finding ') > 5
    assert foreign(page.text, (*NAMES, *_law(), "Cà Văn An", "Cà Văn Bình", "08-TB/ĐU")) == []


def test_the_choice_is_remembered_and_an_unknown_one_is_ignored(client):
    assert '<html lang="vi"' in client.get("/sign-in").text
    assert '<html lang="en"' in client.get("/sign-in?lang=en").text
    assert '<html lang="en"' in client.get("/sign-in").text
    assert '<html lang="en"' in client.get("/sign-in?lang=fr").text
    assert '<html lang="vi"' in client.get("/sign-in?lang=vi").text
    assert '<html lang="vi"' in client.get("/sign-in?lang=fr").text


def test_one_request_does_not_speak_for_the_next(client):
    client.get("/sign-in?lang=en")
    assert not i18n.is_english()


def test_the_office_may_speak_english_by_itself(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "PARTYREG_LOCALE", "en")
    assert '<html lang="en"' in client.get("/sign-in").text
    monkeypatch.setitem(app.config, "PARTYREG_LOCALE", "tlh")
    assert '<html lang="vi"' in client.get("/sign-in").text
