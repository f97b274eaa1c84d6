"""The deeds on resolutions: every one, and every refusal; what closed years ask for; and the figures under new numbers."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

import partyreg
from partyreg import clock
from partyreg.access import Permission, Role
from partyreg.audit import AuditEntry
from partyreg.db import db
from partyreg.errors import Conflict, NotVisible, RuleBroken
from partyreg.ratings import actions as ratings
from partyreg.ratings.models import Level
from partyreg.resolutions import queries as resolutions
from partyreg.resolutions.models import Resolution, ResolutionAmendment, ResolutionTarget
from partyreg.rulebook.book import LAW
from partyreg.rulebook.targets import State
from partyreg.targets import chart_queries, entry_queries, queries, resolution_actions, resolution_queries, term_queries
from partyreg.targets.queries import Side
from tests import make
from tests.make.ratings import levels, year
from tests.make.reports import kept
from tests.make.resolutions import AIM, AMENDING, SYSTEM, resolution, target
from tests.make.targets import entry

READ = Permission.TARGETS_READ
NEXT = {
    "number": "01-NQ/ĐU", "adopted_on": dt.date(2026, 11, 1), "first": dt.date(2030, 7, 1), "last": dt.date(2035, 6, 30),
    "since": dt.date(2030, 7, 1),
}  # fmt: skip
COUNTED = {"no": "27", "label": "Đảng viên tốt", "measure": "21b", "threshold": Decimal("92.5")}


def refused(call, *args, **kwargs) -> list[str]:
    with pytest.raises(RuleBroken) as broken:
        call(*args, **kwargs)
    return [finding.code for finding in broken.value.findings]


def amendments() -> list[ResolutionAmendment]:
    return list(db.session.scalars(sa.select(ResolutionAmendment).order_by(ResolutionAmendment.id)))


def closed(number: int = 2025) -> None:
    """A closed year of ratings."""
    with clock.freeze(dt.date(number, 12, 20)):
        year(number=number)
        ratings.close_year(SYSTEM.using(Permission.RATINGS_DECIDE), number, clock.today())


@pytest.fixture
def reader(actor_):
    return actor_(Role.STANDING, permission=READ)


class TestAdopt:
    def test_a_resolution_is_kept_and_changes_nothing_yet(self, commune):
        made = resolution(number=" 09-NQ/ĐU ")
        assert (made.number, made.in_force_from, made.version) == ("09-NQ/ĐU", dt.date(2026, 10, 1), 1)
        assert resolutions.threshold("21a", dt.date(2026, 12, 31)).value == 90
        assert amendments() == []
        assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.deed == "targets.adopt")) == 1

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"number": " "}, "no_number"), ({"body": ""}, "no_body"), ({"number": "x" * 81}, "too_long"),
            ({"body": "x" * 201}, "too_long"),
            ({"adopted_on": dt.date(2026, 11, 25)}, "future"), ({"last": dt.date(2025, 1, 1)}, "order"),
            ({"since": dt.date(2031, 1, 1)}, "outside"), ({"first": dt.date(2027, 1, 1), "since": dt.date(2028, 1, 1)}, "overlap"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused(self, commune, changed, code):
        assert refused(resolution, **changed) == [f"resolution.{code}"]

    def test_terms_do_not_overlap_and_a_second_one_of_the_term_may_be(self, commune):
        resolution()
        assert resolution(number="10-NQ/ĐU").id
        assert refused(resolution, last=dt.date(2030, 7, 30)) == ["resolution.overlap"]
        resolution(**NEXT)
        assert refused(resolution, **{**NEXT, "last": dt.date(2036, 6, 30)}) == ["resolution.overlap"]

    def test_a_cell_enters_none(self, commune, actor_):
        own = actor_(Role.ORGANISATION, commune.bon, Permission.TARGETS_EDIT)
        with pytest.raises(NotVisible):
            resolution_actions.adopt(own, AMENDING)
        of = resolution()
        with pytest.raises(NotVisible):
            resolution_actions.add_target(own, of, AIM)

    def test_a_closed_year_asks_why(self, commune):
        closed()
        assert resolution().id and amendments() == []  # in force after the closed year
        early = {"number": "08", "since": dt.date(2025, 9, 1), "adopted_on": dt.date(2025, 9, 1)}
        assert refused(resolution, **early) == ["resolution.closed"]
        made = resolution("Nghị quyết gửi muộn", **early)
        (line,) = amendments()
        assert (line.resolution_id, line.no, line.years, line.before, line.because) == (made.id, None, "2025", "", "Nghị quyết gửi muộn")
        assert "hiệu lực từ 01/09/2025" in line.after

    def test_a_kept_report_asks_why(self, commune):
        kept(unit=commune.root, year=2026)
        assert refused(resolution) == ["resolution.closed"]
        assert refused(resolution, "x" * 301) == ["resolution.too_long"]
        assert resolution("Sửa theo Đảng ủy").id and amendments()[0].years == "2026"


class TestCorrectResolution:
    def test_it_is_put_right_with_the_reason(self, commune):
        made = resolution()
        given = dataclasses.replace(AMENDING, since=dt.date(2027, 1, 1))
        target(made)
        resolution_actions.correct_resolution(SYSTEM, made, 1, given, "Gõ nhầm ngày")
        assert (made.in_force_from, made.corrected_because, made.version) == (dt.date(2027, 1, 1), "Gõ nhầm ngày", 2)
        assert resolutions.threshold("26", dt.date(2026, 12, 31)) is None and resolutions.threshold("26", dt.date(2027, 1, 1)).value == 80
        with pytest.raises(Conflict):
            resolution_actions.correct_resolution(SYSTEM, made, 1, given, "Gõ nhầm ngày")
        assert refused(resolution_actions.correct_resolution, SYSTEM, made, 2, given, " ") == ["resolution.no_reason"]

    def test_its_targets_must_stand_with_the_new_days(self, commune):
        made = resolution()
        target(made, period="STATE", by=dt.date(2026, 12, 31))
        resolution_actions.withdraw_target(SYSTEM, target(made, no="27"), 1, dt.date(2026, 10, 1), "Nhầm")
        late = dataclasses.replace(AMENDING, since=dt.date(2027, 6, 1))
        assert refused(resolution_actions.correct_resolution, SYSTEM, made, 1, late, "Nhầm") == ["resolution.due_outside"]
        bad = dataclasses.replace(AMENDING, last=dt.date(2020, 1, 1))
        assert refused(resolution_actions.correct_resolution, SYSTEM, made, 1, bad, "Nhầm") == ["resolution.order"]
        other = resolution(number="10", since=dt.date(2026, 9, 25))
        target(other)
        same = dataclasses.replace(AMENDING, number="10")
        assert refused(resolution_actions.correct_resolution, SYSTEM, other, 1, same, "Nhầm") == ["resolution.twice"]

    def test_a_closed_year_keeps_a_line_of_what_stood(self, commune):
        made = resolution()
        kept(unit=commune.root, year=2026)
        given = dataclasses.replace(AMENDING, number="9-NQ/ĐU", since=dt.date(2027, 1, 1))
        resolution_actions.correct_resolution(SYSTEM, made, 1, given, "Sai số")
        (line,) = amendments()
        assert line.before.startswith("09-NQ/ĐU") and line.after.startswith("9-NQ/ĐU") and line.years == "2026"


class TestTargets:
    def test_a_target_is_set_and_audited(self, commune, reader):
        with clock.freeze(dt.date(2026, 9, 30)):
            assert "26" not in {one.no for one in entry_queries.entered(reader, 2026)}
        target(resolution(adopted_on=dt.date(2026, 9, 20)))
        found = next(one for one in entry_queries.entered(reader, 2026) if one.no == "26")
        assert (found.label, found.rule_text, found.state) == ("Chi bộ có tủ sách", "≥ 80 %", State.NO_DATA)
        entry("26", 2026, "85")
        assert next(one for one in entry_queries.entered(reader, 2026) if one.no == "26").state is State.MET
        assert refused(entry, "26", 2025) == ["target.not_then"]

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"no": "x"}, "number"), ({"no": "1" * 21}, "too_long"), ({"label": " "}, "no_label"), ({"label": "x" * 301}, "too_long"),
            ({"article": "x" * 201}, "too_long"), ({"baseline_source": "x" * 201}, "too_long"), ({"unit": "km"}, "unit"),
            ({"measure": "26"}, "measure"), ({"measure": "21a", "period": "TERM"}, "uncountable"),
            ({"threshold": Decimal(101)}, "above_all"),
            ({"comparator": "=="}, "comparator"), ({"period": "STATE", "by": dt.date(2031, 1, 1)}, "due_outside"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused(self, commune, changed, code):
        assert refused(target, resolution(), **changed) == [f"resolution.{code}"]

    def test_a_number_is_set_once_from_a_day(self, commune):
        made = resolution()
        first = target(made)
        assert refused(target, made) == ["resolution.twice"] == refused(target, resolution(number="10"))
        resolution_actions.withdraw_target(SYSTEM, first, 1, made.in_force_from, "Nhầm")
        assert target(made, threshold=Decimal(70)).id
        assert resolutions.threshold("26", dt.date(2026, 12, 31)).value == 70

    def test_correcting_keeps_the_number_and_asks_why(self, commune):
        made = target(resolution())
        given = dataclasses.replace(AIM, no="99", threshold=Decimal(85))
        resolution_actions.correct_target(SYSTEM, made, 1, given, "Gõ nhầm")
        assert (made.no, made.threshold, made.version, made.corrected_because) == ("26", 85, 2, "Gõ nhầm")
        assert resolutions.threshold("26", dt.date(2026, 12, 31)).value == 85
        with pytest.raises(Conflict):
            resolution_actions.correct_target(SYSTEM, made, 1, given, "Gõ nhầm")
        assert refused(resolution_actions.correct_target, SYSTEM, made, 2, given, "") == ["resolution.no_reason"]
        bad = dataclasses.replace(given, threshold=Decimal(-1))
        assert refused(resolution_actions.correct_target, SYSTEM, made, 2, bad, "Nhầm") == ["resolution.negative"]
        assert amendments() == []

    def test_what_touches_a_kept_year_leaves_a_line(self, commune):
        made = resolution()
        kept(unit=commune.root, year=2026)
        assert refused(target, made) == ["resolution.closed"]
        own = target(made, "Bổ sung")
        resolution_actions.correct_target(SYSTEM, own, 1, dataclasses.replace(AIM, threshold=Decimal("82.5")), "Sai số")
        resolution_actions.withdraw_target(SYSTEM, own, 2, dt.date(2026, 11, 1), "Đảng ủy bỏ")
        told = [(one.no, one.before, one.after) for one in amendments()]
        plain, better = "26. Chi bộ có tủ sách: ≥ 80 %", "26. Chi bộ có tủ sách: ≥ 82,5 %"
        assert told == [("26", "", plain), ("26", plain, better), ("26", better, f"{better}, thôi từ 01/11/2026")]
        assert {one.years for one in amendments()} == {"2026"}

    def test_withdrawing(self, commune):
        made = target(resolution())
        withdraw = resolution_actions.withdraw_target
        for day in (dt.date(2026, 9, 30), dt.date(2030, 7, 1)):
            assert refused(withdraw, SYSTEM, made, 1, day, "Bỏ") == ["resolution.withdrawn_on"]
        assert refused(withdraw, SYSTEM, made, 1, dt.date(2027, 1, 1), "") == ["resolution.no_reason"]
        db.session.refresh(made)
        with pytest.raises(Conflict):
            withdraw(SYSTEM, made, 7, dt.date(2027, 1, 1), "Bỏ")
        withdraw(SYSTEM, made, 1, dt.date(2027, 1, 1), "Bỏ")
        assert resolutions.threshold("26", dt.date(2026, 12, 31)).value == 80
        assert resolutions.threshold("26", dt.date(2027, 1, 1)) is None
        assert refused(withdraw, SYSTEM, made, 2, dt.date(2027, 1, 1), "Bỏ") == ["resolution.withdrawn"]
        assert refused(resolution_actions.correct_target, SYSTEM, made, 2, AIM, "Sửa") == ["resolution.withdrawn"]

    def test_what_is_not_there_is_not_found(self, commune):
        with pytest.raises(NotVisible):
            resolution_queries.held(Resolution, 99)
        for find in (resolution_queries.resolution, resolution_queries.target):
            with pytest.raises(NotVisible):
                find(99)

    def test_what_is_kept_in_words(self):
        long = dataclasses.replace(AIM, upper=Decimal(90), by=dt.date(2029, 12, 31), withdrawn_on=dt.date(2028, 1, 1))
        assert resolution_queries.told(long) == (
            "26. Chi bộ có tủ sách: ≥ 80 %, phấn đấu 90, đến 31/12/2029, thôi từ 01/01/2028"
        )  # fmt: skip


class TestCombined:
    def test_without_resolutions_the_law_itself_answers(self, commune):
        assert resolutions.book() is LAW
        assert resolutions.threshold("999", dt.date(2026, 1, 1)) is None and resolutions.counted("21d", dt.date(2000, 1, 1)) is None

    def test_a_counted_target_under_a_new_number_is_the_same_figure(self, commune, reader):
        good, better, least = (make.member(unit=commune.bon, full_name=name) for name in ("Lò Văn Một", "Lò Văn Hai", "Lò Văn Ba"))
        year()
        levels(unit=commune.bon, given={good: Level.GOOD, better: Level.EXCELLENT, least: Level.DONE})
        target(resolution(), **COUNTED)
        found = {one.no: one for one in queries.evaluate(reader, 2026)}
        own, base = found["27"], found["21b"]
        assert (own.part, own.whole, own.value, own.met) == (base.part, base.whole, base.value, False)
        assert (own.name, own.threshold, own.aim_text, own.plain_threshold) == ("Đảng viên tốt", Decimal("92.5"), "≥ 92,5 %", 92.5)
        measure = queries.measure(reader, "27", 2026)
        assert [line.id for line in queries.listing(reader, measure, Side.REST, 2026)] == [least.id]
        drawn = chart_queries.of_target(reader, measure, own)
        assert set(drawn) == {"gauge", "years"}
        with pytest.raises(NotVisible):
            queries.measure(reader, "27", 2025)
        pairs = {one.no: one for one in term_queries.pairs(reader, 2025, 2026)}
        assert (pairs["27"].first, pairs["27"].second) == (None, own.value)
        back = {one.no: one for one in term_queries.pairs(reader, 2026, 2025)}
        assert (back["27"].first, back["27"].second) == (own.value, None)

    def test_a_number_that_changes_its_meaning_does_not_mix_figures(self, commune, reader):
        entry("6", 2025, "59")
        target(resolution(), no="6", label="Chi bộ tốt", measure="21a", threshold=Decimal(70))
        assert "6" not in {one.no for one in entry_queries.entered(reader, 2026)}
        assert [one.no for one in queries.evaluate(reader, 2026)].count("6") == 1
        line = next(one for one in term_queries.lines(reader, clock.today()) if one.no == "6")
        assert (line.label, line.cells[0].value) == ("Chi bộ tốt", None)
        lines = [one for one in term_queries.pairs(reader, 2025, 2026) if one.no == "6"]
        before = entry_queries.label_of("6", dt.date(2025, 12, 31))
        assert [(one.label, one.first) for one in lines] == [(before, Decimal(59)), ("Chi bộ tốt", None)]

    def test_a_value_entered_in_another_unit_is_not_judged(self, commune, reader):
        entry("6", 2026, "59")
        target(resolution(), no="6", label="Rừng mới", unit="tons", threshold=Decimal(10))
        found = next(one for one in entry_queries.entered(reader, 2026) if one.no == "6")
        assert (found.entry, found.state, found.rule_text) == (None, State.NO_DATA, "≥ 10 tấn")

    def test_the_next_term_has_its_own_years_and_path(self, commune, reader):
        made = resolution(**NEXT)
        target(
            made, period="STATE", by=dt.date(2034, 12, 31), unit="tons", threshold=Decimal(200), baseline=Decimal(100), baseline_year=2029,
            baseline_source="Báo cáo",
        )  # fmt: skip
        assert [one[:2] for one in term_queries.terms()] == [(2020, 2025), (2025, 2030), (2030, 2035)]
        day = term_queries.terms()[-1][2]
        (line,) = term_queries.lines(reader, day)
        assert [cell.year for cell in line.cells] == list(range(2030, 2036))
        assert [cell.need for cell in line.cells] == [120, 140, 160, 180, 200, 200]
        assert line.base_text == "100 tấn"
        target(made, no="2.maize", unit="tons", threshold=Decimal(200))
        assert entry_queries.base_of("2.buffalo", dt.date(2031, 1, 1)) is None  # the report's figure is not that term's start

    def test_the_floor_of_the_best_is_found_by_what_it_counts(self, commune):
        target(resolution(**NEXT), no="5", measure="21d", threshold=Decimal(18))
        assert (resolutions.counted("21d", dt.date(2026, 12, 31)).value, resolutions.counted("21d", dt.date(2031, 2, 1)).value) == (15, 18)

    def test_one_statement_answers_however_many_targets(self, commune, reader, counting):
        def asked() -> int:
            db.session.commit()
            with counting() as count:
                entry_queries.entered(reader, 2026)
                resolution_queries.in_force(clock.today())
            return len([one for one in count.statements if "resolution" in one])

        assert asked() == 1
        made = resolution()
        for number in range(30, 40):
            target(made, no=str(number))
        assert asked() == 1
        assert db.session.scalar(sa.select(sa.func.count()).select_from(ResolutionTarget)) == 10

    def test_what_was_rolled_back_is_forgotten(self, commune):
        db.session.commit()
        target(resolution())
        assert resolutions.threshold("26", dt.date(2026, 12, 1)) is not None
        db.session.rollback()
        assert resolutions.book() is LAW


def test_there_is_one_door_to_thresholds_and_terms():
    """Nobody above the rulebook asks the shipped law for a target or a term, which would pass the office's resolutions by."""
    root = Path(partyreg.__file__).parent
    asks = re.compile(r"from (?:partyreg|\.+)\.?rulebook\.targets import [^\n]*\b(threshold|counted)\b|LAW\.\w+\(f?\"(target|baseline)\.")
    mine = {"resolutions/queries.py", "targets/resolution_queries.py"}  # the door itself; the list that names the shipped ones
    found = {str(file.relative_to(root)) for file in root.rglob("*.py") if asks.search(file.read_text(encoding="utf-8"))}
    assert {one for one in found if not one.startswith("rulebook/")} <= mine
