"""The doors to the papers of meetings. What is handed out is the record as it stands; nothing is issued or kept."""

from __future__ import annotations

from werkzeug.wrappers import Response

from .. import clock
from .. import papers as office_papers
from ..access import Actor, Permission
from ..errors import NotVisible
from ..org import queries as org
from ..web import download
from . import paper_queries, papers
from .views import FIRST_YEAR, area

ENDINGS = ("docx", "pdf")


def _handed_out(word: bytes, ending: str, title: str, name: str) -> Response:
    return download(word if ending == "docx" else office_papers.to_pdf(word, title), name, ending)


@area.get("/meetings/<int:meeting_id>/papers/<kind>.<ending>", needs=Permission.MEETINGS_READ)
def paper(actor: Actor, meeting_id: int, kind: str, ending: str) -> Response:
    """One paper of a meeting. A kind that the meeting does not offer, and a file of another kind, do not exist."""
    meeting = paper_queries.one(actor, meeting_id)
    work = paper_queries.work(actor, [meeting])[meeting_id]
    sort = papers.offered(meeting, work).get(kind)
    if sort is None or ending not in ENDINGS:
        raise NotVisible("PaperKind")
    return _handed_out(papers.paper(actor, meeting, kind, work), ending, sort.written, f"{sort.stem}-{meeting.unit_code}-{meeting.held_on}")


@area.get("/meetings/book/<code>/<int:year>.<ending>", needs=Permission.MEETINGS_READ)
def book(actor: Actor, code: str, year: int, ending: str) -> Response:
    """The minute book of a cell's year. A year without meetings has none."""
    unit = org.by_code(actor, code)
    if ending not in ENDINGS or not FIRST_YEAR <= year <= clock.today().year:
        raise NotVisible("PaperKind")
    meetings = paper_queries.year(actor, unit, year)
    if not meetings:
        raise NotVisible("Meeting")
    word = papers.book(unit, year, meetings, paper_queries.work(actor, meetings))
    return _handed_out(word, ending, papers.BOOK.written, f"{papers.BOOK.stem}-{unit.code}-{year}")
