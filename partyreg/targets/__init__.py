"""Chỉ tiêu: the congress resolution's Party-building targets, each a part and a whole of visible rows."""
