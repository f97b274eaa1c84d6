"""Báo cáo: what goes up, each report one function that answers a table."""
