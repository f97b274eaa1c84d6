"""Every door of the area: whoever imports this has them all declared."""

from __future__ import annotations

from . import file_views, page_views, paper_views, step_views, vote_views
from .views import area

__all__ = ["area", "file_views", "page_views", "paper_views", "step_views", "vote_views"]
