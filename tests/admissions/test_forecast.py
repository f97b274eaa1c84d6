"""The forecast of the year's admissions: its numbers add up, its files are those of the board, its groups are counted."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from partyreg.access import Permission, Role
from partyreg.admissions.forecast_queries import Forecast, forecast
from partyreg.db import db
from partyreg.members import actions as members
from partyreg.members.models import Body, Person, Sex, Standing, Title
from partyreg.rulebook.admission import Step
from partyreg.targets import queries as targets
from tests.make.admissions import SYSTEM, admission, introducers
from tests.make.members import member

TODAY = dt.date(2026, 11, 24)


def seen(actor, unit=None, on=TODAY) -> Forecast:
    """The forecast with those done whom target 22 counts."""
    found = targets.measure(actor, "22", on.year, on, unit)
    return forecast(actor, on.year, on, unit, done=found.part)


@pytest.fixture
def reader(actor_):
    """Somebody of the standing committee at the door of the targets."""
    return actor_(Role.STANDING, None, Permission.TARGETS_READ)


def crowd(unit, number):
    """So many full members."""
    for _each in range(number):
        member(unit=unit)


def names(files):
    """Whom the files are about."""
    return [one.name for one in files]


def test_needed_is_done_and_pipeline_and_gap(commune, reader):
    crowd(commune.bon, 60)
    crowd(commune.he, 41)
    member(unit=commune.he, standing=Standing.PROBATIONARY, ceremony_on=dt.date(2026, 6, 1))
    admission(unit=commune.bon, full_name="Lò Thị Một")
    found = seen(reader)
    assert (found.members, found.done, found.pipeline) == (104, 1, 1)  # with the two who introduce
    assert [(aim.percent, aim.needed, aim.gap) for aim in found.aims] == [(3, 4, 2), (4, 5, 3)]
    assert "Nghị quyết Đại hội" in (found.cite.instrument if found.cite else "")
    result = targets.result(targets.measure(reader, "22", 2026))
    assert (result.part, result.whole) == (found.done, found.members)


def test_more_than_needed_is_a_negative_gap(commune, reader):
    for name in ("Một", "Hai"):
        member(unit=commune.bon, full_name=f"Lò Thị {name}", standing=Standing.PROBATIONARY, ceremony_on=dt.date(2026, 6, 1))
    found = seen(reader)
    assert [(aim.needed, aim.gap) for aim in found.aims] == [(1, -1), (1, -1)]


def test_files_stand_in_the_month_of_their_earliest_decision(commune, reader):
    now = admission(unit=commune.bon, full_name="Lò Thị Ngay", step=Step.DECIDING)
    draft = admission(unit=commune.bon, full_name="Lò Thị Soạn", step=Step.DRAFT)
    listed = admission(unit=commune.he, full_name="Lò Thị Nguồn", step=Step.LISTED, asked_on=None, asked_number=None)
    found = seen(reader)
    assert [(month.first, month.number) for month in found.months] == [(dt.date(2026, 11, 1), 1), (dt.date(2026, 12, 1), 1)]
    assert [[one.id for one in month.files] for month in found.months] == [[now.id], [draft.id]]
    assert found.months[1].files[0].on == dt.date(2026, 12, 3)
    # Two meetings on the third of the month are still to come.
    assert (found.later, found.later_files[0].id, found.later_files[0].on) == (1, listed.id, dt.date(2027, 1, 3))
    assert "Còn hai kỳ sinh hoạt" in found.later_files[0].reason


def test_one_too_young_cannot_be_decided_this_year(commune, reader):
    young = {"born_on": dt.date(2009, 2, 20)}
    admission(unit=commune.bon, full_name="Lò Thị Trẻ", candidate=young, step=Step.LISTED)
    found = seen(reader)
    assert (found.pipeline, found.later) == (0, 1)
    assert (found.later_files[0].on, found.later_files[0].reason) == (dt.date(2027, 2, 3), "Đợi đủ tuổi, tính theo tháng")


def test_a_decision_before_its_ceremony_is_on_the_way_and_after_it_done(commune, reader):
    admission(unit=commune.bon, full_name="Lò Thị Chờ", step=Step.DECIDED)
    before = seen(reader)
    assert (before.done, before.pipeline, before.months[0].number) == (0, 1, 1)
    assert before.months[0].files[0].reason == "Đã có quyết định, chờ lễ kết nạp"
    admission(unit=commune.he, full_name="Lò Thị Xong", step=Step.PROBATION)
    after = seen(reader)
    assert (after.done, after.pipeline) == (1, 1)


def test_a_decision_of_last_year_counts_nowhere(commune, reader):
    admission(unit=commune.bon, step=Step.DECIDED, decided_on=dt.date(2025, 12, 22))
    found = seen(reader)
    assert (found.done, found.pipeline, found.later) == (0, 0, 0)


def test_ended_files_are_not_on_the_way(commune, reader):
    for number, step in enumerate((Step.WITHDRAWN, Step.DECLINED, Step.CLOSED)):
        admission(unit=commune.bon, full_name=f"Lò Thị {'ABC'[number]}", step=step)
    found = seen(reader)
    assert (found.pipeline, found.later) == (0, 0)


def test_groups_are_counted_among_done_and_on_the_way(commune, reader):
    def candidate(name, **facts):
        given = {"sex": Sex.MALE, "ethnicity": "Kinh", "born_on": dt.date(1980, 1, 1), **facts}
        return admission(unit=commune.bon, full_name=name, candidate=given, introduced_by=named)

    named = introducers(commune.bon)
    candidate("Lò Văn Không")
    candidate("Lò Thị Nữ", sex=Sex.FEMALE)
    candidate("Lò Văn Thái", ethnicity="Thái")
    candidate("Lò Văn Trẻ", born_on=dt.date(1996, 11, 25))
    candidate("Lò Văn Vừa", born_on=dt.date(1996, 11, 24))  # thirty today
    head = candidate("Lò Văn Trưởng")
    person = db.session.get_one(Person, head.person_id)
    members.appoint(SYSTEM, person, unit=commune.bon, body=Body.VILLAGE, title=Title.HEAD, on=dt.date(2026, 1, 1))
    groups = seen(reader).pipeline_groups
    assert groups == (6, 1, 1, 1, 1)
    assert seen(reader).young_under == 30
    assert seen(reader).done_groups.people == 0


def test_names_are_told_only_of_files_one_may_read(commune, actor_):
    admission(unit=commune.bon, full_name="Lò Thị Một", step=Step.DECIDING)
    admission(unit=commune.he, full_name="Lò Thị Hai", step=Step.LISTED, asked_on=None, asked_number=None)
    inspection = seen(actor_(Role.INSPECTION, None, Permission.TARGETS_READ))
    assert (inspection.pipeline, inspection.later) == (1, 1)
    assert inspection.months[0].files == inspection.later_files == ()
    secretary = seen(actor_(Role.SECRETARY, commune.bon, Permission.TARGETS_READ))
    assert (secretary.pipeline, secretary.later, names(secretary.months[0].files)) == (1, 0, ["Lò Thị Một"])


def test_a_unit_has_its_own_forecast(commune, reader):
    admission(unit=commune.bon, full_name="Lò Thị Một")
    admission(unit=commune.he, full_name="Lò Thị Hai")
    parts = [seen(reader, unit) for unit in (commune.bon, commune.he)]
    whole = seen(reader)
    assert [part.pipeline for part in parts] == [1, 1]
    assert whole.pipeline == 2
    assert whole.members == sum(part.members for part in parts)


def test_the_numbers_add_up_whatever_there_is(commune, reader):
    crowd(commune.bon, 40)
    steps = (Step.LISTED, Step.ASKED, Step.DRAFT, Step.RETURNED, Step.SUBMITTED, Step.DECIDING, Step.DECIDED, Step.PROBATION)
    for number, step in enumerate(steps * 2):
        admission(unit=(commune.bon, commune.he)[number % 2], full_name=f"Lò Thị {chr(65 + number)}", step=step)
    for unit in (None, commune.bon, commune.he):
        found = seen(reader, unit)
        assert sum(month.number for month in found.months) == found.pipeline == found.pipeline_groups.people
        assert found.done == found.done_groups.people
        for aim in found.aims:
            assert aim.needed == found.done + found.pipeline + aim.gap
            assert 0 <= aim.needed * 100 - found.members * aim.percent < 100
        told = Counter(one.id for month in found.months for one in month.files) + Counter(one.id for one in found.later_files)
        assert set(told.values()) <= {1}
        assert len(told) == found.pipeline + found.later


def test_before_the_target_there_are_no_aims(commune, reader):
    member(unit=commune.bon)
    assert seen(reader, on=dt.date(2025, 6, 1)).aims == ()


def test_statements_do_not_grow_with_the_files(commune, reader, counting):
    def made(number):
        for _each in range(number):
            for step in (Step.LISTED, Step.SUBMITTED):
                admission(unit=commune.bon, step=step)
        db.session.commit()
        with counting() as count:
            seen(reader)
        return len(count)

    few = made(2)
    assert made(8) == few > 0
