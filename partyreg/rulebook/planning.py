"""Cadre planning (quy hoạch): how many people for a post, how many posts for a person. Only warns: the decision is made elsewhere."""

from __future__ import annotations

from datetime import date

from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.finding import Finding, Severity, judged, msg


def planning_findings(people: int, posts: int, day: date, book: Rulebook = LAW) -> list[Finding]:
    """Answer warnings where `people` are planned for one post, or one person for `posts`, beyond what the law allows.

    Governing day: that of the approval; nothing before the law began. Source: CAD-01 (377-QĐ/TW).
    """
    found = []
    most_people, most_posts = book.find("planning.people_a_post", day), book.find("planning.posts_a_person", day)
    if most_people is not None and people > most_people.required:
        text = msg("Chức danh này đã quy hoạch %(count)s người, quá %(most)s người. Hãy rà soát.")
        found.append(judged("planning.people", "post", Severity.WARN, text, most_people.citation, count=people, most=most_people.required))
    if most_posts is not None and posts > most_posts.required:
        text = msg("Người này đã quy hoạch %(count)s chức danh, quá %(most)s chức danh. Hãy rà soát.")
        found.append(judged("planning.posts", "person", Severity.WARN, text, most_posts.citation, count=posts, most=most_posts.required))
    return found
