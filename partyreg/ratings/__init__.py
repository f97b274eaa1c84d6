"""Đánh giá, xếp loại chất lượng hằng năm: a year's level of every member and unit.

Law: 366-QĐ/TW and 43-HD/BTCTW; before them 124-QĐ/TW and 25-HD/BTCTW.
"""
