"""The deeds on the entered targets: every one, and every refusal; and how far each target is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from partyreg.access import Permission, Role
from partyreg.db import Exact, db
from partyreg.errors import Conflict, NotVisible, RuleBroken
from partyreg.resolutions import queries as resolutions
from partyreg.rulebook.targets import State
from partyreg.targets import entry_actions, entry_queries, term_queries
from partyreg.targets.models import TargetEntry
from tests.make.targets import SYSTEM, entry

EDIT, READ = Permission.TARGETS_EDIT, Permission.TARGETS_READ
GIVEN = {"no": "6", "year": 2026, "value": Decimal("59.03"), "source": "Báo cáo", "paper": "45/BC-UBND"}


def refused(call, *args, **kwargs) -> list[str]:
    with pytest.raises(RuleBroken) as broken:
        call(*args, **kwargs)
    return [finding.code for finding in broken.value.findings]


@pytest.fixture
def reader(actor_):
    return actor_(Role.STANDING, permission=READ)


def state(actor, no: str, year: int = 2026) -> State:
    return next(one.state for one in entry_queries.entered(actor, year) if one.no == no)


class TestEnter:
    def test_a_value_is_kept_exactly_with_its_source(self, commune):
        made = entry_actions.enter(SYSTEM, **{**GIVEN, "no": "2.cassava", "value": Decimal("6891.8701"), "source": " Báo  cáo "})
        db.session.expire_all()
        kept = db.session.get_one(TargetEntry, made.id)
        assert (kept.value, kept.measured_in, kept.source, kept.unit_id) == (Decimal("6891.8701"), "tons", "Báo cáo", commune.root.id)

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"no": "21a"}, "target.unknown"), ({"no": "99"}, "target.unknown"), ({"year": 2027}, "target.year"),
            ({"year": 2019}, "target.year"), ({"value": Decimal(10) ** 12}, "target.value"), ({"value": Decimal("NaN")}, "target.value"),
            ({"value": Decimal("1.00001")}, "target.value"), ({"value": Decimal(-1)}, "target.value"),
            ({"source": " "}, "target.no_source"), ({"paper": ""}, "target.no_paper"), ({"source": "x" * 201}, "target.too_long"),
            ({"paper": "x" * 81}, "target.too_long"), ({"note": "x" * 301}, "target.too_long"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused(self, commune, changed, code):
        assert refused(entry_actions.enter, SYSTEM, **{**GIVEN, **changed}) == [code]

    def test_a_year_has_one_value_and_a_change_may_be_a_fall(self, commune):
        entry()
        assert refused(entry) == ["target.twice"]
        assert entry(year=2025).id
        assert entry("24b", value="-12").value == Decimal(-12)
        assert entry("1", value="-3.5").value == Decimal("-3.5")

    def test_the_commune_must_be_in_reach(self, commune, actor_):
        with pytest.raises(NotVisible):
            entry_actions.enter(actor_(Role.ORGANISATION, commune.bon, EDIT), **GIVEN)

    def test_a_finer_number_than_the_column_keeps_is_a_mistake_of_ours(self):
        with pytest.raises(ValueError, match="places"):
            Exact().process_bind_param(Decimal("0.00001"), None)


class TestCorrectAndRemove:
    GIVEN = {"value": Decimal(60), "source": "Báo cáo", "paper": "46/BC-UBND"}  # noqa: RUF012

    def test_the_reason_is_kept(self, commune):
        made = entry()
        entry_actions.correct(SYSTEM, made, 1, **self.GIVEN, because="Số cũ là ước tính")
        assert (made.value, made.corrected_because, made.version) == (Decimal(60), "Số cũ là ước tính", 2)

    def test_refusals_and_conflicts(self, commune, actor_):
        made = entry()
        assert refused(entry_actions.correct, SYSTEM, made, 1, **self.GIVEN, because=" ") == ["target.no_reason"]
        assert refused(entry_actions.correct, SYSTEM, made, 1, **self.GIVEN, because="x" * 301) == ["target.too_long"]
        wrong = {**self.GIVEN, "source": ""}
        assert refused(entry_actions.correct, SYSTEM, made, 1, **wrong, because="x") == ["target.no_source"]
        with pytest.raises(Conflict) as conflict:
            entry_actions.correct(SYSTEM, made, 2, **self.GIVEN, because="x")
        assert (conflict.value.mine["Giá trị"], conflict.value.theirs["Giá trị"]) == ("60 %", "59,5 %")
        with pytest.raises(Conflict):
            entry_actions.remove(SYSTEM, made, 7)
        stranger = actor_(Role.ORGANISATION, commune.bon, EDIT)
        with pytest.raises(NotVisible):
            entry_actions.correct(stranger, made, 1, **self.GIVEN, because="x")
        with pytest.raises(NotVisible):
            entry_actions.remove(stranger, made, 1)

    def test_what_is_removed_may_be_entered_again(self, commune):
        made = entry()
        entry_actions.remove(SYSTEM, made, 1)
        assert entry().id


class TestStates:
    def test_what_has_until_2030_is_not_due_before(self, commune, reader):
        assert state(reader, "6") is State.NO_DATA
        entry()
        assert state(reader, "6") is State.NOT_DUE
        entry("18", value="97.9")
        assert state(reader, "18") is State.NOT_MET
        entry("10", value="5")
        assert state(reader, "10") is State.NOT_DUE
        entry("10", 2025, value="4.99")
        assert state(reader, "10", 2025) is State.MET

    def test_a_yearly_average_is_that_of_the_terms_years_so_far(self, commune, reader):
        entry("1", 2025, "6")
        entry("1", 2026, "15")
        one = next(one for one in entry_queries.entered(reader, 2026) if one.no == "1")
        assert (one.value, one.met, one.state) == (Decimal("10.5"), True, State.MET)
        entry("1", 2024, "100")
        assert next(one for one in entry_queries.entered(reader, 2026) if one.no == "1").value == Decimal("10.5")

    def test_a_compound_target_is_met_when_every_part_is(self, commune, reader):
        def three() -> entry_queries.Group:
            return next(one for one in entry_queries.groups(entry_queries.entered(reader, 2026)) if one.no == "3")

        entry("3.visitors", value="20000")
        assert (three().state, three().entered, len(three().parts)) == (State.NO_DATA, 1, 2)
        revenue = entry("3.revenue", value="10")
        assert three().state is State.NOT_DUE
        entry_actions.correct(SYSTEM, revenue, 1, value=Decimal("10.5"), source="B", paper="1", because="x")
        assert three().state is State.MET

    def test_a_cell_does_not_see_the_communes_values(self, commune, actor_):
        entry()
        own = actor_(Role.SECRETARY, commune.bon, READ)
        assert not entry_queries.sees_commune(own)
        assert {one.state for one in entry_queries.entered(own, 2026)} == {State.NO_DATA}
        assert all(
            ("." not in line.no and not line.no.isdigit()) or line.no == "22" for line in term_queries.lines(own, dt.date(2026, 11, 24))
        )

    def test_the_plain_form_names_source_and_state(self, commune, reader):
        entry()
        plain = {one["no"]: one for one in entry_queries.entered_json(reader, 2026)}
        assert len(plain) == len(entry_queries.ever_entered()) == 32
        assert (plain["6"]["value"], plain["6"]["state"], plain["6"]["paper"]) == (59.5, "not_due", "45/BC-UBND")
        assert plain["7"]["value"] is None and plain["7"]["kind"] == "entered"

    @pytest.mark.parametrize(("no", "text"), [("7", "≥ 3 doanh nghiệp, phấn đấu 5 doanh nghiệp"), ("10", "< 5 %"), ("24b", "≤ -10 %")])
    def test_thresholds_are_written_as_people_do(self, app, no, text):
        assert entry_queries.rule_text(resolutions.threshold(no, dt.date(2026, 1, 1))) == text
        assert entry_queries.rule_text(resolutions.threshold(no, dt.date(2010, 1, 1))) == ""


class TestTerm:
    def test_the_path_is_a_straight_line_from_the_last_value(self, commune, reader):
        lines = {line.no: line for line in term_queries.lines(reader, dt.date(2026, 11, 24))}
        assert set(lines) == {*entry_queries.ever_entered(), "21a", "21b", "21c", "21d", "21e", "22", "23a", "23b", "24a", "25a", "25b"}
        cattle = lines["2.cattle"]  # 4.557 in the report, 4.975 by 2030: six years' steps from 2024
        assert [round(cell.need, 2) for cell in cattle.cells][:2] == [Decimal("4626.67"), Decimal("4696.33")]
        assert cattle.cells[-1].need == 4975
        entry("2.cattle", 2025, "4600")
        entry("2.cattle", 2026, "4700")
        cattle = next(line for line in term_queries.lines(reader, dt.date(2026, 11, 24)) if line.no == "2.cattle")
        assert [(cell.year, cell.on_path) for cell in cattle.cells[:3]] == [(2025, False), (2026, True), (2027, None)]
        assert cattle.cells[2].need == Decimal(4700) + Decimal(275) / 4
        assert (cattle.cells[1].state, cattle.cells[2].state) == (State.NOT_DUE, None)

    def test_a_yearly_target_needs_its_threshold_every_year(self, commune, reader):
        lines = {line.no: line for line in term_queries.lines(reader, dt.date(2026, 11, 24))}
        assert {cell.need for cell in lines["18"].cells} == {Decimal(98)}
        assert {cell.need for cell in lines["21b"].cells} == {Decimal(90)}
        assert [cell.need for cell in lines["16"].cells] == [None, None, None, None, None, Decimal(80)]

    def test_what_is_reached_already_is_to_be_kept(self, commune, reader):
        entry("6", 2026, "61")
        (line,) = [line for line in term_queries.lines(reader, dt.date(2026, 11, 24)) if line.no == "6"]
        assert line.cells[2].need == 61

    def test_the_former_term_is_told_as_the_report_gives_it(self, app):
        told = {one.label: one.value for one in term_queries.former(dt.date(2025, 6, 30))}
        assert told["Đàn trâu, nhiệm kỳ 2020-2025"] == "5.049 con"
        assert told["Tỷ lệ che phủ rừng, nhiệm kỳ 2020-2025"] == "59,03 %"
        assert term_queries.former(dt.date(2026, 1, 1)) == []

    def test_two_years_side_by_side(self, commune, reader):
        entry("2.goats", 2025, "5000")
        entry("2.goats", 2026, "5500")
        entry("6", 2025, "59")
        entry("6", 2026, "59.5")
        pairs = {one.no: one for one in term_queries.pairs(reader, 2025, 2026)}
        assert (pairs["2.goats"].change, pairs["2.goats"].percent) == (Decimal(500), Decimal("10.00"))
        assert (pairs["6"].change, pairs["6"].percent) == (Decimal("0.5"), None)
        assert (pairs["7"].change, pairs["7"].states) == (None, (State.NO_DATA, State.NO_DATA))
        with pytest.raises(RuleBroken):
            term_queries.pairs(reader, 2025, 2027)

    def test_years_stand_by_their_own_values_and_the_mean_apart(self, commune, reader):
        entry("1", 2025, "20")
        entry("1", 2026, "10")
        pair = next(one for one in term_queries.pairs(reader, 2025, 2026) if one.no == "1")
        assert (pair.first, pair.second, pair.change, pair.by_mean) == (20, 10, -10, True)
        assert not next(one for one in term_queries.pairs(reader, 2025, 2026) if one.no == "6").by_mean
        (line,) = [line for line in term_queries.lines(reader, dt.date(2026, 11, 24)) if line.no == "1"]
        assert [(cell.value, cell.mean, cell.averaged) for cell in line.cells[:3]] == [(20, 20, 1), (10, 15, 2), (None, None, None)]
        told = {one.no: one for one in entry_queries.entered(reader, 2026)}
        assert (told["1"].own_text, told["1"].mean_text, told["6"].mean_text) == ("10 %", "15 %", "")

    def test_statements_do_not_grow_with_the_values(self, commune, reader, counting):
        def taken() -> int:
            with counting() as count:
                term_queries.lines(reader, dt.date(2026, 11, 24))
                term_queries.pairs(reader, 2025, 2026)
                entry_queries.entered(reader, 2026)
            return len(count)

        few = taken()
        for year in (2025, 2026):
            for no in entry_queries.ever_entered():
                entry(no, year, "3")
        assert taken() == few
