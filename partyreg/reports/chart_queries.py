"""The structure of a committee as a chart."""

from __future__ import annotations

from .. import charts
from ..i18n import _
from ..targets.structure import Structure
from .queries import age_words


def ages(found: Structure) -> charts.Chart | None:
    """The committee's age groups by sex, as the congress's directive counts ages; None where no law says the groups."""
    if not found.age_groups or not found.total:
        return None
    bands = [age_words(least, below) for least, below, _share in found.age_groups]
    women = list(found.women_by_age)
    men = [share.count - count for (_least, _below, share), count in zip(found.age_groups, women, strict=True)]
    return charts.pyramid(_("Tuổi và giới tính của cấp ủy"), bands, men, women, name="ages")
