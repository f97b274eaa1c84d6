"""Admission of members (kết nạp đảng viên): the checklist of one file, rule by rule."""

from __future__ import annotations

from datetime import date

from partyreg.rulebook import admission_course as course
from partyreg.rulebook import admission_person as person
from partyreg.rulebook.admission_course import ceremony_due, decision_due, probation_ends, recognition_due
from partyreg.rulebook.admission_facts import (
    NEXT,
    AdmissionFacts,
    IntroducerFacts,
    IntroducerKind,
    Schooling,
    Step,
    may_move,
)
from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.finding import Finding, Severity, judged, msg
from partyreg.rulebook.voting import VoteFacts, vote_findings, votes_needed

__all__ = [
    "NEXT",
    "AdmissionFacts",
    "IntroducerFacts",
    "IntroducerKind",
    "Schooling",
    "Step",
    "VoteFacts",
    "ceremony_due",
    "decision_due",
    "may_be_admitted",
    "may_move",
    "probation_ends",
    "recognition_due",
    "vote_findings",
    "votes_needed",
]


def may_be_admitted(facts: AdmissionFacts, day: date, book: Rulebook = LAW) -> list[Finding]:
    """Answer a finding for each rule of admission, kept rules included: a checklist for the file on `day`.

    Governing day of each rule: the cell's consideration (`considered_on`; `day` while there is none) for the person,
    the introducers, the dossier and the vote; the cell's resolution for the decision; the decision for the ceremony;
    the request for the background check. Source: Điều lệ Đảng and its implementing regulation in force on that day.
    Raise `NotInForce` for a day before the oldest law in the book.
    """
    considered = facts.considered_on or day
    findings = [
        person.age(facts, considered, book),
        person.schooling(facts, considered, book),
        person.application(facts, considered, book),
        person.certificate(facts, considered, book),
        *course.introducers(facts, considered, book),
        *person.background(facts, day, book),
        *course.dossier(facts, considered, book),
        *person.readmission(facts, considered, book),
        *_vote(facts, day, considered, book),
        *course.decision(facts, day, book),
        *course.ceremony(facts, day, book),
    ]
    return findings


def _vote(facts: AdmissionFacts, day: date, considered: date, book: Rulebook) -> list[Finding]:
    cite = book.on("admission.cell_share", considered).citation
    if facts.considered_on is None or facts.vote is None:
        text = msg("Chưa có kết quả biểu quyết của chi bộ. Ghi ngày họp và số phiếu theo nghị quyết chi bộ.")
        return [judged("vote.missing", "considered_on", Severity.BLOCK, text, cite)]
    if facts.considered_on > day:
        text = msg("Ngày chi bộ xét %(considered)s còn ở phía trước. Kiểm tra lại ngày họp.")
        return [judged("vote.future", "considered_on", Severity.BLOCK, text, considered=facts.considered_on)]
    return vote_findings(facts.vote, considered, book)
