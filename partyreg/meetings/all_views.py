"""Every page of meetings, hung on the one area."""

from . import form_views, offline_views, paper_views, task_views
from .views import area

__all__ = ["area", "form_views", "offline_views", "paper_views", "task_views"]
