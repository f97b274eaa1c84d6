"""Sinh hoạt chi bộ: meetings of cells with the attendance of the roll of that day.

Law: 50-CT/TW and 42-HD/BTCTW on cell meetings; 294-QĐ/TW item 9.3.2 on who counts.
"""
