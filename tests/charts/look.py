"""How a drawing is looked at: as XML, as boxes of words, as dots."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple
from xml.etree import ElementTree

from partyreg.charts import Chart
from partyreg.charts.canvas import SIZE, width_of

_NS = "{http://www.w3.org/2000/svg}"


class Box(NamedTuple):
    """The room that a line of words takes at most."""

    left: float
    top: float
    right: float
    bottom: float
    words: str

    def covers(self, other: Box) -> bool:
        """Whether the two share room."""
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom


def tree(svg: str) -> ElementTree.Element:
    """The drawing as XML. Raises ParseError for what is none."""
    return ElementTree.fromstring(svg)  # noqa: S314 - our own drawing


def drawings(chart: Chart) -> list[ElementTree.Element]:
    """The wide drawing, and the narrow one where there is one."""
    return [tree(svg) for svg in (chart.svg, chart.narrow) if svg]


def boxes(svg: ElementTree.Element) -> Iterator[Box]:
    """The boxes of all words; the widths are those of the widest typeface."""
    for element in svg.iter(f"{_NS}text"):
        words = element.text or ""
        size = float(element.get("font-size", SIZE))
        wide = width_of(words, size, bold=element.get("font-weight") == "700")
        x, y = float(element.get("x", 0)), float(element.get("y", 0))
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[element.get("text-anchor", "start")]
        yield Box(left, y - size * 0.78, left + wide, y + size * 0.2, words)


def words(svg: ElementTree.Element) -> list[str]:
    """What is written in the drawing."""
    return [box.words for box in boxes(svg)]


def faults(chart: Chart) -> list[str]:
    """What is wrong with a chart: words that cover one another or leave the drawing, small letters, inline styles, ids twice."""
    found: list[str] = []
    ids: list[str] = []
    for svg in drawings(chart):
        _x, _y, width, height = map(float, svg.get("viewBox", "").split())
        there = list(boxes(svg))
        found += [f"{a.words!r} covers {b.words!r}" for a, b in combinations(there, 2) if a.covers(b)]
        found += [f"{box.words!r} leaves the drawing" for box in there
                  if box.left < -2 or box.right > width + 2 or box.top < -2 or box.bottom > height + 1]  # fmt: skip
        for element in svg.iter():
            ids += [element.get("id", "")] if element.get("id") else []
            found += [f"{element.tag} has a style"] if element.get("style") else []
            found += [f"letters of {element.get('font-size')}"] if float(element.get("font-size", SIZE)) < SIZE else []
        titled = {element.get("id") for element in svg if element.tag in (f"{_NS}title", f"{_NS}desc") and element.text}
        found += ["not named"] if svg.get("role") != "img" or titled != set((svg.get("aria-labelledby") or "").split()) else []
        used = {value[5:-1] for element in svg.iter() for value in element.attrib.values() if value.startswith("url(#")}
        found += [f"no pattern {name}" for name in sorted(used - {element.get("id") for element in svg.iter()})]
    found += [f"id {name!r} twice" for name in sorted({name for name in ids if ids.count(name) > 1})]
    return found


def dots(png: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height and the lines of dots of a PNG of 8 bits a channel."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at, data, head = 8, b"", b""
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, part = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        head, data = (part if kind == b"IHDR" else head), (data + part if kind == b"IDAT" else data)
        at += 12 + length
    width, height, depth, colour = struct.unpack(">IIBB", head[:10])
    assert depth == 8
    step = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    raw, lines, before = zlib.decompress(data), [], bytes(width * step)
    for line in range(height):
        start = line * (width * step + 1)
        before = _unfiltered(raw[start], raw[start + 1 : start + 1 + width * step], before, step)
        lines.append(before)
    return width, height, lines


def _unfiltered(kind: int, line: bytes, before: bytes, step: int) -> bytes:
    made = bytearray(line)
    for index in range(len(made)):
        left = made[index - step] if index >= step else 0
        above, corner = before[index], before[index - step] if index >= step else 0
        if kind == 1:
            made[index] = (made[index] + left) & 255
        elif kind == 2:
            made[index] = (made[index] + above) & 255
        elif kind == 3:
            made[index] = (made[index] + (left + above) // 2) & 255
        elif kind == 4:
            guess = left + above - corner
            near = min((abs(guess - left), 0, left), (abs(guess - above), 1, above), (abs(guess - corner), 2, corner))
            made[index] = (made[index] + near[2]) & 255
    return bytes(made)
