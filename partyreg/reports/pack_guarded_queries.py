"""The sections that only some may read: inspections and discipline. Who may not is told nothing, not even that they exist."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import sqlalchemy as sa

from ..access import Actor
from ..db import db
from ..discipline import queries as discipline
from ..discipline.models import DisciplineAct, DisciplineCase
from ..i18n import label
from ..inspections import count_queries as inspections
from ..org.models import Unit, UnitKind
from ..org.scope import visible
from ..rulebook.discipline import Content, Form
from ..tables import Column, Row, Table
from .pack import Section, counted
from .pack_section_queries import NUMBER, empty, had_members, year_before


def checks(actor: Actor, year: int, day: dt.date, unit: Unit) -> Section:
    """The inspections of the year's programme by kind; of a cell, those that it held itself."""
    held_by = None if unit.kind is UnitKind.COMMUNE else unit
    now, then = (inspections.figures(actor, number, number, held_by) for number in (year, year - 1))
    last_year = f"năm {year - 1}"
    named = dict(zip(inspections.Counted._fields[1:], now.total, strict=True))
    last = dict(zip(inspections.Counted._fields[1:], then.total, strict=True)) if then.by_kind else {}
    words = {
        "inspections": "Cuộc kiểm tra, giám sát trong chương trình năm", "concluded": "Cuộc đã kết luận",
        "units": "Lượt tổ chức được kiểm tra, giám sát", "members": "Lượt đảng viên được kiểm tra, giám sát",
    }  # fmt: skip
    lines = tuple(counted(f"inspections.{key}", text, named[key], last.get(key), than=last_year) for key, text in words.items())
    table = Table(
        f"Kiểm tra, giám sát theo loại, năm {year}",
        [NUMBER, Column("kind", "Loại", width=40), Column("inspections", "Số cuộc", "number"), Column("concluded", "Đã kết luận", "number"),
         Column("units", "Lượt tổ chức", "number"), Column("members", "Lượt đảng viên", "number"),
         Column("not_good", "Có khuyết điểm", "number")],
        [Row((n, label(one.key), one.inspections, one.concluded, one.units, one.members, one.not_good))
         for n, one in enumerate(now.by_kind, 1)],
        ("inspections", "concluded", "units", "members", "not_good"),
    )  # fmt: skip
    return Section("inspections", "Kiểm tra, giám sát", lines, (table,) if now.by_kind else ())


def punished(actor: Actor, year: int, day: dt.date, unit: Unit) -> Section:
    """The decisions of discipline published in the year up to the day, by the form that stands after appeals; no name and no cell.

    A decision on the maker herself is among them: once published it is no secret to her, and a figure without it would be false. Of less
    than the commune they are the decisions of the unit's own: those of higher bodies on its people are not its to see, and the words say
    so, whoever makes the report.
    """
    last_day = year_before(day)
    standing, before = _standing(actor, day, unit), _standing(actor, last_day, unit)
    known = bool(before) or had_members(actor, last_day, unit)
    now, then = (Counter((is_body, form) for _id, is_body, form in one) for one in (standing, before))
    by_whom = "" if unit.kind is UnitKind.COMMUNE else f" theo quyết định của {unit.name}"
    lines = tuple(
        counted(f"discipline.{who}", f"{text}{by_whom}", sum(n for (is_body, _form), n in now.items() if is_body is of_body),
                sum(n for (is_body, _form), n in then.items() if is_body is of_body) if known else None)
        for who, text, of_body in (
            ("members", "Đảng viên bị thi hành kỷ luật", False), ("organisations", "Tổ chức bị thi hành kỷ luật", True),
        )
    )  # fmt: skip
    table = Table(
        f"Kỷ luật theo hình thức, năm {year}",
        [NUMBER, Column("form", "Hình thức", width=40), Column("members", "Đảng viên", "number"),
         Column("organisations", "Tổ chức", "number"), Column("then", f"Năm {year - 1}", "number")],
        [Row((n, label(form), now[False, form], now[True, form], then[False, form] + then[True, form] if known else None))
         for n, form in enumerate(Form, 1)],
        ("members", "organisations", *(("then",) if known else ())),
    )  # fmt: skip
    return Section(
        "discipline", "Kỷ luật đảng", lines, (table, *_contents(actor, standing, year)), gaps=() if known else (empty(last_day),)
    )


def _contents(actor: Actor, standing: list[tuple[int, bool, Form]], year: int) -> tuple[Table, ...]:
    """Content by form, members and organisations together; none of a year without a decision. One statement.

    A decision counts under each of its contents; the last line counts each once. Of a case of the actor's own no content is told: it
    stands in a line that names none.
    """
    if not standing:
        return ()
    forms = {case_id: form for case_id, _is_body, form in standing}
    acts = sa.select(DisciplineAct.case_id, DisciplineAct.content).join(DisciplineCase, DisciplineCase.id == DisciplineAct.case_id)
    acts = acts.where(DisciplineAct.case_id.in_(forms), discipline.not_ones_own(actor)).distinct()
    told_acts = db.session.execute(acts).all()
    found = Counter((content, forms[case_id]) for case_id, content in told_acts)
    silent = Counter(forms[case_id] for case_id in forms.keys() - {case_id for case_id, _content in told_acts})
    whole = Counter(forms.values())
    told = [content for content in Content if any(found[content, form] for form in Form)]
    rows = [(label(content), [found[content, form] for form in Form]) for content in told]
    if silent:
        rows.append(("Nội dung không ghi trong báo cáo này", [silent[form] for form in Form]))
    rows.append(("Số quyết định, mỗi quyết định tính một lần", [whole[form] for form in Form]))
    columns = [NUMBER, Column("content", "Nội dung vi phạm", width=44), *(Column(form.value, label(form), "number") for form in Form)]
    columns.append(Column("total", "Cộng", "number"))
    lines = [Row((n, text, *numbers, sum(numbers))) for n, (text, numbers) in enumerate(rows, 1)]
    return (Table(f"Kỷ luật theo nội dung vi phạm và hình thức, năm {year}", columns, lines),)


def _standing(actor: Actor, day: dt.date, unit: Unit) -> list[tuple[int, bool, Form]]:
    """(case, is of an organisation, form that stands); a decision that an appeal set aside is not among them."""
    below = sa.select(Unit.id).where(Unit.path.startswith(unit.path, autoescape=True))
    query = visible(DisciplineCase, actor).where(
        DisciplineCase.home_id.in_(below) if unit.kind is UnitKind.COMMUNE else DisciplineCase.unit_id == unit.id,
        DisciplineCase.published_on.between(dt.date(day.year, 1, 1), day),
    )  # fmt: skip
    cases = list(db.session.scalars(query))
    states = discipline.standings(actor, cases, day)
    standing = [(one, states[one.id]) for one in cases if states[one.id].stage is not discipline.Stage.ANNULLED]
    return [(one.id, one.member_id is None, told.form) for one, told in standing if told.form is not None]
