"""Discipline of members and of organisations: cases, decisions, appeals; shown by right only, and minimal.

Kept apart on purpose: no other area asks for these rows, but the home of a member's own record (her own decisions).
"""
