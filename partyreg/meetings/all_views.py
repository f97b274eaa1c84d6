"""The doors of meetings, in one place for the application to open."""

from __future__ import annotations

from . import month_views, paper_views, plan_views
from .views import area

__all__ = ["area", "month_views", "paper_views", "plan_views"]
