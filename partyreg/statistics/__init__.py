"""Thống kê: movement of the membership in a period, admissions, disciplines, and the composition of the membership on a day."""
