"""Đảng viên: people, members and their life - standing, postings, positions, exemptions, ways out.

Law: Điều lệ Đảng; 294-QĐ/TW, 20-QĐ/TW, 208-QĐ/TW; 38-HD/BTCTW on the member's form.
"""
