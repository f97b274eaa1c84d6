"""Names, the clock, and dates, numbers and labels as Vietnamese offices write them."""

import datetime as dt
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partyreg import clock, i18n
from partyreg.access import Role
from partyreg.names import fold, nfc, sort_key

NAMES = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạẤẦẨẪẬĐ ' \u0301\u0323", min_size=1, max_size=40).filter(lambda text: text.strip() != "")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Lo\u0300  Va\u0306n\tE\u0302\u0309n ", "Lò Văn Ển"),
        ("Lò\u00a0Văn\u200bÂn", "Lò VănÂn"),
        ("\ufeffĐiêu", "Điêu"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_one_written_form(written, kept):
    assert nfc(written) == kept


@given(st.text(max_size=40))
def test_the_written_form_is_settled(text):
    once = nfc(text)
    assert nfc(once) == once and "  " not in once and once == once.strip()
    assert nfc(unicodedata.normalize("NFD", text)) == nfc(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("name", "folded"), [("Điêu Thị Ướt", "dieu thi uot"), ("ĐẶNG", "dang"), ("Nguyễn  Văn Ưởng", "nguyen van uong"), ("H’Mông", "h'mong")]
)
def test_names_are_found_without_accents(name, folded):
    assert fold(name) == folded == fold(unicodedata.normalize("NFD", name)) == fold(fold(name))


@given(NAMES)
def test_folding_keeps_no_accent_and_is_settled(name):
    assert fold(name) == fold(fold(name)) == fold(name.upper())
    assert not any(unicodedata.combining(c) for c in fold(name))


@given(NAMES)
def test_the_key_is_ascii_and_the_same_for_both_forms(name):
    assert sort_key(name).isascii()
    assert sort_key(unicodedata.normalize("NFD", name)) == sort_key(unicodedata.normalize("NFC", name)) == sort_key(f"  {name} ")


@given(st.lists(NAMES, max_size=6))
def test_sorting_is_by_the_given_name_first(names):
    ordered = sorted(names, key=sort_key)
    given = [sort_key(nfc(name).split(" ")[-1]) for name in ordered if nfc(name)]
    assert given == sorted(given)


def test_the_order_of_the_alphabet_and_of_the_tones():
    words = ["a", "à", "ả", "ã", "á", "ạ", "ă", "â", "b", "d", "đ", "e", "ê", "o", "ô", "ơ", "u", "ư", "y"]
    mixed = words[::-1]
    assert sorted(mixed, key=sort_key) == words
    assert sorted(["Vàng A Ổn", "Lò An", "Cà Ân", "Lò Ẩn", "Bế Ăn"], key=sort_key) == ["Lò An", "Bế Ăn", "Cà Ân", "Lò Ẩn", "Vàng A Ổn"]
    assert sorted(["Tổ 10", "Tổ 9", "Tổ Ж"], key=sort_key) == ["Tổ 10", "Tổ 9", "Tổ Ж"], "figures, letters, then foreign letters"


# -- the clock --------------------------------------------------------------------------------------------------------


def test_the_clock_runs_and_can_be_stopped():
    assert clock.now().tzinfo is not None and abs((clock.now() - dt.datetime.now(dt.UTC)).total_seconds()) < 5
    with clock.freeze(dt.date(2026, 3, 1)):
        assert clock.today() == dt.date(2026, 3, 1) and clock.now() == dt.datetime(2026, 3, 1, 1, tzinfo=dt.UTC)
        with clock.freeze(dt.datetime(2026, 12, 31, 17, 0, tzinfo=dt.UTC)):
            assert clock.today() == dt.date(2027, 1, 1), "the office is seven hours ahead"
        assert clock.today() == dt.date(2026, 3, 1)
    with pytest.raises(KeyError), clock.freeze(dt.date(2020, 1, 1)):
        raise KeyError
    assert clock.today() != dt.date(2020, 1, 1)


# -- writing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(1, 8, "12.50"), (2, 3, "66.67"), (1, 200, "0.50"), (1, 16000, "0.01"), (0, 5, "0.00"), (5, 5, "100.00")]
)
def test_a_share_has_two_decimals_half_up(part, whole, share):
    assert i18n.percentage(part, whole) == Decimal(share)


def test_of_nothing_there_is_no_share():
    assert i18n.percentage(0, 0) is None


def test_dates_numbers_and_labels(app):
    with app.test_request_context():
        assert i18n.fmt_date(dt.date(2026, 3, 1)) == "01/03/2026" and i18n.fmt_date(None) == ""
        assert i18n.fmt_moment(dt.datetime(2026, 3, 1, 17, 5, tzinfo=dt.UTC)) == "02/03/2026 00:05" and i18n.fmt_moment(None) == ""
        assert (
            i18n.fmt_number(1234567) == "1.234.567" and i18n.fmt_number(Decimal("1234.5"), 1) == "1.234,5" and i18n.fmt_number(None) == ""
        )
        assert i18n.fmt_percent(Decimal("19.05")) == "19,05 %" and i18n.fmt_percent(None) == ""
        assert i18n.label(Role.SECRETARY) == "Bí thư chi bộ" and i18n.label(None) == ""
        assert i18n.deed_label("org.found") == "Thành lập tổ chức" and i18n.deed_label("no.such") == "no.such"
        assert i18n.law_area("admission") == "Kết nạp" and i18n.law_area("nothing") == "nothing"
    with app.test_request_context("/?lang=en"):
        i18n.speak(i18n.select_locale())
        assert i18n.is_english() and i18n.fmt_number(1234567.5, 1) == "1,234,567.5"
        i18n.speak("vi")
        assert not i18n.is_english()
    with app.test_request_context("/?lang=fr"):
        assert i18n.select_locale() == "vi"
    assert i18n.select_locale() == "vi", "outside a request too"
