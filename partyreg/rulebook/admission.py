"""Admission of members (kết nạp đảng viên): what each step of a file demands, rule by rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from partyreg.rulebook import admission_course as course
from partyreg.rulebook import admission_decision as deciding
from partyreg.rulebook import admission_full as full
from partyreg.rulebook import admission_list as listed
from partyreg.rulebook import admission_person as person
from partyreg.rulebook.admission_decision import after_move
from partyreg.rulebook.admission_facts import AdmissionFacts, Ballot, IntroducerFacts, IntroducerKind, Schooling
from partyreg.rulebook.admission_forecast import Earliest, earliest_decision
from partyreg.rulebook.admission_full import Proposal, asks_removal, has_passed, is_deadlocked, proposal
from partyreg.rulebook.admission_terms import (
    ceremony_due,
    ceremony_start,
    certificate_until,
    check_due,
    decision_due,
    dossier_until,
    probation_ends,
    recognition_due,
    review_due,
    ruling_due,
)
from partyreg.rulebook.admission_way import (
    AT_THE_CELL,
    BACK,
    CANDIDATE,
    ENDS,
    OPEN,
    Purpose,
    Step,
    VoteForm,
    VotingBody,
    demands,
    forward,
    may_move,
    way,
)
from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.finding import Finding
from partyreg.rulebook.timeline import Citation
from partyreg.rulebook.voting import (
    VoteFacts,
    committee_vote_findings,
    committee_votes_needed,
    is_carried,
    share_citation,
    vote_findings,
    votes_needed,
)

__all__ = [
    "AT_THE_CELL",
    "BACK",
    "CANDIDATE",
    "ENDS",
    "OPEN",
    "REQUIREMENTS",
    "AdmissionFacts",
    "Ballot",
    "Earliest",
    "IntroducerFacts",
    "IntroducerKind",
    "Proposal",
    "Purpose",
    "Requirement",
    "Schooling",
    "Step",
    "VoteFacts",
    "VoteForm",
    "VotingBody",
    "after_move",
    "asks_removal",
    "ceremony_due",
    "ceremony_start",
    "certificate_until",
    "check_due",
    "committee_vote_findings",
    "committee_votes_needed",
    "decision_due",
    "demands",
    "dossier_until",
    "earliest_decision",
    "forward",
    "has_passed",
    "is_carried",
    "is_deadlocked",
    "may_be_admitted",
    "may_leave",
    "may_move",
    "probation_ends",
    "proposal",
    "recognition_due",
    "regulation",
    "review_due",
    "ruling_due",
    "share_citation",
    "vote_findings",
    "votes_needed",
    "way",
]

#: A rule of a file: its facts, the day on which it is to leave its step, and the law.
Requirement = Callable[[AdmissionFacts, date, Rulebook], list[Finding]]


def _considered(rule: Requirement) -> Requirement:
    """The rule, governed by the day of the cell's consideration where there was one."""
    return lambda facts, day, book: rule(facts, facts.considered_on or day, book)


#: Name of a requirement in the law (admission.needs) -> the rule that judges it.
REQUIREMENTS: Mapping[str, Requirement] = MappingProxyType(
    {
        "listing": listed.listing,
        "review": listed.review,
        "helper": listed.helper,
        "class": listed.awareness_class,
        "start": listed.start,
        "permission": listed.permission,
        "age": _considered(person.age),
        "schooling": _considered(person.schooling),
        "application": _considered(person.application),
        "cv": course.cv,
        "certificate": _considered(person.certificate),
        "introducers": _considered(course.introducers),
        "background": person.background,
        "opinions": course.opinions,
        "dossier": course.dossier,
        "readmission": _considered(person.readmission),
        "cell_vote": course.cell_vote,
        "committee_vote": deciding.committee_vote,
        "standing_vote": deciding.standing_vote,
        "decision": deciding.decision,
        "ceremony": deciding.ceremony,
        "probation_over": full.probation_over,
        "new_class": full.new_class,
        "self_review": full.self_review,
        "remark": full.remark,
        "full_opinions": full.full_opinions,
        "recognition_vote": full.recognition_vote,
        "ruling_vote": full.ruling_vote,
        "ruling": full.ruling,
        "card": full.card,
    }
)
#: What concerns the candidate and the dossier, in the order of the checklist.
_CHECKLIST = (
    "age",
    "schooling",
    "application",
    "cv",
    "certificate",
    "introducers",
    "background",
    "opinions",
    "dossier",
    "readmission",
    "cell_vote",
)


def may_leave(step: Step, facts: AdmissionFacts, day: date, book: Rulebook = LAW) -> list[Finding]:
    """Answer the findings of all that the law of `day` demands before a file leaves `step`, kept rules included.

    A file may leave when none of them blocks; a step without demands answers none. Governing day of each rule: as its function in
    `REQUIREMENTS` says. Source: admission.needs. Raise `NotInForce` for a day before the oldest law, KeyError for a demand of a
    local provision that no rule judges.
    """
    return [finding for name in demands(step, day, book) for finding in REQUIREMENTS[name](facts, day, book)]


def may_be_admitted(facts: AdmissionFacts, day: date, book: Rulebook = LAW) -> list[Finding]:
    """Answer a finding for each rule of admission, kept rules included: a checklist for the file on `day`.

    Governing day of each rule: the cell's consideration (`considered_on`; `day` while there is none) for the person,
    the introducers, the dossier and the vote; the cell's resolution for the decision; the decision for the ceremony;
    the request for the background check. Source: Điều lệ Đảng and its implementing regulation in force on that day.
    Raise `NotInForce` for a day before the oldest law in the book.
    """
    findings = [finding for name in _CHECKLIST for finding in REQUIREMENTS[name](facts, day, book)]
    return findings + deciding.decision_term(facts, day, book) + deciding.ceremony_term(facts, day, book)


def regulation(day: date, book: Rulebook = LAW) -> Citation | None:
    """Answer which regulation implementing the Party's statutes governs on `day`; None before the oldest one known.

    Governing day: `day`. Source: admission.regulation (208-QĐ/TW and those before it).
    """
    found = book.find("admission.regulation", day)
    return found.citation if found else None
