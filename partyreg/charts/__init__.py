"""Charts drawn on the server: one drawing for the page, the PDF and Word, with its words and its table."""

from .canvas import Chart, Number
from .gauge import Reading, gauge, gauges
from .levels import Bar, levels
from .pace import Month, pace
from .picture import png
from .pyramid import pyramid
from .years import Line, years

__all__ = ["Bar", "Chart", "Line", "Month", "Number", "Reading", "gauge", "gauges", "levels", "pace", "png", "pyramid", "years"]
