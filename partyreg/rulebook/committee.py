"""Cells and committees: sizes, and the ages that the structure of a committee is reckoned by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from partyreg.rulebook.book import LAW, Rulebook, share
from partyreg.rulebook.dates import calendar_months
from partyreg.rulebook.finding import Finding, Severity, judged, msg


@dataclass(frozen=True, slots=True)
class AgeGroup:
    """Ages from `least` to below `below` (None = no limit), in whole years at the reference month."""

    least: int
    below: int | None

    def holds(self, years: int) -> bool:
        """Answer whether an age in whole years falls into the group."""
        return years >= self.least and (self.below is None or years < self.below)


def reference_month(day: date, book: Rulebook = LAW, at_base: bool = False) -> date:
    """Answer the first day of the month at which ages of a committee are reckoned (COM-01).

    A commune committee: 07/2025; `at_base`, other grassroots organisations: 04/2025. `day` governs.
    """
    key = "committee.reference_month_base" if at_base else "committee.reference_month"
    return date.fromisoformat(f"{book.on(key, day).required}-01")


def age_at(born_on: date, month: date) -> int:
    """Answer the age in whole years at a month, counted by month whatever the day."""
    return calendar_months(born_on, month) // 12


def age_groups(day: date, book: Rulebook = LAW) -> tuple[AgeGroup, ...]:
    """Answer the age groups of a committee's structure on `day`, youngest first (COM-03, COM-04)."""
    young, middle = book.on("committee.age_groups", day).required
    return AgeGroup(0, young), AgeGroup(young, middle + 1), AgeGroup(middle + 1, None)


def age_structure(born: Iterable[date], day: date, book: Rulebook = LAW) -> tuple[tuple[AgeGroup, int], ...]:
    """Answer how many of a committee fall into each group at the reference month. `day` governs."""
    month = reference_month(day, book)
    ages = [age_at(one, month) for one in born]
    return tuple((group, sum(group.holds(age) for age in ages)) for group in age_groups(day, book))


def structure_findings(women: int, young: int, members: int, day: date, book: Rulebook = LAW) -> list[Finding]:
    """Answer whether a party committee has enough women and young members (COM-03, COM-04); nothing of an empty one. `day` governs.

    `young` are those below the first age group's limit at the reference month. No share of ethnic minorities is known: places set it.
    """
    asked = (
        ("committee.women_percent", "women", women,
         msg("Nữ: %(part)s trên %(whole)s, đạt mức ít nhất %(least)s %%."),
         msg("Nữ: %(part)s trên %(whole)s, chưa đạt mức ít nhất %(least)s %%. Thiếu %(missing)s người.")),
        ("committee.young_percent", "young", young,
         msg("Cấp ủy viên trẻ: %(part)s trên %(whole)s, đạt mức ít nhất %(least)s %%."),
         msg("Cấp ủy viên trẻ: %(part)s trên %(whole)s, chưa đạt mức ít nhất %(least)s %%. Thiếu %(missing)s người.")),
    )  # fmt: skip
    findings = []
    for key, field, part, met, unmet in asked:
        provision = book.find(key, day)
        if provision is None or not members:
            continue
        missing = -(-members * provision.required // 100) - part
        facts = {"part": part, "whole": members, "least": provision.required}
        if missing > 0:
            found = judged(f"{key}.unmet", field, Severity.WARN, unmet, provision.citation, missing=missing, **facts)
        else:
            found = judged(f"{key}.met", field, Severity.OK, met, provision.citation, **facts)
        findings.append(found)
    return findings


def needs_cell_committee(full_members: int, day: date, book: Rulebook = LAW) -> bool:
    """Answer whether a cell elects a committee: from 9 full members (O-10). `day` governs. Source: Điều lệ Điều 24."""
    return bool(full_members >= book.on("committee.cell_min_full_members", day).required)


def standing_most(committee: int, day: date, book: Rulebook = LAW) -> int:
    """Answer the most members of a standing committee: a third of the committee (O-14). `day` governs."""
    return int(share(book.on("committee.standing_share", day)) * committee)


def cell_findings(full_members: int, committee_members: int, day: date, book: Rulebook = LAW) -> list[Finding]:
    """Answer whether a cell has enough full members and a rightly sized committee (O-06, O-10). `day` governs."""
    least = book.on("cell.min_full_members", day)
    limit = book.on("committee.cell_min_full_members", day)
    findings = []
    if full_members < least.required:
        text = msg(
            "Chi bộ chỉ có %(full)s đảng viên chính thức, phải có ít nhất %(least)s. Giới thiệu đảng viên sinh hoạt ở "
            "tổ chức khác hoặc ghép chi bộ."
        )
        findings.append(
            judged(
                "cell.too_few",
                "unit",
                Severity.WARN,
                text,
                least.citation,
                full=full_members,
                least=least.required,
            )
        )
    if committee_members and full_members < limit.required:
        text = msg("Chi bộ dưới %(limit)s đảng viên chính thức chỉ bầu bí thư, nếu cần thì bầu phó bí thư; không bầu chi ủy.")
        findings.append(judged("cell.no_committee", "committee", Severity.WARN, text, limit.citation, limit=limit.required))
    elif not committee_members and full_members >= limit.required:
        text = msg("Chi bộ có %(full)s đảng viên chính thức (từ %(limit)s trở lên) phải bầu chi ủy. Tổ chức bầu chi ủy.")
        findings.append(
            judged(
                "cell.committee_missing",
                "committee",
                Severity.WARN,
                text,
                limit.citation,
                full=full_members,
                limit=limit.required,
            )
        )
    most = book.find("committee.cell_max", day)
    if most is not None and committee_members > most.required:
        text = msg("Chi ủy có %(members)s người, nhiều nhất %(most)s. Kiểm tra lại danh sách chi ủy.")
        findings.append(
            judged(
                "cell.committee_large",
                "committee",
                Severity.WARN,
                text,
                most.citation,
                members=committee_members,
                most=most.required,
            )
        )
    return findings
