"""Whatever is done by whomever in whatever order: nobody gets on but as the law of the day demands, and a refusal changes nothing."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import itertools

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partyreg import clock
from partyreg.admissions import actions, file_queries, ruling_actions
from partyreg.admissions.attempt import attempt
from partyreg.admissions.ruling_actions import Counts
from partyreg.db import db
from partyreg.errors import Conflict, RuleBroken
from partyreg.members.models import Member, Standing, StandingPeriod
from partyreg.rulebook import admission as law
from partyreg.rulebook.admission import Purpose, Step, VotingBody
from partyreg.rulebook.dates import add_months
from partyreg.rulebook.finding import blocking
from tests.admissions.deeds import moves, rows
from tests.make.admissions import SYSTEM, admission

USERS = (11, 12, 13, 14)
#: The deed that takes a file on, by its step; a sequence of nothing but chance would hardly ever get anywhere.
PROBATION = ("fill", "recognise_vote", "propose")
ONWARD = {
    Step.LISTED: ("ask",), Step.ASKED: ("permit",), Step.DRAFT: ("submit", "vote"), Step.RETURNED: ("submit", "vote", "write"),
    Step.SUBMITTED: ("pass_on",), Step.DECIDING: ("decide",), Step.DECIDED: ("ceremony",), Step.PROBATION: PROBATION,
    Step.SENT_BACK: PROBATION, Step.PROPOSED: ("pass_on",), Step.RULING: ("recognise",), Step.RECOGNISED: ("card",),
}  # fmt: skip
#: What a step demands that is left on the way, and what may lack all the same: the committee is told of a failed vote (A-26).
DEMANDED = {
    Step.LISTED: (Step.LISTED, ()), Step.ASKED: (Step.ASKED, ()), Step.DRAFT: (Step.DRAFT, ("vote.short",)),
    Step.RETURNED: (Step.DRAFT, ("vote.short",)), Step.SUBMITTED: (Step.DRAFT, ("vote.short",)), Step.DECIDING: (Step.DECIDING, ()),
    Step.DECIDED: (Step.DECIDED, ()), Step.PROBATION: (Step.PROBATION, ()), Step.SENT_BACK: (Step.PROBATION, ()),
    Step.PROPOSED: (Step.PROBATION, ()), Step.RULING: (Step.RULING, ()), Step.RECOGNISED: (Step.RECOGNISED, ()),
}  # fmt: skip
FULL_PATH = [
    Step.LISTED, Step.ASKED, Step.DRAFT, Step.SUBMITTED, Step.DECIDING, Step.DECIDED, Step.PROBATION, Step.PROPOSED, Step.RULING,
    Step.RECOGNISED,
]  # fmt: skip

CHANCE = [
    "write", "vote", "recognise_vote", "remove_vote", "submit", "pass_on", "send_back", "decide", "decline", "ceremony", "propose",
    "recognise", "remove", "cancel", "card", "withdraw", "move",
]  # fmt: skip

TRIES = st.lists(
    st.fixed_dictionaries(
        {
            "deed": st.sampled_from(["onward"] * 12 + CHANCE),
            "user": st.sampled_from(USERS),
            "wait": st.sampled_from([0, 0, 1, 9, 9, 200, 370]),
            "ago": st.sampled_from([0, 0, 0, 0, 1, 5, 40, -1]),
            "yes": st.sampled_from([9, 9, 9, 6, 5, 4]),
            "field": st.sampled_from(["applied_on", "certificate_on", "check_concluded_on", "cv_on", "new_class_on", "remark_on"]),
            "clear": st.booleans(),
            "stale": st.sampled_from([0] * 9 + [1]),
            "pick": st.integers(0, 2),
        }
    ),
    min_size=8,
    max_size=16,
)  # fmt: skip


def deed(name, file, cell, tried, today):
    """The deed of that name, with the days and numbers that were drawn."""
    actor, version = dataclasses.replace(SYSTEM, user_id=tried["user"]), file.version - tried["stale"]
    on, yes = today - dt.timedelta(days=tried["ago"]), tried["yes"]
    counts = Counts(9, 9, yes, 9 - yes)
    vote = {"held_on": on, "members": 9, "present": 9, "in_favour": yes, "against": 9 - yes, "number": "07-NQ/CB"}
    ruled = {"decided_on": on, "signer": "Lò Văn Pâng", "counts": counts, "outside_number": str(tried["ago"] + 100 + file.id * 7 % 90)}
    if name == "onward":
        choice = ONWARD.get(file.step, ("withdraw",))
        return deed(choice[tried["pick"] % len(choice)], file, cell, tried, today)
    over = add_months(file.ceremony_on or today, 12)
    filled = {"new_class_on": over, "self_review_on": over, "remark_on": over, "full_opinions_on": over}
    return {
        "ask": lambda: actions.ask_to_start(actor, file, version),
        "permit": lambda: ruling_actions.permit(actor, file, version, permitted_on=on, permit_number="8"),
        "write": lambda: actions.edit(actor, file, version, **{tried["field"]: None if tried["clear"] else on}),
        "fill": lambda: actions.edit(actor, file, version, **filled),
        "vote": lambda: actions.record_vote(actor, file, version, purpose=Purpose.ADMISSION, **vote),
        "recognise_vote": lambda: actions.record_vote(actor, file, version, purpose=Purpose.RECOGNITION, **vote),
        "remove_vote": lambda: actions.record_vote(actor, file, version, purpose=Purpose.REMOVAL, **vote),
        "submit": lambda: actions.submit(actor, file, version),
        "pass_on": lambda: ruling_actions.pass_on(actor, file, version),
        "send_back": lambda: ruling_actions.send_back(actor, file, version, "Thiếu dấu."),
        "decide": lambda: ruling_actions.decide(actor, file, version, **ruled),
        "decline": lambda: ruling_actions.decline(actor, file, version, held_on=on, counts=counts, reason="Chưa đủ điều kiện."),
        "ceremony": lambda: actions.hold_ceremony(actor, file, version, ceremony_on=on),
        "propose": lambda: actions.propose(actor, file, version),
        "recognise": lambda: ruling_actions.recognise(actor, file, version, **ruled),
        "remove": lambda: ruling_actions.remove(actor, file, version, **ruled),
        "cancel": lambda: ruling_actions.cancel(actor, file, version, on=on, reason="Sai.", signer="Lò Văn Pâng", outside_number="99"),
        "card": lambda: ruling_actions.issue_card(actor, file, version, card_number="014000000777", issued_on=on),
        "withdraw": lambda: actions.withdraw(actor, file, version, "Chuyển nơi ở."),
        "move": lambda: actions.move_away(actor, file, version, on=on, to=cell, paper="15-CV/ĐU"),
    }[name]


def judge(file, before, today):
    """What must be true after a step, judged from the rows and the rulebook alone."""
    if file.step in FULL_PATH and before in DEMANDED and file.step is not before and file.step not in law.BACK.values():
        step, may_lack = DEMANDED[before]
        facts = file_queries.facts(SYSTEM, file, today)
        assert [one for one in blocking(law.may_leave(step, facts, today)) if one.code not in may_lack] == []
        if file.step is Step.DECIDED:
            assert blocking(law.may_leave(Step.DRAFT, facts, today)) == []
    standing = {one.purpose for one in file_queries.votes(SYSTEM, file, VotingBody.STANDING)}
    decided = file.step in (Step.DECIDED, Step.PROBATION, Step.SENT_BACK, Step.PROPOSED, Step.RULING, Step.RECOGNISED, Step.CLOSED)
    assert not decided or (file.decision_number and file.decided_on and Purpose.ADMISSION in standing)
    assert (file.ruling_number is not None) == (file.step in (Step.RECOGNISED, Step.CLOSED, Step.REMOVED))
    made = db.session.get(Member, file.person_id)
    assert (made is not None) == (file.ceremony_on is not None)
    if made is not None:
        is_full = file.step in (Step.RECOGNISED, Step.CLOSED)
        periods = list(db.session.scalars(sa.select(StandingPeriod).where(StandingPeriod.member_id == made.id)))
        assert made.full_on == (add_months(file.ceremony_on, 12) if is_full else None)
        assert is_full == (Standing.FULL in {one.standing for one in periods})
        assert (file.step in (Step.REMOVED, Step.CANCELLED)) == all(one.ended_on for one in periods)


def judge_log(file):
    """The log leads from the list to where the file stands, and in no round one user ruled on what she had in hand."""
    log = moves(file)
    assert log[0][0] is None and log[-1][1] is file.step
    assert all(one[1] is two[0] for one, two in itertools.pairwise(log))
    if file.step in FULL_PATH:
        seen = [to for _from, to, _user, _why in log]
        assert set(FULL_PATH[: FULL_PATH.index(file.step) + 1]) <= set(seen)
    round_ = {}
    for _from, to, user, _why in (one for one in log if one[0] is not one[1] and one[2] is not None):
        if to in (Step.ASKED, Step.SUBMITTED, Step.PROPOSED):
            round_ = {"handed in": user}
        elif to in (Step.DECIDING, Step.RULING, Step.DECIDED, Step.RECOGNISED, Step.REMOVED, Step.DECLINED):
            assert user not in round_.values()
            round_[to] = user


def test_nobody_gets_on_but_as_the_law_demands(commune):
    reached, refused = collections.Counter(), collections.Counter()

    @settings(max_examples=22, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(tries=TRIES, start=st.sampled_from([Step.DRAFT, Step.DECIDING, Step.PROBATION, Step.SENT_BACK]))
    def way(tries, start):
        example = db.session.begin_nested()
        file = admission(unit=commune.bon, step=start, **({"vote": {}} if start is Step.DRAFT else {}))
        today = clock.today()
        for tried in tries:
            today += dt.timedelta(days=tried["wait"])
            with clock.freeze(today):
                before, kept = file.step, rows()
                try:
                    attempt(deed(tried["deed"], file, commune.he, tried, today))
                    db.session.flush()
                except (RuleBroken, Conflict) as refusal:
                    assert rows() == kept
                    refused[type(refusal).__name__] += 1
                else:
                    judge(file, before, today)
        judge_log(file)
        reached[file.step] += 1
        example.rollback()

    way()
    assert reached[Step.RECOGNISED] + reached[Step.CLOSED] > 0, reached
    assert refused["RuleBroken"] > 30 and refused["Conflict"] > 3, refused


@settings(max_examples=10, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(late=st.integers(0, 400), ceremony=st.dates(dt.date(2025, 8, 1), dt.date(2025, 11, 20)))
def test_full_membership_is_a_year_after_the_ceremony_however_late_the_decision(commune, late, ceremony):
    example = db.session.begin_nested()
    file = admission(unit=commune.bon, step=Step.RULING, decided_on=ceremony - dt.timedelta(days=8))
    assert file.ceremony_on == ceremony
    with clock.freeze(add_months(ceremony, 12) + dt.timedelta(days=10 + late)):
        counts, on = Counts(9, 9, 9), clock.today()
        ruling_actions.recognise(SYSTEM, file, file.version, decided_on=on, signer="Lò Văn Pâng", counts=counts, outside_number="125")
    made = db.session.get_one(Member, file.person_id)
    assert (made.full_on, file.ruled_on) == (add_months(ceremony, 12), on)
    example.rollback()
