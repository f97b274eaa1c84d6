"""The tables of the disciplines of a period, and which decisions each figure opens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import url_for

from ..i18n import _, label
from ..rulebook import discipline as law
from ..rulebook.discipline import Content, Decider, Form
from ..tables import Column, Row, Table
from .figures import Ask, Shown
from .ruling_queries import Asked, Named, Rulings


def _forms(found: Rulings, *, organisations: bool) -> list[Form]:
    """The forms that the law has for them on the last day, and those that were found."""
    known = law.forms(law.Subject.ORGANISATION if organisations else law.Subject.FULL, found.last)
    return [form for form in Form if form in known or found.number(Asked(organisations, form))]


def address(asked: Asked) -> dict[str, Any]:
    """The parameters that ask for those decisions; None stands for what narrows nothing."""
    who = None if asked.organisations is None else "organisations" if asked.organisations else "members"
    return {"who": who, "form": asked.form, "content": asked.content, "body": asked.body, "year": asked.year}


def _line(found: Rulings, text: str, cells: Iterable[Asked]) -> tuple[Row, tuple[Ask, ...]]:
    asked = list(cells)
    return Row((text, *(found.number(one) for one in asked))), (None, *(address(one) for one in asked))


def _shown(key: str, title: str, columns: list[Column], lines: list[tuple[Row, tuple[Ask, ...]]]) -> Shown:
    return Shown(key, Table(title, columns, [row for row, _asks in lines]), tuple(asks for _row, asks in lines))


def content_table(found: Rulings, *, organisations: bool) -> Shown:
    """Content by form; the last line counts each decision once, however many contents it has."""
    forms = _forms(found, organisations=organisations)
    every: tuple[Form | None, ...] = (*forms, None)
    columns = [Column("content", _("Nội dung vi phạm"), width=44), *(Column(form.value, label(form), "number") for form in forms)]
    columns.append(Column("total", _("Số quyết định"), "number"))
    lines = [
        _line(found, label(content), (Asked(organisations, form, content) for form in every))
        for content in Content if found.number(Asked(organisations, content=content))
    ]  # fmt: skip
    lines.append(_line(found, _("Số quyết định, mỗi quyết định tính một lần"), (Asked(organisations, form) for form in every)))
    title = _("Tổ chức đảng, theo nội dung và hình thức") if organisations else _("Đảng viên, theo nội dung và hình thức")
    return _shown("organisations" if organisations else "members", title, columns, lines)


def _of(found: Rulings, text: str, **part: Any) -> tuple[Row, tuple[Ask, ...]]:
    members, bodies = Asked(False, **part), Asked(True, **part)
    expelled, dissolved = members._replace(form=Form.EXPULSION), bodies._replace(form=Form.DISSOLUTION)
    return _line(found, text, (members, expelled, bodies, dissolved, Asked(**part)))


def _columns(key: str, text: str) -> list[Column]:
    return [
        Column(key, text, width=36), Column("members", _("Đảng viên"), "number"), Column("expulsion", _("Trong đó khai trừ"), "number"),
        Column("organisations", _("Tổ chức đảng"), "number"), Column("dissolution", _("Trong đó giải tán"), "number"),
        Column("total", _("Số quyết định"), "number"),
    ]  # fmt: skip


def year_table(found: Rulings) -> Shown:
    """Members and organisations of each year of the period, with expulsions and dissolutions."""
    lines = [_of(found, str(year), year=year) for year in found.years]
    return _shown("years", _("Kỷ luật theo năm"), _columns("year", _("Năm")), [*lines, _of(found, _("Cả kỳ"))])


def body_table(found: Rulings) -> Shown:
    """The same by the body that decided."""
    lines = [_of(found, label(body), body=body) for body in Decider]
    return _shown(
        "bodies", _("Kỷ luật theo tập thể quyết định"), _columns("body", _("Tập thể quyết định")), [*lines, _of(found, _("Cả kỳ"))]
    )


def tables(found: Rulings) -> list[Shown]:
    """Every table of the page."""
    return [content_table(found, organisations=False), content_table(found, organisations=True), year_table(found), body_table(found)]


def cases_table(title: str, found: Iterable[Named]) -> Table:
    """The decisions behind a figure, each leading to its case."""
    columns = [
        Column("name", _("Đối tượng"), width=30), Column("home", _("Chi bộ"), width=36), Column("form", _("Hình thức"), width=20),
        Column("content", _("Nội dung vi phạm"), width=44), Column("body", _("Tập thể quyết định"), width=30),
        Column("published_on", _("Công bố"), "date"),
    ]  # fmt: skip
    return Table(title, columns, [
        Row(
            (one.name, one.home, label(one.ruling.form), "; ".join(label(content) for content in Content if content in one.ruling.contents),
             label(one.ruling.body), one.ruling.published_on),
            url_for("discipline.show", case_id=one.ruling.case_id),
        )
        for one in found
    ])  # fmt: skip
