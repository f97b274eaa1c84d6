"""Every door of the area: whoever imports this has them all declared."""

from __future__ import annotations

from . import day_views, entrant_views, ruling_views
from .views import area

__all__ = ["area", "day_views", "entrant_views", "ruling_views"]
