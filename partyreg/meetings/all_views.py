"""Every door of the area: whoever imports this has them all declared."""

from __future__ import annotations

from . import paper_views, score_views
from .views import area

__all__ = ["area", "paper_views", "score_views"]
