"""Every door of the area, so that they are all there when the area is registered."""

from __future__ import annotations

from . import chart_views, entry_views, resolution_views, term_views
from .views import area

__all__ = ["area", "chart_views", "entry_views", "resolution_views", "term_views"]
