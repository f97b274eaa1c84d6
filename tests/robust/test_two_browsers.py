"""Two people edit one member, each with a browser of her own, on a real server."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from partyreg.db import db
from partyreg.members.models import Person
from tests.make.accounts import PASSWORD
from tests.robust.browser import Browser, Page, serving
from tests.robust.register import build, opened


def _fields(page: Page) -> dict[str, str]:
    """What the member's form would send if it were sent as it stands."""
    form = page.text[page.text.rindex("<form", 0, page.text.index('name="full_name"')) :]
    form = form[: form.index("</form>")]
    sent = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            sent[name[1]] = unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option[^>]*selected[^>]*value="([^"]*)"|<option[^>]*value="([^"]*)"[^>]*selected', options)
        sent[name] = (chosen[1] or chosen[2] or "") if chosen else ""
    return sent


def _signed_in(port: int) -> Browser:
    browser = Browser(port)
    token = browser.get("/sign-in").hidden("csrf_token")
    assert browser.post("/sign-in", {"csrf_token": token, "username": "tochuc", "password": PASSWORD}).status == 302
    return browser


def test_the_second_sees_the_conflict_and_nothing_is_overwritten(tmp_path: Path):
    member_id = build(tmp_path, cells=1, members=1)[0].chair_id
    address = f"/members/{member_id}/edit"
    with serving(tmp_path) as port:
        first, second = _signed_in(port), _signed_in(port)
        typed_first, typed_second = _fields(first.get(address)), _fields(second.get(address))
        assert first.post(address, typed_first | {"residence": "Bản Bon", "occupation": "Giáo viên"}).status == 302
        conflict = second.post(address, typed_second | {"residence": "Bản Hé"})
        assert conflict.status == 409
        assert "Bản Bon" in conflict.text and "Bản Hé" in conflict.text, "both values are shown"
        with opened(tmp_path):
            assert db.session.get_one(Person, member_id).residence == "Bản Bon"
        again = _fields(conflict)
        assert again["residence"] == "Bản Hé", "what was typed is still in the form"
        assert second.post(address, again).status == 302, "saving again is a choice made with open eyes"
        with opened(tmp_path):
            assert db.session.get_one(Person, member_id).residence == "Bản Hé"
