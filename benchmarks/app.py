"""The application as it is served, with its calendar in 2091: the peers' load invents meeting days up to 2090, and the
register rightly refuses days that are still to come."""

from __future__ import annotations

import datetime as dt

from partyreg import clock, create_app

_frozen = clock.freeze(dt.date(2091, 6, 1))
_frozen.__enter__()
app = create_app()
