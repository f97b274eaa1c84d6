"""Deeds on classes, their lists, and posts outside the Party: what is true after, and every refusal."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from partyreg import access
from partyreg.access import Permission, Role
from partyreg.audit import AuditEntry
from partyreg.db import db
from partyreg.errors import Conflict, NotVisible, RuleBroken
from partyreg.members import actions as members
from partyreg.members.models import Body, Exit, Member, Person, Position, Sex, Title
from partyreg.org.models import UnitKind
from partyreg.rulebook.training import CourseKind, CourseResult, Post
from partyreg.training import actions, queries
from partyreg.training.actions import Entry
from partyreg.training.models import TrainingCourse, TrainingResult
from tests import make
from tests.make import training as make_training

F, A, C = CourseResult.FINISHED, CourseResult.AWAY, CourseResult.CALLED
DAY = dt.date


@pytest.fixture
def editor(actor_):
    return actor_(Role.ORGANISATION, permission=Permission.TRAINING_EDIT)


@pytest.fixture
def part_editor(actor_, commune):
    return actor_(Role.ORGANISATION, commune.bon, Permission.TRAINING_EDIT)


def refused(call, *args: Any, **kwargs: Any) -> dict[str, str]:
    with pytest.raises(RuleBroken) as caught:
        call(*args, **kwargs)
    return {finding.code.removeprefix("training."): finding.field for finding in caught.value.findings}


COURSE = {"kind": CourseKind.DIGITAL, "title": "Lớp kỹ năng số", "started_on": DAY(2026, 3, 2), "ended_on": DAY(2026, 3, 4)}


class TestCourses:
    def test_is_on_record_with_nobody_on_its_list(self, commune, editor):
        made = actions.add_course(editor, **COURSE, sessions=6, organiser="Trung tâm chính trị xã")
        assert (made.title, made.sessions, made.place) == ("Lớp kỹ năng số", 6, None)
        assert queries.pupils(editor, made) == []
        assert db.session.scalars(sa.select(AuditEntry.deed).order_by(AuditEntry.seq.desc())).first() == "training.add_course"

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ({"title": "  "}, {"no_title": "title"}),
            ({"started_on": DAY(1999, 12, 31)}, {"too_early": "started_on"}),
            ({"ended_on": DAY(2026, 3, 1)}, {"ends_first": "ended_on"}),
            ({"ended_on": DAY(2028, 12, 1)}, {"too_long": "ended_on"}),
            ({"started_on": DAY(2029, 1, 1), "ended_on": DAY(2029, 1, 2)}, {"too_far": "ended_on"}),
            ({"sessions": 0}, {"sessions": "sessions"}),
            ({"sessions": 501}, {"sessions": "sessions"}),
        ],
    )
    def test_is_refused_with_wrong_facts(self, commune, editor, given, told):
        assert refused(actions.add_course, editor, **{**COURSE, **given}) == told
        course = make_training.course()
        changes = {"title": course.title, **given}
        if "ended_on" not in given and "started_on" not in given:
            assert refused(actions.edit_course, editor, course, course.version, **changes) == told

    def test_is_on_record_once(self, commune, editor):
        first = actions.add_course(editor, **COURSE)
        assert refused(actions.add_course, editor, **COURSE) == {"course_twice": "title"}
        second = actions.add_course(editor, **COURSE, place="Bản Bon")
        assert refused(actions.edit_course, editor, second, second.version, place=None) == {"course_twice": "title"}
        actions.edit_course(editor, first, first.version, sessions=6)
        assert (first.sessions, second.place) == (6, "Bản Bon")

    def test_is_nobodys_who_keeps_a_part_only(self, commune, part_editor):
        course = make_training.course()
        with pytest.raises(NotVisible):
            actions.add_course(part_editor, **COURSE)
        with pytest.raises(NotVisible):
            actions.edit_course(part_editor, course, 1, title="X")
        with pytest.raises(NotVisible):
            actions.remove_course(part_editor, course, 1)

    def test_is_corrected_on_record(self, commune, editor):
        course = make_training.course()
        actions.edit_course(editor, course, course.version, title="  Lớp  bí thư ", place="Hội trường xã")
        assert (course.title, course.place, course.version) == ("Lớp bí thư", "Hội trường xã", 2)
        with pytest.raises(Conflict) as caught:
            actions.edit_course(editor, course, 1, title="Khác")
        assert (caught.value.mine, caught.value.theirs) == ({"title": "Khác"}, {"title": "Lớp bí thư"})

    def test_keeps_its_end_before_what_was_earned(self, commune, editor):
        one = make.member(unit=commune.bon)
        course = make_training.course(ended_on=DAY(2026, 5, 8))
        actions.enter_results(editor, course, [Entry(one.id, 0, F, "01", DAY(2026, 5, 9))])
        assert refused(actions.edit_course, editor, course, 1, ended_on=DAY(2026, 12, 1)) == {"finished_before": "ended_on"}
        assert refused(actions.edit_course, editor, course, 1, ended_on=DAY(2026, 5, 10)) == {"certificate_before": "ended_on"}
        actions.edit_course(editor, course, 1, ended_on=DAY(2026, 5, 9))

    def test_is_taken_off_only_while_nobody_is_on_its_list(self, commune, editor):
        one = make.member(unit=commune.bon)
        course = make_training.course(finished=(one.id,))
        assert refused(actions.remove_course, editor, course, 1) == {"has_people": "version"}
        actions.enter_results(editor, course, [Entry(one.id, 1, None)])
        with pytest.raises(Conflict):
            actions.remove_course(editor, course, 7)
        actions.remove_course(editor, course, 1)
        db.session.flush()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(TrainingCourse)) == 0
        with pytest.raises(NotVisible):
            actions.remove_course(editor, course, 1)


class TestResults:
    @pytest.fixture
    def people(self, commune):
        inside = [make.member(unit=commune.bon, full_name=f"Lò Văn {n}") for n in "AB"]
        return [*(one.id for one in inside), make.person(unit=commune.he, full_name="Quàng Thị C").id]

    def test_of_many_people_are_entered_at_once(self, commune, editor, people):
        course = make_training.course(kind=CourseKind.AWARENESS)
        a, b, c = people
        assert actions.enter_results(editor, course, [Entry(a, 0, F, "01/2026", DAY(2026, 5, 8)), Entry(b, 0, A), Entry(c, 0, C)]) == 3
        found = {one.name: (one.result, one.certificate_number, one.is_member) for one in queries.pupils(editor, course)}
        assert found == {"Lò Văn A": (F, "01/2026", True), "Lò Văn B": (A, None, True), "Quàng Thị C": (C, None, False)}
        assert actions.enter_results(editor, course, [Entry(a, 1, F, "01/2026", DAY(2026, 5, 8)), Entry(b, 1, F), Entry(c, 1, None)]) == 2
        assert actions.enter_results(editor, course, [Entry(c, 0, None)]) == 0  # who is not on the list stays off it
        assert [one.result for one in queries.pupils(editor, course)] == [F, F]
        (taken,) = queries.of_person(editor, a)
        assert taken.valid_until == DAY(2031, 5, 8)
        assert queries.of_person(editor, b)[0].valid_until is None

    @pytest.mark.parametrize(
        ("entry", "code", "field"),
        [
            ((A, "01", DAY(2026, 5, 8)), "certificate_unearned", "certificate"),
            ((F, "01", None), "certificate_undated", "certificate"),
            ((F, None, DAY(2026, 5, 7)), "certificate_early", "certificate"),
            ((F, "01", DAY(2026, 11, 25)), "certificate_late", "certificate"),
        ],
    )
    def test_are_refused_with_a_wrong_certificate(self, commune, editor, people, entry, code, field):
        course = make_training.course()
        lines = [Entry(people[0], 0, *entry), Entry(people[1], 0, F)]
        assert refused(actions.enter_results, editor, course, lines) == {code: f"{field}-{people[0]}"}
        assert queries.pupils(editor, course) == []

    def test_are_refused_before_the_class_is_over(self, commune, editor, people):
        course = make_training.course(ended_on=DAY(2026, 11, 25))
        assert refused(actions.enter_results, editor, course, [Entry(people[0], 0, F)]) == {"not_over": f"result-{people[0]}"}
        assert actions.enter_results(editor, course, [Entry(people[0], 0, C)]) == 1

    def test_are_refused_with_a_number_that_two_have(self, commune, editor, people):
        a, b, c = people
        course, day = make_training.course(), DAY(2026, 5, 8)
        both = [Entry(a, 0, F, "01", day), Entry(b, 0, F, "01", day)]
        assert refused(actions.enter_results, editor, course, both) == {"certificate_twice": f"certificate-{b}"}
        actions.enter_results(editor, course, [Entry(a, 0, F, "01", day)])
        assert refused(actions.enter_results, editor, course, [Entry(c, 0, F, "01", day)]) == {"certificate_twice": f"certificate-{c}"}
        actions.enter_results(editor, course, [Entry(a, 1, F, "02", day), Entry(c, 0, F, "01", day)])

    def test_overwrite_nothing_that_was_not_shown(self, commune, editor, people):
        course = make_training.course(finished=(people[0],))
        for stale in (Entry(people[0], 0, A), Entry(people[0], 2, None), Entry(people[1], 1, F)):
            with pytest.raises(Conflict):
                actions.enter_results(editor, course, [stale])
        assert [one.result for one in queries.pupils(editor, course)] == [F]

    def test_of_people_out_of_reach_or_of_no_class_are_not_there(self, commune, part_editor, people):
        course = make_training.course()
        assert actions.enter_results(part_editor, course, [Entry(people[0], 0, F)]) == 1
        for unknown in (people[2], 999_999):
            with pytest.raises(NotVisible):
                actions.enter_results(part_editor, course, [Entry(unknown, 0, F)])
        with pytest.raises(NotVisible):
            queries.course(part_editor, 999_999)

    def test_the_database_keeps_certificates_with_finished_classes(self, commune, people):
        course = make_training.course()
        for wrong in ({"result": A, "certificate_on": DAY(2026, 5, 8)}, {"result": F, "certificate_number": "01"}):
            with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
                values = {"course_id": course.id, "person_id": people[0], "version": 1, **wrong}
                db.session.connection().execute(sa.insert(TrainingResult).values(**values))


HEAD: dict[str, Any] = {
    "post": Post.VILLAGE_HEAD, "full_name": "Vì Văn Bản", "sex": Sex.MALE, "born_on": DAY(1980, 2, 3), "ethnicity": "Thái",
    "on": DAY(2025, 1, 10),
}  # fmt: skip


class TestPosts:
    def test_name_holder_keeps_the_least_of_one_outside_the_party(self, commune, editor):
        position = actions.name_holder(editor, unit=commune.bon, **HEAD)
        person = db.session.get_one(Person, position.person_id)
        assert (position.body, position.title, position.unit_id) == (Body.VILLAGE, Title.HEAD, commune.bon.id)
        assert (person.unit_id, person.personal_number, person.residence, person.schooling) == (commune.bon.id, None, None, None)
        assert db.session.get(Member, person.id) is None

    def test_name_holder_uses_the_record_of_one_who_is_known(self, commune, editor):
        member = make.member(unit=commune.bon, full_name="Lò Văn Quen", born_on=DAY(1979, 9, 9))
        known = {**HEAD, "full_name": "lò văn quen", "born_on": DAY(1979, 9, 9)}
        assert actions.name_holder(editor, unit=commune.bon, **known).person_id == member.id
        other = actions.name_holder(editor, unit=commune.he, **{**known, "full_name": "Lò Văn Quên"})
        assert other.person_id != member.id

    def test_name_holder_is_refused(self, commune, editor, part_editor):
        office = make.unit(parent=commune.root, code="cb-ub", kind=UnitKind.GRASSROOTS_CELL, name="Chi bộ Ủy ban")
        actions.name_holder(editor, unit=commune.bon, **HEAD)
        other = {**HEAD, "full_name": "Vì Văn Khác"}
        for given, unit, told in (
            ({"post": Post.CELL_SECRETARY}, commune.bon, {"party_post": "post"}),
            ({}, office, {"wrong_unit": "unit"}),
            ({}, commune.root, {"wrong_unit": "unit"}),
            ({"post": Post.OFFICIAL}, commune.bon, {"staff_post": "post"}),
            ({"on": DAY(1800, 1, 1)}, commune.he, {"dead_unit": "on"}),
            ({}, commune.bon, {"held": "post"}),
            ({"born_on": DAY(2027, 1, 1)}, commune.he, {"person.born_in_future": "born_on"}),
        ):
            assert refused(actions.name_holder, editor, unit=unit, **{**other, **given}) == told
        for unit in (commune.bon, commune.he):
            make.person(unit=unit, full_name="Lò Văn Đôi", born_on=DAY(1979, 9, 9))
        double = {**other, "full_name": "Lò Văn Đôi", "born_on": DAY(1979, 9, 9)}
        assert refused(actions.name_holder, editor, unit=commune.he, **double) == {"which": "full_name"}
        with pytest.raises(NotVisible):
            actions.name_holder(part_editor, unit=commune.he, **other)

    def test_nothing_is_dated_ahead_and_no_party_post_ends_here(self, commune, editor, part_editor):
        assert refused(actions.name_holder, editor, unit=commune.bon, **{**HEAD, "on": DAY(2026, 11, 25)}) == {"to_come": "on"}
        position = make_training.holder(unit=commune.he)
        assert refused(actions.end_post, editor, position, DAY(2026, 11, 25)) == {"to_come": "on"}
        member = make.member(unit=commune.bon)
        secretary = make_training.secretary(unit=commune.bon, person=db.session.get_one(Person, member.id))
        for actor, post in ((editor, secretary), (part_editor, position)):
            with pytest.raises(NotVisible):
                actions.end_post(actor, post, DAY(2026, 6, 1))

    def test_by_death_every_post_ends(self, commune, editor):
        member = make.member(unit=commune.bon, full_name="Lò Văn Quen", born_on=DAY(1979, 9, 9))
        position = make_training.holder(unit=commune.bon, full_name="Lò Văn Quen", born_on=DAY(1979, 9, 9))
        members.leave(access.system("test"), member, exit=Exit.DIED, on=DAY(2026, 8, 1))
        assert position.ended_on == DAY(2026, 8, 1)

    def test_end_post_ends_it_once(self, commune, editor):
        position = make_training.holder(unit=commune.bon)
        assert refused(actions.end_post, editor, position, DAY(2025, 1, 9)) == {"period.ends_too_early": "on"}
        actions.end_post(editor, position, DAY(2026, 6, 1))
        assert position.ended_on == DAY(2026, 6, 1)
        assert refused(actions.end_post, editor, position, DAY(2026, 7, 1)) == {"ended": "on"}
        next_one = actions.name_holder(editor, unit=commune.bon, **{**HEAD, "full_name": "Vì Văn Sau", "on": DAY(2026, 6, 1)})
        assert next_one.started_on == DAY(2026, 6, 1)

    def test_outside_the_party_outlast_the_membership(self, commune, editor):
        member = make.member(unit=commune.bon, full_name="Lò Văn Quen", born_on=DAY(1979, 9, 9))
        person = db.session.get_one(Person, member.id)
        kept = make_training.holder(unit=commune.bon, full_name="Lò Văn Quen", born_on=DAY(1979, 9, 9))
        lost = make_training.secretary(unit=commune.bon, person=person)
        members.leave(access.system("test"), member, exit=Exit.WITHDREW, on=DAY(2026, 8, 1))
        db.session.flush()
        ends = {one.id: one.ended_on for one in db.session.scalars(sa.select(Position).where(Position.person_id == member.id))}
        assert ends == {kept.id: None, lost.id: DAY(2026, 8, 1)}
