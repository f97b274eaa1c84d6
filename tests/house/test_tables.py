"""Every table says whose its rows are, and what SQL answers is what the plain definition answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from partyreg import clock, schema
from partyreg.access import POLICY, Actor, Grant, Permission, Reach, Role
from partyreg.accounts.models import FeedKey, RoleGrant, User, UserSession
from partyreg.admissions.models import (
    Admission,
    AdmissionMove,
    AdmissionPaper,
    AdmissionReview,
    AdmissionVote,
    Introducer,
    IntroducerKind,
)
from partyreg.audit import AuditEntry, AuditTouch
from partyreg.db import Model, Scoped, db
from partyreg.discipline.models import DisciplineAct, DisciplineAppeal, DisciplineCase, DisciplineReading, DisciplineVote, Source
from partyreg.documents.models import Document, DocumentFile, FileFormat
from partyreg.inspections.models import Inspection, InspectionSubject, InspectionTeammate
from partyreg.meetings.models import (
    Attendance,
    Meeting,
    MeetingAttendance,
    MeetingDraft,
    MeetingItem,
    MeetingKind,
    MeetingPlan,
    MeetingScore,
    MeetingTask,
    MeetingWaiver,
    Scorer,
)
from partyreg.members.models import (
    Abeyance,
    AbeyanceKind,
    Body,
    Member,
    Person,
    Position,
    Posting,
    PostingKind,
    Qualification,
    Sex,
    Standing,
    StandingPeriod,
    Theory,
    Title,
)
from partyreg.org.models import Lineage, LineageKind, Unit, UnitKind
from partyreg.org.scope import one, visible
from partyreg.ratings.campaign_models import RatingAmendment, RatingCampaign, RatingFreeze, RatingLine, RatingMove
from partyreg.ratings.models import Level, MemberRating, RatingYear, UnitRating
from partyreg.reports.models import PackFormat, ReportPack, ReportPackFile
from partyreg.resolutions.models import Resolution, ResolutionAmendment, ResolutionTarget
from partyreg.rulebook.admission import Purpose, Step, VotingBody
from partyreg.rulebook.discipline import Content, Decider, Form, Part
from partyreg.rulebook.inspection import InspectingBody, InspectionKind, InspectionMatter
from partyreg.rulebook.rating import RatingStep, SubjectKind
from partyreg.rulebook.training import CourseKind, CourseResult
from partyreg.staff.models import Staff, StaffKind, StaffRating
from partyreg.staff.planning_models import Planning
from partyreg.targets.models import TargetEntry
from partyreg.training.models import TrainingCourse, TrainingResult
from partyreg.workdays.models import SpecialDay

#: Table -> why its rows belong to nobody's unit.
EXCUSED: dict[type, str] = {
    AuditEntry: "the audit belongs to the register; its page has a permission of its own",
    AuditTouch: "the index of the audit",
    User: "accounts are kept for the whole commune by the administrator, and hold no member's data",
    RoleGrant: "as the account",
    UserSession: "as the account",
    FeedKey: "as the account",
    SpecialDay: "the calendar is the same for everybody, and says nothing of a person",
    TrainingCourse: "a class is the commune's and says nothing of a person; its list is scoped by the people",
    RatingCampaign: "as the year of ratings: one row for everybody, without a person",
    RatingFreeze: "the commune's whole result as one text; its page shows the visible cells only, and asks for their lines",
    Resolution: "the law of the commune is the same for everybody, and says nothing of a person",
    ResolutionTarget: "as the resolution",
    ResolutionAmendment: "as the resolution",
    RatingYear: "the year's campaign is the commune's: one row for everybody, without a person",
}


def unscoped(kinds: Iterable[type], excused: Iterable[type]) -> list[str]:
    """Tables that do not say whose their rows are, and excuses that nobody needs."""
    kinds, excused = list(kinds), set(excused)
    found = [f"{kind.__name__} is not scoped" for kind in kinds if not issubclass(kind, Scoped) and kind not in excused]
    for kind in kinds:
        if issubclass(kind, Scoped):
            try:
                kind.within(Reach(("/1/",), 1))
            except NotImplementedError as error:
                found.append(str(error))
    return found + [f"{kind.__name__} needs no excuse" for kind in excused if issubclass(kind, Scoped) or kind not in kinds]


def _kinds() -> list[type]:
    schema.metadata()
    return [mapper.class_ for mapper in Model.registry.mappers]


def test_every_table_is_scoped_or_excused():
    assert unscoped(_kinds(), EXCUSED) == []
    assert all(EXCUSED.values())


def test_a_table_without_scope_would_be_found():
    class Base(DeclarativeBase):
        pass

    class Diary(Base):
        __tablename__ = "diary"
        id: Mapped[int] = mapped_column(primary_key=True)

    class Letter(Scoped, Base):
        __tablename__ = "letter"
        id: Mapped[int] = mapped_column(primary_key=True)

    assert unscoped([Diary, Letter], []) == ["Diary is not scoped", "Letter does not say whose its rows are"]
    assert unscoped([Letter], [Letter])[1:] == ["Letter needs no excuse"]


def test_what_is_not_scoped_cannot_be_asked_by_scope(app, actor_):
    with pytest.raises(TypeError, match="User is not scoped"):
        visible(User, actor_(Role.ORGANISATION, permission=Permission.MEMBERS_READ))
    with pytest.raises(TypeError, match="not scoped"):
        one(AuditEntry, actor_(Role.ORGANISATION, permission=Permission.AUDIT_READ))


# -- SQL scope equals the plain definition ----------------------------------------------------------------------------

DAY = dt.date(2026, 1, 1)
#: (unit's number, person's own number or None) of every row; the numbers count from 0 in the order of making.
Owner = tuple[int | None, int | None]


class World:
    """A random tree with one row or more of every table a unit, written without deeds, for speed; whose each row is, is noted here."""

    def __init__(self, parents: list[int], places: list[tuple[int, int, int]]) -> None:
        self.owners: dict[type, dict[int, Owner]] = {}
        self.units: list[int] = []
        self.paths: list[str] = []
        self.people: list[int] = []
        for number, parent in enumerate([None, *parents]):
            self._unit(number, parent)
        self._insert(RatingYear, (None, None), key="year", year=2199, opened_on=dt.date(2199, 1, 1), version=1)
        self.campaign = self._insert(
            RatingCampaign, (None, None), year=2199, roll_on=DAY, parameters="{}", opened_on=DAY, opened_by="A", version=1
        )
        for number, place in enumerate(places):
            self._person(number, *(place_ % len(self.units) for place_ in place))

    def _insert(self, kind: type[Any], owner: Owner, /, key: str = "id", **values: Any) -> int:
        statement = sa.insert(kind).values(**values).returning(kind.__table__.c[key])
        made: int = db.session.connection().execute(statement).scalar_one()
        self.owners.setdefault(kind, {})[made] = owner
        return made

    def _unit(self, number: int, parent: int | None) -> None:
        kind = UnitKind.COMMUNE if parent is None else UnitKind.VILLAGE_CELL
        above = self.paths[parent] if parent is not None else "/"
        made = self._insert(
            Unit, (number, None), kind=kind, code=f"random-{number}", name=f"U{number}", name_sort="u", path=f"{above}x{number}/",
            founded_on=DAY, version=1, parent_id=self.units[parent] if parent is not None else None,
        )  # fmt: skip
        self.units.append(made)
        self.paths.append(f"{above}{made}/")
        db.session.connection().execute(sa.update(Unit).where(Unit.id == made).values(path=self.paths[-1]))
        if number:
            self._insert(Lineage, (number, None), from_id=self.units[0], into_id=made, kind=LineageKind.SPLIT, happened_on=DAY)

    def _person(self, number: int, keeper: int, posted: int, other: int) -> None:
        units, moment = self.units, clock.now()
        person = self._insert(
            Person, (keeper, number), unit_id=units[keeper], full_name="N", name_fold=" n", name_sort="n", sex=Sex.FEMALE, born_on=DAY,
            ethnicity="Thái", qualification=Qualification.NONE, theory=Theory.NONE, version=1,
        )  # fmt: skip
        self.people.append(person)
        self._insert(Member, (keeper, number), id=person, version=1)
        self._insert(StandingPeriod, (keeper, number), member_id=person, standing=Standing.FULL, started_on=DAY)
        self._insert(Abeyance, (keeper, number), member_id=person, kind=AbeyanceKind.EXEMPTION, started_on=DAY)
        self._insert(Posting, (posted, number), member_id=person, unit_id=units[posted], kind=PostingKind.HOME, started_on=DAY)
        self._insert(
            Position, (other, number), person_id=person, unit_id=units[other], body=Body.EXECUTIVE, title=Title.MEMBER, started_on=DAY
        )
        meeting = self._insert(
            Meeting, (posted, None), unit_id=units[posted], kind=MeetingKind.EXTRAORDINARY, held_on=DAY, chair_id=person, logged_at=moment,
            version=1,
        )  # fmt: skip
        self._insert(MeetingAttendance, (posted, number), meeting_id=meeting, member_id=person, status=Attendance.PRESENT, is_counted=True)
        self._insert(MeetingItem, (posted, None), meeting_id=meeting, position=1, title="T")
        self._insert(MeetingTask, (posted, None), meeting_id=meeting, title="T", is_done=False, version=1)
        self._insert(MeetingScore, (posted, None), meeting_id=meeting, scorer=Scorer.CELL, points="{}", total=0, scored_on=DAY, version=1)
        self._insert(
            MeetingDraft, (posted, None), unit_id=units[posted], client_key=f"{meeting}", fields="{}", author="A", saved_at=moment,
            version=1,
        )  # fmt: skip
        self._insert(MeetingPlan, (posted, None), unit_id=units[posted], kind=MeetingKind.REGULAR, held_on=DAY, version=1)
        self._insert(MeetingWaiver, (posted, None), unit_id=units[posted], year=2000 + number, month=1, reason="R", version=1)
        self._file(person, number, keeper, other)
        taught = self._insert(
            TrainingCourse, (None, None), kind=CourseKind.OTHER, title="T", started_on=DAY, ended_on=DAY, version=1
        )  # fmt: skip
        self._insert(TrainingResult, (keeper, number), course_id=taught, person_id=person, result=CourseResult.CALLED, version=1)
        self._besides(person, posted)
        self._case(person, number, other, None)
        self._case(person, number, other, DAY)
        self._campaign(person, posted)
        self._insert(MemberRating, (posted, number), year=2199, member_id=person, unit_id=units[posted], level=Level.GOOD, version=1)
        if not any(owner[0] == other for owner in self.owners.get(UnitRating, {}).values()):
            self._insert(UnitRating, (other, None), year=2199, unit_id=units[other], level=Level.GOOD, version=1)

    def _campaign(self, person: int, place: int) -> None:
        """A line of the year's campaign, a move of its sheet, and an amendment."""
        unit = self.units[place]
        line = self._insert(
            RatingLine, (place, None), campaign_id=self.campaign, kind=SubjectKind.MEMBER, unit_id=unit, member_id=person, name="N",
            step=RatingStep.SELF, version=1,
        )  # fmt: skip
        self._insert(
            RatingMove, (place, None), campaign_id=self.campaign, unit_id=unit, from_step=RatingStep.SELF, to_step=RatingStep.CHECK,
            moved_at=clock.now(), actor="A",
        )  # fmt: skip
        self._insert(
            RatingAmendment, (place, None), line_id=line, unit_id=unit, to_level=Level.GOOD, amended_on=DAY, paper="P", reason="R",
            entered_by="A",
        )  # fmt: skip

    def _besides(self, person: int, place: int) -> None:
        """An inspection that a unit holds of itself, and a line of its register of staff."""
        unit = self.units[place]
        inspection = self._insert(
            Inspection, (place, None), unit_id=unit, year=2026, body=InspectingBody.CELL, kind=InspectionKind.SIGNS,
            matter=InspectionMatter.OTHER, title="T", planned_on=DAY, is_planned=True, is_dispersed=False, version=1,
        )  # fmt: skip
        self._insert(InspectionSubject, (place, None), inspection_id=inspection, unit_id=unit, version=1)
        self._insert(InspectionTeammate, (place, None), inspection_id=inspection, person_id=person, is_head=True)
        staff = self._insert(
            Staff, (place, None), unit_id=unit, kind=StaffKind.CADRE, person_id=person, post="P", started_on=DAY, version=1
        )
        pack = self._insert(
            ReportPack, (place, None), unit_id=unit, year=2025, day=DAY, made_by="N", made_at=clock.now(), needs=" ", parameters="{}",
            lines="[]", line_count=0, sha256="0",
        )  # fmt: skip
        self._insert(ReportPackFile, (place, None), pack_id=pack, format=PackFormat.PDF, sha256="0", content=b"0")
        self._insert(StaffRating, (place, None), staff_id=staff, year=2026, level=Level.GOOD, paper="P", version=1)
        self._insert(
            Planning, (place, None), unit_id=unit, person_id=person, post="P", first_year=2025, last_year=2030, issuer="I", approved_on=DAY,
            paper="P", version=1,
        )  # fmt: skip
        self._insert(
            TargetEntry, (place, None), unit_id=unit, no="6", year=2000 + person % 100, value=Decimal(1), measured_in="percent", source="S",
            paper="P", version=1,
        )  # fmt: skip

    def _case(self, person: int, number: int, handled: int, published: dt.date | None) -> None:
        """A case belongs to the unit that deals with it; to the one concerned, the decision that was published and nothing else."""
        case = self._insert(
            DisciplineCase, (handled, number if published else None), unit_id=self.units[handled], home_id=self.units[handled],
            member_id=person, body=Decider.CELL, source=Source.OTHER, opened_on=DAY, is_superior_task=False, is_from_paper=False,
            is_heard_in_absence=False, form=Form.WARNING if published else None, signed_on=published, published_on=published, version=1,
        )  # fmt: skip
        counts = {"members": 3, "not_counted": 0, "present": 3, "in_favour": 3, "against": 0, "blank": 0}
        of_case: dict[type[Any], dict[str, Any]] = {
            DisciplineAct: {"acted_on": DAY, "content": Content.DUTY},
            DisciplineVote: {"body": Decider.CELL, "part": Part.DECIDES, "form": Form.WARNING, "held_on": DAY, **counts},
            DisciplineAppeal: {"lodged_on": DAY},
            DisciplineReading: {"reader": "A", "read_at": clock.now()},
        }
        for kind, values in of_case.items():
            self._insert(kind, (handled, None), case_id=case, **values)

    def _file(self, person: int, number: int, keeper: int, admits: int) -> None:
        """A file belongs to whom its person belongs, whichever cell admits; a document to the unit whose record it is."""
        file = self._insert(
            Admission, (keeper, number), person_id=person, unit_id=self.units[admits], step=Step.DRAFT, started_on=DAY, instrument="I",
            is_readmission=False, check_abroad=False, in_hard_area=False, is_elder=False, version=1,
        )  # fmt: skip
        of_file: dict[type[Any], dict[str, Any]] = {
            Introducer: {"kind": IntroducerKind.YOUTH_UNION, "is_replacement": False},
            AdmissionMove: {"to_step": Step.DRAFT, "moved_at": clock.now(), "actor": "A"},
            AdmissionReview: {"reviewed_on": DAY, "is_kept": True},
            AdmissionVote: {
                "body": VotingBody.CELL, "purpose": Purpose.ADMISSION, "held_on": DAY, "members": 3, "not_counted": 0, "present": 3,
                "in_favour": 3, "against": 0, "blank": 0,
            },
        }  # fmt: skip
        for kind, values in of_file.items():
            self._insert(kind, (keeper, number), admission_id=file, **values)
        document = self._insert(
            Document, (admits, None), unit_id=self.units[admits], issuer_id=self.units[0], kind="k", title="T", issued_on=DAY, facts="{}",
            is_outside=False, version=1,
        )  # fmt: skip
        self._insert(DocumentFile, (admits, None), document_id=document, format=FileFormat.PDF, sha256="0", content=b"0")
        self._insert(AdmissionPaper, (keeper, number), admission_id=file, document_id=document)

    def seen(self, kind: type, actor: Actor) -> set[int]:
        """The plain definition: a grant that carries the permission, over the unit or one above it; or one's own row."""
        own = actor.permission is Permission.OWN_RECORD
        granted = [grant.path for grant in actor.grants if not own and actor.permission in POLICY[grant.role]]
        mine = self.people.index(actor.member_id) if own and actor.member_id is not None else -1

        def covered(unit: int) -> bool:
            above = (path for path in granted if self.paths[unit].startswith(path))
            return any(kind not in OF_ITS_UNIT_ALONE or path in ("/", self.paths[0], self.paths[unit]) for path in above)

        return {
            row for row, (unit, person) in self.owners[kind].items()
            if (unit is not None and covered(unit)) or (person is not None and person == mine)
        }  # fmt: skip


def differences(world: World, actor: Actor) -> list[str]:
    """Tables of which SQL shows other rows than the plain definition, or than `Reach.covers` says."""
    found = []
    reach = actor.reach()
    kinds: list[Any] = [kind for kind in world.owners if issubclass(kind, Scoped)]
    for kind in kinds:
        shown = set(db.session.execute(visible(kind, actor).with_only_columns(kind.id)).scalars())
        ours = shown & set(world.owners[kind])
        if ours != world.seen(kind, actor):
            found.append(f"{kind.__name__}: shows {sorted(ours)}, should show {sorted(world.seen(kind, actor))}")
        covered = {row for row, (unit, _own) in world.owners[kind].items() if unit is not None and reach.covers(world.paths[unit])}
        if kind not in OF_ITS_UNIT_ALONE and not covered <= ours:
            found.append(f"{kind.__name__}: hides what the reach covers")
    return found


#: What the commune sees and the unit itself, and nothing between them: a section has no part in a case of its cell.
OF_ITS_UNIT_ALONE = {DisciplineCase, DisciplineAct, DisciplineVote, DisciplineAppeal, DisciplineReading}
PARENTS = st.lists(st.integers(0, 5), max_size=6).map(lambda numbers: [min(number, index) for index, number in enumerate(numbers)])
PLACES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=4)
GRANTS = st.lists(st.tuples(st.sampled_from(list(Role)), st.integers(0, 6)), max_size=3)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(parents=PARENTS, places=PLACES, grants=GRANTS, permission=st.sampled_from(list(Permission)), who=st.integers(-1, 3))
def test_sql_scope_equals_the_plain_definition(app, parents, places, grants, permission, who):
    with db.session.begin_nested() as savepoint:
        world = World(parents, places)
        held = tuple(Grant(role, world.paths[number % len(world.paths)], DAY) for role, number in grants)
        me = world.people[who % len(world.people)] if who >= 0 else None
        assert differences(world, Actor(None, "random", held, me, permission)) == []
        assert {kind for kind in _kinds() if issubclass(kind, Scoped)} - set(world.owners) <= {Lineage}
        savepoint.rollback()


def test_a_scope_that_shows_too_much_would_be_found(app, monkeypatch):
    monkeypatch.setattr(Meeting, "within", classmethod(lambda cls, reach: sa.true()))
    world = World([0, 0], [(1, 1, 1), (2, 2, 2)])
    secretary = Actor(None, "planted", (Grant(Role.SECRETARY, world.paths[1], DAY),), None, Permission.MEETINGS_READ)
    found = differences(world, secretary)
    assert found and all(fault.startswith("Meeting") for fault in found)


def test_a_scope_by_a_prefix_of_digits_would_be_found(app, monkeypatch):
    """Unit 1 is not above unit 11: the slash at the end of the path matters."""
    monkeypatch.setattr(Unit, "within", classmethod(lambda cls, reach: sa.or_(*(cls.path.startswith(path[:-1]) for path in reach.paths))))
    world = World([0, 0], [(1, 1, 1)])
    world.paths[2] = world.paths[1][:-1] + "0/"
    db.session.connection().execute(sa.update(Unit).where(Unit.id == world.units[2]).values(path=world.paths[2]))
    actor = Actor(None, "planted", (Grant(Role.SECRETARY, world.paths[1], DAY),), None, Permission.UNITS_READ)
    assert any(fault.startswith("Unit:") for fault in differences(world, actor))
