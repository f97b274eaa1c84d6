"""Kết nạp đảng viên: the file of one candidate, from the cell's vote to the ceremony.

Law: Điều lệ Đảng; 294-QĐ/TW, 20-QĐ/TW, 208-QĐ/TW; 06-HD/TW, 01-HD/TW; 38-HD/BTCTW.
"""
