"""The check of every page bites, and the outline of a page has the faults of the page itself."""

import re

import pytest

from tests.page import check_page, faults, outline

GOOD = """<!DOCTYPE html>
<html lang="vi">
  <head><title>Đảng viên &amp; chi bộ</title><script src="/static/a.js"></script></head>
  <body class="page">
    <h1 id="top">Chi bộ bản Bon, 24/11/2026 (3 &lt; 5)</h1>
    <a href="/members?q=a&amp;page=2" title="Đảng viên &#34;Ển&#34;">Trang 2</a>
    <form action="/members"><label for="name">Họ tên</label><input id="name" name="name" value="Lò Văn Ển"></form>
    <label for="old"><input type="checkbox" id="old" name="old" value="1"> Cũ</label><input type="search" name="q" aria-label="Tìm">
    <table><tbody><tr id="row-1"><td>Một</td></tr><tr id="row-2"><td>Hai</td></tr></tbody></table>
  </body>
</html>
"""
#: What is put in the place of what.
PLANTED = {
    "a tag is not closed": ("Trang 2</a>", "Trang 2"),
    "a tag is closed twice": ("</h1>", "</h1></h1>"),
    "a reference is none": ("Trang 2", "Trang &khong; 2"),
    "an ampersand is bare": ("&amp;page", "&page"),
    "a letter is no letter": ("Trang", "Tr\x07ang"),
    "a letter of a value is no letter": ("Lò Văn", "Lò\x85Văn"),
    "a letter of an id is no letter": ('id="top"', 'id="t\x00p"'),
    "a value ends too early": ("&#34;Ển&#34;", '"Ển"'),
    "an attribute stands twice": ("<h1 ", '<h1 class="a" class="b" '),
    "an id stands twice": ("row-2", "row-1"),
    "a label is for another field": ('for="name"', 'for="nobody"'),
    "a label has no words": ('aria-label="Tìm"', 'aria-label=""'),
    "a handler is inline": ("<h1 ", '<h1 onclick="go()" '),
    "a style is inline": ("<h1 ", '<h1 style="color: red" '),
    "a script is inline": (' src="/static/a.js"', ""),
    "a script has an empty source": ("/static/a.js", ""),
    "the title is empty": ("Đảng viên &amp; chi bộ", ""),
    "a comment has dashes": ("<h1 ", "<!-- một -- hai --><h1 "),
    "there is no doctype": ("<!DOCTYPE html>", ""),
}


def kinds(found: list[str]) -> list[str]:
    """The faults without their places, names and ids."""
    return sorted(re.sub(r"^\(\d+, \d+\): |'[^']*'|name=[^>]*", "", fault) for fault in found)


def test_a_good_page_is_good():
    assert faults(GOOD) == faults(outline(GOOD)) == []
    check_page(GOOD)


@pytest.mark.parametrize("what", PLANTED)
def test_a_fault_is_found_and_stays_in_the_outline(what):
    planted = GOOD.replace(*PLANTED[what])
    assert planted != GOOD
    assert kinds(faults(planted)) == kinds(faults(outline(planted))) != []
    check_page(GOOD)  # what was found good does not hide it
    with pytest.raises(AssertionError):
        check_page(planted)


def test_other_words_and_numbers_make_no_other_outline():
    other = GOOD.replace("Trang 2", "Trang &#39;3&#39;").replace("Lò Văn", "Cà Thị").replace("row-2", "row-7").replace("page=2", "p=7")
    assert other != GOOD and outline(other) == outline(GOOD)


def test_another_shape_makes_another_outline():
    for old, new in (("row-2", "row-1"), ("Một", ""), ('value="1"', 'value=""'), ('type="search"', 'type="text"'), ("<td>Hai</td>", "")):
        assert outline(GOOD.replace(old, new)) != outline(GOOD)
