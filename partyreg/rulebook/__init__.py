"""The law at the ground: pure rules that answer, for given facts and a day, with values and reasons (quy định).

Standard library only. Parameters are dated data in `law/*.toml`; functions here only apply them.
"""
