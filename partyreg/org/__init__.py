"""Tổ chức đảng: the tree of units (committees, cells) and its lineage; and whose rows an actor may see (scope)."""
