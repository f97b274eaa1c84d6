"""Tài khoản: users, sign-in, sessions, and grants of roles over units with dates."""
