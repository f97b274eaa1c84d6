"""Kiểm tra, giám sát: the yearly programme of the committee, the inspection commission and the cells, and what came of it.

Law: 296-QĐ/TW and 08-HD/TW; before them 22-QĐ/TW.
"""
