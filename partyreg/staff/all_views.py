"""Every door of the area, so that they are all there when the area is registered."""

from __future__ import annotations

from . import planning_views
from .views import area

__all__ = ["area", "planning_views"]
