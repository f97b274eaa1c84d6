"""Văn phòng: the pages that put several areas side by side - home, a unit, a member - and the register's own mirrors."""
