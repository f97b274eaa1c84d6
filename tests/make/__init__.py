"""Builders: plain functions with keyword defaults, through the same actions that people use."""

from tests.make.members import member, person
from tests.make.org import unit
from tests.make.users import signed_in_user

__all__ = ["member", "person", "signed_in_user", "unit"]
