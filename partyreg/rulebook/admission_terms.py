"""The last days of an admission: terms in working days, and validities in months."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.dates import add_months, add_working_days


def review_due(last: date, day: date | None = None, book: Rulebook = LAW) -> date:
    """Answer the last day for the next review of the list: the end of the month that follows the last one (A-10).

    Governing day: `day`, or the last review when not given. Source: 38-HD/BTCTW I.1.1.
    """
    months = book.on("admission.pipeline_review_months", day or last).required
    return add_months(last.replace(day=1), months + 1) - timedelta(days=1)


def check_due(asked_on: date, abroad: bool = False, days_off: Collection[date] = (), book: Rulebook = LAW) -> date:
    """Answer the last day to answer a background check: 30 working days from the request, 90 for one abroad (A-14).

    Governing day: the day of the request. Source: 06-HD/TW 3.4d.
    """
    key = "admission.background_days_abroad" if abroad else "admission.background_days"
    return add_working_days(asked_on, book.on(key, asked_on).required, days_off)


def certificate_until(certificate_on: date, day: date | None = None, book: Rulebook = LAW) -> date:
    """Answer the last day on which the class certificate is valid: 60 months (A-05).

    Governing day: `day`, or the certificate's when not given. Source: 01-HD/TW of 2026; 06-HD/TW 3.1, 5.4b.
    """
    return add_months(certificate_on, book.on("admission.certificate_months", day or certificate_on).required)


def dossier_until(opened_on: date, day: date | None = None, book: Rulebook = LAW) -> date:
    """Answer the last day on which the cell may consider the dossier: 12 months from its setting up (A-17).

    Governing day: `day`, or the opening when not given. Source: 06-HD/TW 5.4a.
    """
    return add_months(opened_on, book.on("admission.dossier_months", day or opened_on).required)


def decision_due(resolution_on: date, days_off: Collection[date] = (), book: Rulebook = LAW) -> date:
    """Answer the last day to decide on admission: 45 working days from the cell's resolution (A-27).

    Governing day: the day of the cell's resolution. Source: 294-QĐ/TW 4.3.1.
    """
    return add_working_days(resolution_on, book.on("admission.decision_days", resolution_on).required, days_off)


def ceremony_start(decided_on: date, received_on: date | None, book: Rulebook = LAW) -> date:
    """Answer the day from which the ceremony's term runs: the decision's issue, or before 208 its receipt (A-29).

    Where the receipt is not known, the issue counts. Governing day: the decision. Source: 208-QĐ/TW; 294-QĐ/TW 4.1.
    """
    from_receipt = book.on("admission.ceremony_from", decided_on).required == "RECEIVED"
    return received_on if from_receipt and received_on is not None else decided_on


def ceremony_due(start: date, days_off: Collection[date] = (), book: Rulebook = LAW) -> date:
    """Answer the last day for the ceremony: 30 working days from `start`, which `ceremony_start` gives (A-29).

    `start` governs. Source: 208-QĐ/TW; 294-QĐ/TW 4.1.
    """
    return add_working_days(start, book.on("admission.ceremony_days", start).required, days_off)


def probation_ends(ceremony_on: date, day: date | None = None, book: Rulebook = LAW) -> date:
    """Answer the day probation ends, which is the day of full membership: ceremony + 12 months (P-01, P-06).

    Governing day: `day`, or the ceremony when not given. Source: Điều lệ Đảng, Điều 5; 294-QĐ/TW 4.2.2.
    """
    return add_months(ceremony_on, book.on("probation.months", day or ceremony_on).required)


def recognition_due(ceremony_on: date, days_off: Collection[date] = (), book: Rulebook = LAW) -> date:
    """Answer the last day for the cell to consider full membership: 30 working days after probation ends (P-04).

    Governing day: the day probation ends. Source: 208-QĐ/TW; 294-QĐ/TW 4.2.1.
    """
    end = probation_ends(ceremony_on, book=book)
    return add_working_days(end, book.on("recognition.consider_days", end).required, days_off)


def ruling_due(resolution_on: date, days_off: Collection[date] = (), book: Rulebook = LAW) -> date:
    """Answer the last day to decide on full membership: 30 working days from the cell's resolution (P-05).

    Governing day: the day of the cell's resolution. Source: 294-QĐ/TW 4.3.1.
    """
    return add_working_days(resolution_on, book.on("recognition.decision_days", resolution_on).required, days_off)
