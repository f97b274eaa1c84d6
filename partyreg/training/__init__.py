"""Đào tạo, bồi dưỡng: classes, who finished them, and who still owes the class that a post requires.

Law: the congress's resolution 2025-2030, targets 23b and 25b; 06-HD/TW on the awareness class.
"""
