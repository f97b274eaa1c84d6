"""What every chart is drawn with: a picture's parts, the width of words, patterns, and the chart itself.

One drawing serves the page, the PDF and Word. So it carries its looks as presentation attributes, which print well and which every
reader of SVG understands; the page's style sheet may repaint the classes (`c-…`) for the dark. Nothing is told by colour alone: each
filling has a pattern of its own and its own darkness, and each figure stands beside it as a number.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from html import escape

from markupsafe import Markup

from ..i18n import fmt_percent
from ..tables import Table

Number = Decimal | Fraction | float | int

#: Units of the two drawings. The wide one is the width of an A4 page's text at 96 dots an inch, the narrow one that of a phone's card.
WIDE, NARROW = 680.0, 340.0
#: The size of letters in units: 14 are at least 12 px wherever the page shows a drawing.
SIZE = 14.0
LINE = 18.0

INK, SOFT, GRID, SURFACE = "#211f1c", "#59544c", "#c9c3b8", "#ffffff"
FONTS = "Segoe UI, Roboto, Noto Sans, Arial, Noto Serif, sans-serif"
#: The fillings, from the darkest: ground, lines on it.
FILLS = (("#123f63", "#123f63"), ("#7fb0d3", "#123f63"), ("#f5e6bf", "#6b4e00"), ("#ffffff", "#8a1c12"), ("#ffffff", "#8b857a"))

_NOTHING = Markup("")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
#: Thousandths of the letter's size, the widest of the typefaces that are likely: no word is wider than it is taken for.
_WIDTHS = {
    **dict.fromkeys(" ,.·", 0.32), **dict.fromkeys("ijlI'", 0.37), **dict.fromkeys("f/:;-()[]\\|!t", 0.4), **dict.fromkeys("rJ\"*sz", 0.53),
    **dict.fromkeys("ckvxy?_–$0123456789", 0.64), **dict.fromkeys("abdeghnopqu", 0.66), **dict.fromkeys("EFLPST", 0.67),
    **dict.fromkeys("ABCDGHKNOQRUVXYZ&", 0.8), **dict.fromkeys("w#+<=>^~≥≤", 0.84), **dict.fromkeys("m%M", 0.98),
    **dict.fromkeys("W@…", 1.05),
}  # fmt: skip
_BOLD = 1.09


@dataclasses.dataclass(frozen=True, slots=True)
class Chart:
    """A picture of figures, told three ways: drawn, in words, and as a table. `narrow` is the drawing for a phone's width, empty
    where one drawing serves every width. `name` is unique on a page."""

    name: str
    title: str
    svg: Markup
    text: str
    table: Table
    narrow: Markup = _NOTHING


def clean(text: object) -> str:
    """The text without what no XML file can hold, on one line."""
    return " ".join(_UNPRINTABLE.sub("", str(text)).split())


def width_of(text: str, size: float = SIZE, *, bold: bool = False) -> float:
    """How wide a text is at most, in units."""
    total = 0.0
    for letter in unicodedata.normalize("NFD", text):
        if letter == "\u031b":  # the horn stands beside its letter
            total += 0.13
        elif not unicodedata.combining(letter):
            total += _WIDTHS.get("d" if letter == "đ" else "D" if letter == "Đ" else letter, 1.05)
    return total * size * (_BOLD if bold else 1)


def cut(text: str, room: float, size: float = SIZE, *, bold: bool = False) -> str:
    """As much of the text as the room holds, with an ellipsis where something is left out."""
    if width_of(text, size, bold=bold) <= room:
        return text
    kept = text
    while kept and width_of(kept + "…", size, bold=bold) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def wrapped(text: str, room: float, lines: int = 2, size: float = SIZE) -> list[str]:
    """The text in at most so many lines, the last one cut."""
    words, found = text.split(), [""]
    for at, word in enumerate(words):
        longer = f"{found[-1]} {word}".strip()
        if width_of(longer, size) <= room or not found[-1]:
            found[-1] = longer
        elif len(found) < lines:
            found.append(word)
        else:
            found[-1] = f"{found[-1]} {' '.join(words[at:])}"
            break
    return [cut(line, room, size) for line in found]


def percent(value: Number) -> str:
    """`19,05 %`, half up as the registers round."""
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    return fmt_percent(value)


def short(value: float) -> str:
    """A number for an attribute: at most two decimals, none where none are needed."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"


def scale_end(peak: float, *, whole: bool = False) -> float:
    """A round number at or above the peak, of which a fourth is round too."""
    steps = (1.0, 2.0, 4.0, 6.0, 8.0, 10.0)
    size = 1.0
    while size * 10 < peak:
        size *= 10
    while not whole and size >= peak and size > 1e-6:
        size /= 10
    found = next((step * size for step in steps if step * size >= peak), size * 10)
    return max(found, 4.0) if whole else found


class Canvas:
    """A drawing while it is made. `key` begins the ids of its patterns, so that two drawings can stand on one page."""

    def __init__(self, key: str, width: float) -> None:
        self.key = "c-" + re.sub(r"[^a-zA-Z0-9-]", "-", key)
        self.width = width
        self.parts: list[str] = []
        self.used: set[int] = set()

    def text(self, x: float, y: float, text: str, *, anchor: str = "start", size: float = SIZE, bold: bool = False, soft: bool = False,
             halo: bool = False) -> None:  # fmt: skip
        """A line of words on the base line `y`; with a halo where it crosses other lines."""
        look = f' text-anchor="{anchor}"' if anchor != "start" else ""
        look += f' font-size="{short(size)}"' if size != SIZE else ""
        look += ' font-weight="700"' if bold else ""
        if halo:
            look += f' stroke="{SURFACE}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
        name = ("c-soft" if soft else "c-ink") + (" c-halo" if halo else "")
        fill = SOFT if soft else INK
        self.parts.append(f'<text class="{name}" x="{short(x)}" y="{short(y)}" fill="{fill}"{look}>{escape(clean(text))}</text>')

    def bar(self, x: float, y: float, width: float, height: float, filling: int, *, dashed: bool = False) -> None:
        """A filled bar with an edge; nothing for no width."""
        if width <= 0 or height <= 0:
            return
        self.used.add(filling)
        edge = ' stroke-dasharray="3 2"' if dashed else ""
        self.parts.append(
            f'<rect class="c-edge{filling}" x="{short(x)}" y="{short(y)}" width="{short(width)}" height="{short(height)}" '
            f'fill="url(#{self.key}-p{filling})" stroke="{FILLS[filling][1]}"{edge}/>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, *, thick: float = 1, dash: str = "", soft: bool = False) -> None:
        """A straight line; a soft one belongs to the grid."""
        look = f' stroke-dasharray="{dash}"' if dash else ""
        name, stroke = ("c-grid", GRID) if soft else ("c-line", INK)
        self.parts.append(
            f'<line class="{name}" x1="{short(x1)}" y1="{short(y1)}" x2="{short(x2)}" y2="{short(y2)}" '
            f'stroke="{stroke}" stroke-width="{short(thick)}"{look}/>'
        )

    def lead(self, points: Sequence[tuple[float, float]]) -> None:
        """A dotted line that leads from a point to its name, and is no figure itself."""
        told = " ".join(f"{short(x)},{short(y)}" for x, y in points)
        self.parts.append(
            f'<polyline class="c-lead" points="{told}" fill="none" stroke="{SOFT}" stroke-width="1.2" stroke-dasharray="1.2 3.2"/>'
        )

    def polyline(self, points: Sequence[tuple[float, float]], *, thick: float = 1, dash: str = "", halo: bool = False) -> None:
        """A line from point to point; with a halo where it crosses fillings."""
        look = f' stroke-dasharray="{dash}"' if dash else ""
        told = " ".join(f"{short(x)},{short(y)}" for x, y in points)
        if halo:
            self.parts.append(
                f'<polyline class="c-halo" points="{told}" fill="none" stroke="{SURFACE}" stroke-width="{short(thick + 3)}"/>'
            )
        self.parts.append(
            f'<polyline class="c-line" points="{told}" fill="none" stroke="{INK}" stroke-width="{short(thick)}" '
            f'stroke-linejoin="round" stroke-linecap="round"{look}/>'
        )

    def marker(self, x: float, y: float, kind: int, *, hollow: bool = False) -> None:
        """The point of a line: a disc, a square, a triangle or a diamond by turns; hollow where its data are not complete."""
        name, fill = ("c-line c-hollow", SURFACE) if hollow else ("c-line c-solid", INK)
        look = f'class="{name}" fill="{fill}" stroke="{INK}" stroke-width="2"'
        if kind % 4 == 0:
            self.parts.append(f'<circle cx="{short(x)}" cy="{short(y)}" r="5" {look}/>')
            return
        corners = [((-5, -5), (5, -5), (5, 5), (-5, 5)), ((0, -6), (6, 5), (-6, 5)), ((0, -7), (7, 0), (0, 7), (-7, 0))][kind % 4 - 1]
        told = " ".join(f"{short(x + dx)},{short(y + dy)}" for dx, dy in corners)
        self.parts.append(f'<polygon points="{told}" {look}/>')

    def legend(self, y: float, items: Sequence[tuple[int, str]], *, dashed: frozenset[int] = frozenset()) -> float:
        """Swatches with words, from the left, in as many lines as it takes; answers the base line below them."""
        x = 0.0
        for filling, words in items:
            shown = cut(words, self.width - 26)
            wide = 24 + width_of(shown) + 18
            if x and x + wide - 18 > self.width:
                x, y = 0.0, y + LINE + 4
            self.bar(x + 0.5, y - 12, 16, 14, filling, dashed=filling in dashed)
            self.text(x + 24, y, shown)
            x += wide
        return y + LINE

    def _pattern(self, filling: int) -> str:
        ground, lines = FILLS[filling]
        drawn = {
            0: "", 1: '<path d="M-2 2L2-2M0 8L8 0M6 10L10 6" stroke-width="1.6"/>', 2: '<circle cx="2.5" cy="2.5" r="1.3"/>',
            3: '<path d="M0 0L8 8M0 8L8 0" stroke-width="1.4"/>', 4: "",
        }[filling]  # fmt: skip
        drawn = drawn.replace("/>", f' class="c-mark{filling}" {"fill" if filling == 2 else "stroke"}="{lines}"/>')
        size = 5 if filling == 2 else 8
        return (
            f'<pattern id="{self.key}-p{filling}" width="{size}" height="{size}" patternUnits="userSpaceOnUse">'
            f'<rect class="c-fill{filling}" width="{size}" height="{size}" fill="{ground}"/>{drawn}</pattern>'
        )

    def finish(self, height: float, title: str, text: str) -> Markup:
        """The drawing, which tells its title and its text to whoever cannot see it."""
        patterns = "".join(self._pattern(filling) for filling in sorted(self.used))
        size = f'viewBox="0 0 {short(self.width)} {short(height)}" width="{short(self.width)}" height="{short(height)}"'
        return Markup(  # noqa: S704 - every word of it went through escape
            f'<svg xmlns="http://www.w3.org/2000/svg" class="c-drawing" {size} role="img" '
            f'aria-labelledby="{self.key}-title {self.key}-desc" font-family="{FONTS}" font-size="{short(SIZE)}">'
            f'<title id="{self.key}-title">{escape(clean(title))}</title><desc id="{self.key}-desc">{escape(clean(text))}</desc>'
            + (f"<defs>{patterns}</defs>" if patterns else "")
            + "".join(self.parts)
            + "</svg>"
        )
