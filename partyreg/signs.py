"""Signs out of Bootstrap's icon sheet, drawn in place."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import flask_bootstrap
from markupsafe import Markup


@functools.cache
def _symbols() -> dict[str, Markup]:
    """The signs of Bootstrap's icon sheet by name; the sheet itself is far too large for a village phone."""
    sheet = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" / "icons" / "bootstrap-icons.svg"
    found = re.finditer(r'<symbol[^>]*viewBox="([^"]+)"[^>]*id="([^"]+)"[^>]*>(.*?)</symbol>', sheet.read_text(encoding="utf-8"), re.S)
    return {match[2]: Markup(match[3].strip()) for match in found}  # noqa: S704 - our own wheel's drawing, no input


@functools.cache
def icon(name: str, text: str = "") -> Markup:
    """A sign of Bootstrap's icons, drawn in place; decorative unless it is given a text. Raises KeyError for no such sign."""
    naming = Markup('role="img" aria-label="{}"').format(text) if text else Markup('aria-hidden="true" focusable="false"')
    drawing = _symbols()[name]
    return Markup('<svg class="bi" viewBox="0 0 16 16" width="20" height="20" fill="currentColor" {}>{}</svg>').format(naming, drawing)
