"""The whole way of a candidate to full membership, walked by four people through the pages alone, in a real browser."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Locator, Page, expect

from partyreg import clock

NAME = "Quàng Thị Phương"
COMMITTEE = {"members": 9, "present": 9, "in_favour": 9, "against": 0, "form": "Bỏ phiếu kín"}
#: The papers of the whole way as their titles begin, and the way in which each is numbered.
PAPERS = {
    "Nghị quyết phân công đảng viên giúp đỡ": r"\d+-NQ/CB",
    "Giấy giới thiệu người vào Đảng (người thứ nhất)": None,
    "Giấy giới thiệu người vào Đảng (người thứ hai)": None,
    "Nghị quyết đề nghị kết nạp đảng viên": r"\d+-NQ/CB",
    "Báo cáo thẩm tra hồ sơ đề nghị kết nạp": r"\d+-BC/[^\s,]+",
    "Quyết định kết nạp đảng viên": r"\d+-QĐ/ĐU",
    "Biên bản lễ kết nạp đảng viên": r"\d+-BB/[^\s,]+",
    "Nghị quyết đề nghị công nhận đảng viên chính thức": r"\d+-NQ/CB",
    "Quyết định công nhận đảng viên chính thức": r"\d+-QĐ/ĐU",
}


@pytest.fixture
def on() -> Iterator[Callable[[str], None]]:
    """on("24/12/2026"): from now on it is that day in the office."""
    with ExitStack() as stack:

        def going_to(day: str) -> None:
            stack.enter_context(clock.freeze(dt.date(*map(int, reversed(day.split("/"))))))

        yield going_to


def fill(within: Locator, /, **values: object) -> None:
    """The fields of the form say so; those in a folded part are unfolded first."""
    for name, value in values.items():
        field = within.locator(f"[name={name}]")
        if not field.is_visible():
            field.locator("xpath=ancestor::details[not(@open)][1]/summary").click()
        if field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(label=str(value))
        else:
            field.fill(str(value))


def send(page: Page, door: str, button: str, **values: object) -> None:
    """The form of that deed is filled and sent, and the question before it answered; the page then says that it was done."""
    form = page.locator(f"form[action$='/{door}']")
    press = form.get_by_role("button", name=button, exact=True)
    if not press.is_visible():
        form.locator("xpath=ancestor::details[1]/summary").click()
    fill(form, **values)
    asks = press.get_attribute("data-confirm")
    with page.expect_navigation():
        press.click()
        if asks:
            page.get_by_role("dialog").get_by_role("button", name="Đồng ý").click()
    expect(page.get_by_role("status")).not_to_be_empty()
    assert page.locator("main [role=alert]").count() == 0, page.locator("main [role=alert]").inner_text()


def write(page: Page, **values: object) -> None:
    """The file is filled in by its form."""
    page.get_by_role("link", name="Sửa hồ sơ").click()
    fill(page.locator("main form[data-guard]"), **values)
    page.get_by_role("button", name="Lưu hồ sơ").click()
    expect(page.get_by_role("status")).to_contain_text("Đã lưu hồ sơ")


def vote(page: Page, day: str, in_favour: int, against: int) -> None:
    """The cell's vote of that day is written down, from the roll that the page lists."""
    page.get_by_role("link", name=re.compile("Ghi biểu quyết: (kết nạp|công nhận)")).click()
    form = page.locator("main form[data-guard]")
    expect(page.locator("main")).to_contain_text("Cần ít nhất 6 phiếu tán thành trên 9")
    fill(form, held_on=day, form="Bỏ phiếu kín", present=8, in_favour=in_favour, against=against)
    page.get_by_role("button", name="Lưu biểu quyết").click()
    expect(page.get_by_role("status")).to_contain_text("Đã ghi biểu quyết của chi bộ")


def step(page: Page, name: str) -> None:
    """The page says that the file is at that step."""
    expect(page.locator(".page-head .page-actions .tag").first).to_have_text(name)


def saved(page: Page, press: Callable[[], None]) -> tuple[str, bytes]:
    """The file that the browser saves when that is done: its name and what is in it."""
    with page.expect_download() as download:
        press()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def words_of(content: bytes) -> str:
    """What a paper says, Word or PDF; for a PDF nothing where no reader of it is installed."""
    if content.startswith(b"%PDF"):
        if not shutil.which("pdftotext"):
            return ""
        text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True).stdout.decode()
    else:
        document = docx.Document(io.BytesIO(content))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        text = "\n".join([*cells, *(one.text for one in document.paragraphs)])
    return " ".join(text.split())


def figures(text: str) -> set[str]:
    """Every day, number and share that a paper names."""
    return set(re.findall(r"\d[\d/,%]*\d|\d", text))


def test_four_people_take_a_candidate_to_full_membership(visit, on):
    secretary = visit("bithu.na").page
    secretary.get_by_role("navigation", name="Các phần việc").get_by_role("link", name="Kết nạp").click()
    secretary.get_by_role("link", name="Thêm người mới").first.click()
    fill(
        secretary.locator("main form[data-guard]"), full_name=NAME, sex="Nữ", born_on="08/03/2003", ethnicity="Thái",
        schooling="Trung học phổ thông", listed_on="20/11/2026", listing_number="11-NQ/CB", helper_id="Hà Thị Bình", helper_on="20/11/2026",
    )  # fmt: skip
    secretary.get_by_role("button", name="Lưu hồ sơ").click()
    step(secretary, "Cảm tình Đảng")
    file = "/admissions/" + secretary.url.rsplit("/", 1)[1]
    send(secretary, "papers/helper_assignment", "Ban hành", issued_on="20/11/2026")

    on("22/12/2026")
    secretary = visit("bithu.na").go("/admissions/reviews")
    fill(secretary.locator("main form[data-guard]"), on="20/12/2026", number="12-NQ/CB")
    secretary.get_by_role("button", name="Lưu kết quả rà soát").click()
    secretary.get_by_role("link", name=re.compile(NAME)).click()
    expect(secretary.locator("main")).to_contain_text("Rà soát danh sách: 1 lần")
    write(secretary, certificate_on="15/12/2026", certificate_number="44-GCN", asked_on="20/12/2026", asked_number="13-NQ/CB")
    send(secretary, "ask", "Gửi đề nghị")
    step(secretary, "Xin làm thủ tục")

    on("24/12/2026")
    committee = visit("thuongvu").page
    committee.locator("main").get_by_role("link", name=re.compile(NAME)).first.click()
    send(committee, "permit", "Cho phép", permitted_on="24/12/2026", permit_number="08-TB/ĐU")

    on("02/03/2027")
    secretary = visit("bithu.na").go(file)
    write(
        secretary, applied_on="04/01/2027", cv_on="05/01/2027", check_asked_on="06/01/2027", check_concluded_on="25/01/2027",
        check_paper="17-BC/TTLL", unions_opinion_on="28/01/2027", residence_opinion_on="28/01/2027", who_1="Hà Thị Chung",
        since_1="01/06/2020", who_2="Hà Thị Dũng", since_2="01/07/2021",
    )  # fmt: skip
    vote(secretary, "10/02/2027", 5, 3)  # two thirds of nine are six
    expect(secretary.locator("article.vote").filter(has_text="10/02/2027").locator("h3")).to_contain_text("Không đạt")
    vote(secretary, "24/02/2027", 7, 1)
    expect(secretary.locator("article.vote").filter(has_text="10/02/2027")).to_contain_text("5/9 tán thành, cần 6")
    for kind in ("introducer", "introducer_second", "cell_resolution"):
        send(secretary, f"papers/{kind}", "Ban hành", issued_on="24/02/2027")
    send(secretary, "submit", "Trình hồ sơ")
    step(secretary, "Chờ Ban Tổ chức")

    on("03/03/2027")
    officer = visit("tochuc").page
    officer.locator("main").get_by_role("link", name=re.compile(NAME)).first.click()
    expect(officer.locator(".file-now")).to_contain_text("Không có điều nào ngăn cản")
    expect(officer.locator(".file-now details .finding")).not_to_have_count(0)  # the officer sees what was checked
    send(officer, "return", "Trả lại", reason="Ngày ý kiến chi ủy nơi cư trú chưa khớp với bản gốc.")
    secretary = visit("bithu.na").go(file)
    expect(secretary.locator("main .notice.tone-warn").first).to_contain_text("chưa khớp với bản gốc")
    write(secretary, residence_opinion_on="29/01/2027")
    send(secretary, "submit", "Trình hồ sơ")
    officer.goto(officer.url)
    send(officer, "papers/committee_report", "Ban hành", issued_on="03/03/2027", signer="Cầm Văn Tổ")
    send(officer, "pass", "Chuyển tiếp")

    on("08/03/2027")
    committee = visit("thuongvu").go(file)
    deed = committee.locator("form[action$='/decide']")
    fill(deed, decided_on="08/03/2027", signer="Lò Văn Pâng", **COMMITTEE)
    word, pdf = (saved(committee, deed.get_by_role("button", name=f"Xem trước {ending}").click)[1] for ending in ("Word", "PDF"))
    assert NAME in words_of(word)
    assert pdf.startswith(b"%PDF")
    step(committee, "Chờ Ban Thường vụ")
    send(committee, "decide", "Ra quyết định")
    step(committee, "Chờ lễ kết nạp")

    on("20/03/2027")
    secretary = visit("bithu.na").go(file)
    send(secretary, "ceremony", "Ghi lễ kết nạp", ceremony_on="19/03/2027", received_on="10/03/2027")
    send(secretary, "papers/ceremony_minutes", "Ban hành", issued_on="19/03/2027")
    step(secretary, "Đảng viên dự bị")

    on("27/03/2028")
    secretary = visit("bithu.na").go(file)
    write(
        secretary, new_class_on="15/09/2027", new_class_number="31-GCN", self_review_on="20/03/2028", remark_on="21/03/2028",
        full_opinions_on="22/03/2028",
    )  # fmt: skip
    vote(secretary, "24/03/2028", 8, 0)
    send(secretary, "papers/recognition_resolution", "Ban hành", issued_on="24/03/2028")
    send(secretary, "propose", "Trình đề nghị")
    officer = visit("tochuc").go(file)
    send(officer, "pass", "Chuyển tiếp")

    on("30/03/2028")
    committee = visit("thuongvu").go(file)
    send(committee, "recognise", "Ra quyết định công nhận", decided_on="30/03/2028", signer="Lò Văn Pâng", **COMMITTEE)

    on("20/04/2028")
    officer = visit("tochuc").go(file)
    send(officer, "card", "Ghi số thẻ", card_number="012345678901", issued_on="19/04/2028")
    step(officer, "Đã xong")
    check_papers(officer)
    officer.get_by_role("link", name="Xem đảng viên").click()
    expect(officer.locator("main")).to_contain_text("Chính thức: 19/03/2028 – nay")
    expect(officer.locator("dl.facts > div").filter(has_text="Ngày chính thức")).to_contain_text("19/03/2028")
    expect(officer.locator("main")).to_contain_text("012345678901")


def check_papers(page: Page) -> None:
    """Every paper of the way was issued; both its files open, name the candidate and the number, and say the same."""
    shelf = page.locator("article.vote:has(a[href*='/papers/'])")
    expect(shelf).to_have_count(len(PAPERS))
    for title, series in PAPERS.items():
        subject = f"{title}: {NAME}"
        paper = shelf.filter(has=page.get_by_role("heading", name=subject, exact=True))
        sign = re.search(series, paper.locator("p").first.inner_text())[0] if series else None  # type: ignore[index]
        (word_name, word), (pdf_name, pdf) = (
            saved(page, paper.get_by_role("link", name=f"{ending} {subject}", exact=True).click) for ending in ("Word", "PDF")
        )
        assert (word_name[-5:], pdf_name[-4:], pdf[:4]) == (".docx", ".pdf", b"%PDF")
        said, printed = words_of(word), words_of(pdf)
        assert NAME in said, title
        assert sign is None or sign in said, title
        if printed:
            assert NAME in printed, title
            assert sign is None or sign in printed, title
            assert figures(printed) == figures(said), title


def at_once(first: Page, second: Page, door: str) -> list[int]:
    """Both press the same button of the same file and agree in the same moment: what the register answered to each."""
    answers = []
    for page in (first, second):
        form = page.locator(f"form[action$='/{door}']")
        form.get_by_role("button").first.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        page.on("response", lambda answer: answers.append(answer.status) if answer.request.method == "POST" else None)
    for page in (first, second):
        page.evaluate("() => { setTimeout(() => document.querySelector('dialog [value=confirm]').click(), 100) }")
    for page in (first, second):
        page.wait_for_function("() => document.querySelector('dialog') === null && document.readyState === 'complete'")
        expect(page.locator("main .notice").first).to_be_visible()
    return sorted(answers)


def test_of_two_who_decide_the_same_file_at_once_one_is_told(visit):
    name = re.compile("Quàng Văn Chung")
    officers = [visit(user).page for user in ("tochuc", "tochuc.hai")]
    for page in officers:
        page.locator("main").get_by_role("link", name=name).first.click()
    file = "/admissions/" + officers[0].url.rsplit("/", 1)[1]
    assert at_once(*officers, "pass") == [302, 409]

    deciders = [visit(user).go(file) for user in ("thuongvu", "thuongvu.hai")]
    for page in deciders:
        fill(page.locator("form[action$='/decide']"), decided_on="24/11/2026", signer="Lò Văn Pâng", **COMMITTEE)
    assert at_once(*deciders, "decide") == [302, 409]
    told = next(page for page in deciders if page.url.endswith("/decide"))
    expect(told.locator("main")).to_contain_text("Chưa có gì bị ghi đè")

    page = visit("bithu.na").go(file)
    send(page, "ceremony", "Ghi lễ kết nạp", ceremony_on="24/11/2026", received_on="24/11/2026")
    decision = page.locator("article.vote").filter(has=page.get_by_role("heading", name="Quyết định kết nạp đảng viên"))
    expect(decision).to_have_count(1)
    expect(visit("tochuc").go("/members?q=quang van chung").locator("tbody tr")).to_have_count(1)
