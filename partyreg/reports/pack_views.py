"""The doors to year-end packs: make one, the list, one pack with its files, and two packs line by line.

A pack is made within the request that asks for it: a few seconds, while the button says so, in one transaction. So there is no
half-made pack to clean up, and no work that a restart would lose.
"""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for

from .. import clock
from ..access import Actor, Permission
from ..errors import RuleBroken
from ..i18n import _, fmt_date, fmt_moment, fmt_number, fmt_percent, lazy
from ..tables import Column, Row, Table
from ..web import Page, done, download
from . import pack_actions as actions
from . import pack_queries as queries
from .models import PackFormat
from .pack_forms import PackForm, RemoveForm
from .views import area

_SIZE = 50
_FIRST_YEAR = 2020
STATES = {
    "same": lazy("Giữ nguyên"), "changed": lazy("Thay đổi"), "new": lazy("Mới có"), "gone": lazy("Không còn"),
}  # fmt: skip


@area.form("/reports/year-end", needs=Permission.REPORTS_READ)
def year_end(actor: Actor) -> Any:
    """The form; sent, the pack is made and kept."""
    form = PackForm()
    today, units = clock.today(), queries.offered(actor)
    years = list(range(today.year, _FIRST_YEAR - 1, -1))
    form.offer(years, units)
    if not form.is_submitted():
        form.year.data = _asked_year(years, today.year - 1)
    if form.validate_on_submit():
        unit = next(one for one in units if one.code == form.unit.data)
        try:
            made = actions.make_pack(actor, form.year.data, form.on.data, unit)
        except RuleBroken as broken:
            form.show(broken.findings)
        else:
            return done(
                _("Đã lập báo cáo năm %(year)s. Số liệu được giữ nguyên như lúc lập.", year=made.year), "reports.pack", pack_id=made.id
            )
    return render_template("reports/year_end.html", form=form), 422 if form.is_submitted() else 200


def _asked_year(years: list[int], otherwise: int) -> int:
    year = request.args.get("year", otherwise, type=int)
    return year if year in years else otherwise


@area.get("/reports/packs", needs=Permission.REPORTS_READ)
def packs(actor: Actor) -> Any:
    """The packs that were made, the newest first."""
    page = Page(request.args.get("page", 1, type=int), _SIZE, queries.kept_count(actor))
    kept = queries.kept(actor, limit=page.size, offset=page.offset)
    columns = [
        Column("year", _("Năm"), "number"), Column("unit", _("Tổ chức")), Column("day", _("Số liệu đến ngày"), "date"),
        Column("made_at", _("Lập lúc")), Column("made_by", _("Người lập")), Column("lines", _("Số dòng"), "number"),
    ]  # fmt: skip
    rows = [
        Row((one.pack.year, one.unit, one.pack.day, fmt_moment(one.pack.made_at), one.pack.made_by, one.pack.line_count),
            url_for("reports.pack", pack_id=one.pack.id))
        for one in kept
    ]  # fmt: skip
    return render_template("reports/packs.html", table=Table(_("Báo cáo năm đã lập"), columns, rows), page=page)


@area.get("/reports/packs/<int:pack_id>", needs=Permission.REPORTS_READ)
def pack(actor: Actor, pack_id: int) -> Any:
    """One pack: its files, its hash, its lines, and the packs to compare it with."""
    return _shown(actor, queries.one(actor, pack_id), RemoveForm(formdata=None))


def _shown(actor: Actor, kept: queries.Kept, form: RemoveForm) -> str:
    lines = queries.lines(kept.pack)
    columns = [
        Column("label", _("Nội dung")), Column("value", _("Số liệu")), Column("last", _("Năm trước")),
        Column("threshold", _("Mức chỉ tiêu")),
    ]  # fmt: skip
    rows = [Row((line["label"], _value(line), _value(line, "last"), line["threshold"])) for line in lines]
    return render_template(
        "reports/pack.html", kept=kept, pack=kept.pack, hashes=queries.hashes(kept.pack), others=queries.others(actor, kept.pack),
        table=Table(_("Số liệu"), columns, rows), form=form, is_hers=actor.user_id is not None and kept.pack.made_by_id == actor.user_id,
    )  # fmt: skip


def _value(line: dict[str, Any] | None, name: str = "value") -> str:
    """A line's figure in words, part and whole beside a share."""
    if line is None or line[name] is None:
        return ""
    if not line["is_percent"]:
        return fmt_number(line[name])
    share = fmt_percent(float(line[name]))
    return share if name != "value" or line["part"] is None else f"{share} ({fmt_number(line['part'])}/{fmt_number(line['whole'])})"


#: How a target's figure was judged.
_JUDGED = {True: lazy("đạt"), False: lazy("chưa đạt"), None: lazy("chưa kết luận")}


def _beside(line: dict[str, Any] | None, other: dict[str, Any] | None) -> str:
    """A line's figure, and of what else differs from the other pack's line (year before, threshold, judgement) how it stands here."""
    if line is None or other is None:
        return _value(line)
    told = [_value(line) or "–"]
    if line["last"] != other["last"]:
        told.append(_("năm trước: %(value)s", value=_value(line, "last") or "–"))
    if line["threshold"] != other["threshold"]:
        told.append(_("mức chỉ tiêu: %(value)s", value=line["threshold"] or "–"))
    if line["met"] != other["met"]:
        told.append(_("đánh giá: %(value)s", value=_JUDGED[line["met"]]))
    return "; ".join(told)


@area.get("/reports/packs/<int:pack_id>.<any(docx, pdf, xlsx):ending>", needs=Permission.REPORTS_READ)
def pack_file(actor: Actor, pack_id: int, ending: str) -> Any:
    """A file of the pack as it was made."""
    kept = queries.one(actor, pack_id).pack
    return download(queries.content(kept, PackFormat(ending)), f"bao-cao-nam-{kept.year}-{kept.day:%Y-%m-%d}-{kept.id}", ending)


@area.post("/reports/packs/<int:pack_id>/remove", needs=Permission.REPORTS_READ)
def remove_pack(actor: Actor, pack_id: int) -> Any:
    """The pack is gone, by whoever made it."""
    kept = queries.one(actor, pack_id)
    form = RemoveForm()
    if form.validate_on_submit():
        try:
            actions.remove_pack(actor, kept.pack)
        except RuleBroken as broken:
            form.show(broken.findings)
        else:
            return done(_("Đã xóa báo cáo."), "reports.packs")
    return _shown(actor, kept, form), 422


@area.get("/reports/packs/<int:pack_id>/compare/<int:other_id>", needs=Permission.REPORTS_READ)
def compare(actor: Actor, pack_id: int, other_id: int) -> Any:
    """Two packs line by line: what stayed, what changed, what is new, what is gone."""
    first, second = queries.one(actor, pack_id), queries.one(actor, other_id)
    found = queries.compare(first.pack, second.pack)
    counts = {state: sum(one.state == state for one in found) for state in STATES}
    state = request.args.get("state", "")
    shown = [one for one in found if state not in STATES or one.state == state]
    columns = [
        Column("label", _("Nội dung")), Column("before", _("Báo cáo ngày %(day)s", day=fmt_date(first.pack.day))),
        Column("after", _("Báo cáo ngày %(day)s", day=fmt_date(second.pack.day))), Column("state", _("So sánh")),
    ]  # fmt: skip
    rows = [
        Row((one.label, _beside(one.before, one.after), _beside(one.after, one.before), str(STATES[one.state]))) for one in shown
    ]  # fmt: skip
    return render_template(
        "reports/compare.html", first=first, second=second, counts=counts, states=STATES, state=state,
        table=Table(_("So sánh từng dòng"), columns, rows),
    )  # fmt: skip
