"""A target's charts as files, for papers that are written elsewhere."""

from __future__ import annotations

from typing import Any

from flask import request

from .. import charts
from ..access import Actor, Permission
from ..errors import NotVisible
from ..web import download
from . import chart_queries, queries
from .views import area, ask, forecast_of, refuse_bad


@area.get("/targets/<no>/chart.<any(svg, png):picture>", needs=Permission.TARGETS_READ)
def chart(actor: Actor, no: str, picture: str) -> Any:
    """One of the drawings of a target's page; the picture has its title above and its words below. No names stand in them."""
    asked = ask(actor)
    refuse_bad(asked)
    measure = queries.measure(actor, no, asked.year, asked.form.on.data, asked.place)
    result = queries.result(measure)
    drawn = chart_queries.of_target(actor, measure, result, asked.place, forecast_of(actor, measure, asked.place))
    wanted = request.args.get("what", "gauge")
    if wanted not in drawn:
        raise NotVisible(f"chart {wanted[:20]} of {no}")
    found = drawn[wanted]
    content = str(found.svg).encode() if picture == "svg" else charts.png(found, titled=True)
    return download(content, f"{no}-{measure.on:%Y-%m-%d}-{wanted}", picture)
