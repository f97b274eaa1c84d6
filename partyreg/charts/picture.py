"""A chart as a picture, for Word and whatever else shows no drawings."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from .canvas import Chart, clean

#: Dots an inch: what a laser printer can tell apart in a hatching.
_DOTS = 220.0
_PAGE = """
#set page(width: float(sys.inputs.width) * 1mm, height: auto, margin: 1mm, fill: white)
#set text(font: ("Noto Serif", "Libertinus Serif"), size: 11pt, lang: "vi")
#set par(leading: 0.5em)
#if sys.inputs.title != "" { text(weight: "bold", sys.inputs.title); v(1mm) }
#image(bytes(sys.inputs.svg), format: "svg", width: 100%)
#if sys.inputs.text != "" { sys.inputs.text }
"""


def png(chart: Chart, width_mm: float = 165, *, narrow: bool = False, titled: bool = False) -> bytes:
    """The chart's own drawing as a picture so many millimetres wide; titled, with its title above and its text below.

    The typefaces are those that come with the program, so the same chart is the same picture on every machine.
    """
    import typst

    svg = str(chart.narrow if narrow and chart.narrow else chart.svg)
    told = (chart.title, chart.text) if titled else ("", "")
    facts = {"svg": svg, "width": str(float(width_mm)), "title": clean(told[0]), "text": clean(told[1])}
    return bytes(typst.compile(_PAGE.encode(), format="png", ppi=_DOTS, font_paths=_typeface(), sys_inputs=facts))


@functools.cache
def _typeface() -> Any:
    import fontpkg_noto_serif  # type: ignore[import-untyped]
    import typst

    # The serif has no ≥ and no ≤; the compiler's own typefaces lend them.
    folder = str(Path(fontpkg_noto_serif.__file__).parent / "files")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])
