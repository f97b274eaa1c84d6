"""A real Chromium before a real server: a small register, made through the same deeds that people use, on a day of its own."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from waitress import create_server

from partyreg import clock, create_app, schema
from partyreg.access import Role
from partyreg.admissions.actions import Introduces
from partyreg.admissions.models import IntroducerKind
from partyreg.db import db
from partyreg.members import actions as members
from partyreg.members.models import Body, Person, Title
from partyreg.org.models import UnitKind
from partyreg.ratings.models import Level
from partyreg.rulebook.admission import Step
from tests import make
from tests.conftest import TODAY
from tests.make import accounts, admissions, meetings, ratings
from tests.make.members import SYSTEM

CHROMIUM = os.environ.get("PARTYREG_TEST_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
#: What Chromium itself says of a page that was refused on purpose.
_REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (403|404|409|422)")
NAMES = "Ánh Bình Chung Dũng Hoa Lan Mai Nga Xuân".split()


def _fill() -> None:
    """Three cells, nine full members in each, files that wait, a year of ratings, and who signs in."""
    root = make.unit(code="muong-chien", name="Đảng bộ xã Mường Chiên", kind=UnitKind.COMMUNE, parent=None)
    cells = {
        code: make.unit(code=code, name=name, parent=root) for code, name in (("cb-bon", "Chi bộ bản Bon"), ("cb-he", "Chi bộ bản Hé"))
    }
    people = {code: [make.member(unit=cell, full_name=f"Lò Thị {name}") for name in NAMES] for code, cell in cells.items()}
    far = make.unit(code="cb-na", name="Chi bộ bản Nà", parent=root)  # whose candidates go their whole way
    people["cb-na"] = [make.member(unit=far, full_name=f"Hà Thị {name}") for name in NAMES]
    large = make.unit(code="cb-lon", name="Chi bộ bản Lớn", parent=root)
    people["cb-lon"] = [make.member(unit=large, full_name=f"Vì Văn {name} {again}") for name in NAMES for again in "ABC"]
    for code, cell in (*cells.items(), ("cb-na", far), ("cb-lon", large)):
        who = db.session.get_one(Person, people[code][0].id)
        members.appoint(SYSTEM, who, unit=cell, body=Body.CELL_COMMITTEE, title=Title.SECRETARY, on=TODAY.replace(year=2025))
    for username, role, unit in (
        ("tochuc", Role.ORGANISATION, root), ("baocao", Role.REPORTING, root), ("quantri", Role.ADMINISTRATOR, root),
        ("bithu.bon", Role.SECRETARY, cells["cb-bon"]), ("bithu.he", Role.SECRETARY, cells["cb-he"]),
        ("thuongvu", Role.STANDING, root), ("thuongvu.hai", Role.STANDING, root), ("tochuc.hai", Role.ORGANISATION, root),
        ("bithu.na", Role.SECRETARY, far), ("bithu.lon", Role.SECRETARY, large),
    ):  # fmt: skip
        accounts.user(username=username, full_name=f"Người dùng {username}", role=role, unit=unit)
    introducers = [Introduces(IntroducerKind.MEMBER, one.id, TODAY.replace(year=2020)) for one in people["cb-he"][:2]]
    for name in ("Quàng Thị Duyệt", "Quàng Thị Trả"):
        admissions.admission(unit=cells["cb-he"], full_name=name, introduced_by=introducers)
    known = [Introduces(IntroducerKind.MEMBER, one.id, TODAY.replace(year=2020)) for one in people["cb-na"][1:3]]
    admissions.admission(unit=far, full_name="Quàng Văn Chung", introduced_by=known)
    admissions.admission(unit=far, full_name="Quàng Thị Đào", introduced_by=known, step=Step.DRAFT)
    meetings.meeting(unit=cells["cb-he"], chair_id=people["cb-he"][0].id)
    ratings.year()
    ratings.levels(unit=cells["cb-bon"], given=dict.fromkeys(people["cb-bon"], Level.GOOD))
    db.session.commit()


@pytest.fixture(scope="package")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the register answers."""
    folder = tmp_path_factory.mktemp("served")
    app = create_app({"SECRET_KEY": "for browser tests only", "PARTYREG_INSTANCE": str(folder), "PARTYREG_ARGON2_FAST": True,
                      "PARTYREG_DATABASE_URL": f"sqlite:///{folder / 'partyreg.db'}"})  # fmt: skip
    with clock.freeze(TODAY):
        with app.app_context():
            schema.upgrade(db.engine)
            _fill()
        server = create_server(app, host="127.0.0.1", port=0, threads=4)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.effective_port}"
        server.close()
        thread.join(timeout=5)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser, started once."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"there is no Chromium at {CHROMIUM}; install it, or set PARTYREG_TEST_CHROMIUM to its path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Visitor:
    """Somebody before the register; whatever the browser complains of is kept in `complaints`."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address, self.complaints = context, address, list[str]()
        self.page: Page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning") and not _REFUSED.match(message.text):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def go(self, path: str) -> Page:
        """The page at that path."""
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, username: str, password: str = accounts.PASSWORD) -> Page:
        """The form is filled and sent, as a person does it."""
        page = self.go("/sign-in")
        page.get_by_label("Tên đăng nhập").fill(username)
        page.get_by_label("Mật khẩu").fill(password)
        page.locator("main form").get_by_role("button", name="Đăng nhập").click()
        return page


@pytest.fixture
def visit(address: str, chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """visit(username=None, phone=False, dark=False, scripts=True): a Visitor; no console error, no breach of the CSP is forgiven."""
    visitors: list[Visitor] = []

    def visiting(username: str | None = None, *, phone: bool = False, dark: bool = False, scripts: bool = True) -> Visitor:
        context = chromium.new_context(
            viewport={"width": 390, "height": 844} if phone else {"width": 1440, "height": 900},
            has_touch=phone, is_mobile=phone, color_scheme="dark" if dark else "light", java_script_enabled=scripts, locale="vi-VN",
        )  # fmt: skip
        visitors.append(visitor := Visitor(context, address))
        if username:
            visitor.sign_in(username)
        return visitor

    yield visiting
    for visitor in visitors:
        visitor.context.close()
    assert [line for visitor in visitors for line in visitor.complaints] == []
