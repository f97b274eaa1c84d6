"""Every door of the area: whoever imports this has them all declared."""

from __future__ import annotations

from . import (
    board_views,
    form_views,
    month_views,
    offline_views,
    paper_views,
    plan_views,
    score_views,
    task_views,
    waiver_views,
)
from .views import area

__all__ = [
    "area", "board_views", "form_views", "month_views", "offline_views", "paper_views", "plan_views", "score_views", "task_views",
    "waiver_views",
]  # fmt: skip
