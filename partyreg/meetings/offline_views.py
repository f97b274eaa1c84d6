"""What a phone needs for a time without network: the worker, the page of what waits, and the forms of the own cells.

The worker keeps a cell's form, with its roll, for `PARTYREG_OFFLINE_DAYS` days and until sign-out. What was written in it is
sent to the same door as from any page, so no rule stands in a script.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import cast

from flask import Response, current_app, jsonify, render_template, request, url_for
from flask_wtf.csrf import generate_csrf

from .. import clock
from ..access import Actor, Permission
from ..i18n import _
from ..org import queries as org
from ..web import PUBLIC
from . import queries
from .form_views import phone_of
from .views import area

#: Whoever logs for more cells than this sits in an office.
MOST_CELLS = 3
_SCRIPTS = ("theme", "app", "outbox", "offline", "waiting", "meeting")


def _kept() -> list[str]:
    """The addresses of scripts and styles that the pages need, each with the hash of its content."""
    style = url_for("bootstrap.static", filename="css/bootstrap.min.css", v="1")
    return [*(_asset(f"js/{name}.js") for name in _SCRIPTS), style, _asset("css/app.css"), _asset("favicon.svg")]


def _asset(name: str) -> str:
    """The address of a static file, as the templates write it."""
    write = cast("Callable[[str], str]", current_app.jinja_env.globals["asset"])
    return write(name)


def _version(kept: list[str]) -> str:
    return hashlib.sha256("\n".join(kept).encode()).hexdigest()[:12]


@area.get("/sw.js", needs=PUBLIC)
def worker(_nobody: None) -> Response:
    """The worker of this version of the register: the addresses that it keeps, and its script."""
    kept, scripts = _kept(), (_asset("js/outbox.js"), _asset("js/worker.js"))
    lines = [
        f"self.VERSION = {json.dumps(_version(kept))};",
        f"self.OFFLINE = {json.dumps(url_for('meetings.waiting'))};",
        f"self.SHELL = {json.dumps(kept)};",
        f"importScripts({', '.join(map(json.dumps, scripts))});",
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@area.get("/manifest.webmanifest", needs=PUBLIC)
def manifest(_nobody: None) -> Response:
    """How the register stands on a phone's home screen."""
    icon = {"src": _asset("favicon.svg"), "sizes": "any", "type": "image/svg+xml"}
    told = {
        "name": str(_("Sổ đảng bộ")), "short_name": str(_("Sổ đảng bộ")), "lang": "vi", "start_url": "/", "scope": "/",
        "display": "standalone", "background_color": "#ffffff", "theme_color": "#a3211a", "icons": [icon],
    }  # fmt: skip
    return Response(json.dumps(told, ensure_ascii=False), mimetype="application/manifest+json", headers={"Cache-Control": "no-cache"})


@area.get("/offline", needs=PUBLIC)
def waiting(_nobody: None) -> str:
    """The page of what is kept on this phone; it holds nobody's data, the phone fills it."""
    return render_template("meetings/offline.html")


@area.get("/offline.json", needs=Permission.MEETINGS_LOG)
def hello(actor: Actor) -> Response:
    """Whose phone this is (a word that tells nobody's name), the token for sending, which forms to keep for how many days.

    Of the keys asked for (`?keys=a,b`) it says which have become a meeting.
    """
    asked = [key for key in request.args.get("keys", "").replace("\x00", "").split(",") if key][:50]
    known = list(queries.with_keys(actor, asked))
    cells = org.cells(actor, clock.today())
    pages = [{"url": url_for("meetings.new", unit=cell.code), "unit": cell.name} for cell in cells if len(cells) <= MOST_CELLS]
    return jsonify(owner=phone_of(actor), csrf=generate_csrf(), days=int(current_app.config["PARTYREG_OFFLINE_DAYS"]), pages=pages,
                   known=known, assets=_version(_kept()))  # fmt: skip
