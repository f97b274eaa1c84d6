"""partyreg: the membership and organisation register of a commune's Party organisation.

`create_app()` is the table of contents: the areas in floor order, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask_bootstrap import Bootstrap5

import config

from .db import db, tune
from .i18n import init_i18n
from .web import init_web


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """The application with every area; `settings` override what `config.py` reads from the environment and the instance."""
    from .accounts import views as accounts
    from .accounts.sign_in import init_accounts
    from .admissions import all_views as admissions
    from .discipline import case_views as discipline
    from .documents import views as documents
    from .inspections import all_views as inspections
    from .meetings import all_views as meetings
    from .members import life_views as members
    from .office import calendar_views as office
    from .org import views as org
    from .ratings import all_views as ratings
    from .reports import pack_views as reports
    from .staff import all_views as staff
    from .statistics import all_views as statistics
    from .targets import all_views as targets
    from .training import all_views as training
    from .workdays import views as workdays

    app = Flask(__name__, template_folder=str(config.ROOT / "templates"), static_folder=str(config.ROOT / "static"))
    app.config.from_mapping(config.load(settings))
    app.extensions["partyreg.is_demo"] = (Path(app.config["PARTYREG_INSTANCE"]) / "demo.txt").exists  # see store.mark_demo
    db.init_app(app)
    Bootstrap5(app)
    init_i18n(app)
    init_web(app)
    init_accounts(app)
    for area in (
        org, workdays, accounts, members, meetings, admissions, inspections, discipline, training, ratings, staff, targets, reports,
        statistics, documents, office,
    ):  # fmt: skip
        app.register_blueprint(area.area)
    with app.app_context():
        tune(db.engine)
    return app
