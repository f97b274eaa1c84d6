"""Every template compiles, leads somewhere, draws signs that exist, and holds no inline script or style."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping

import jinja2
import pytest
from flask import Flask

import config
from partyreg import menu, signs

FOLDER = config.ROOT / "templates"
TEMPLATES = {path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8") for path in sorted(FOLDER.rglob("*.html"))}

_URL = re.compile(r"""url_for\(\s*["']([\w.]+)["']""")
_SIGN = re.compile(r"""icon\(\s*["']([\w-]+)["']""")
_INLINE = {
    "a style attribute": re.compile(r"<[^>{]*\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "a script without src": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
    "a handler": re.compile(r"<[^>{]*\son[a-z]+\s*=", re.I),
    "a javascript: address": re.compile(r"""["']\s*javascript:""", re.I),
    "unescaped text": re.compile(r"[^\"'\s]\s*\|\s*safe\b"),
}


def uncompiled(environment: jinja2.Environment, texts: Mapping[str, str]) -> list[str]:
    """Templates that Jinja does not understand, with an unknown filter or test among them."""
    found = []
    for name, text in texts.items():
        try:
            environment.from_string(text)
        except jinja2.TemplateError as error:
            found.append(f"{name}: {error}")
    return found


def unknown_endpoints(endpoints: Iterable[str], texts: Mapping[str, str]) -> list[str]:
    """Addresses that lead nowhere."""
    known = set(endpoints)
    return [f"{name}: {found}" for name, text in texts.items() for found in _URL.findall(text) if found not in known]


def endpoints_named_in(tree: ast.Module) -> list[str]:
    """The endpoints that a module of views leads to: the first argument of url_for, the second of done."""
    found = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
        place = {"url_for": 0, "done": 1}.get(name)
        if place is not None and len(call.args) > place:
            found += [part.value for part in ast.walk(call.args[place]) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return found


def unknown_signs(texts: Mapping[str, str]) -> list[str]:
    """Signs that Bootstrap's sheet does not have."""
    known = signs._symbols()
    return [f"{name}: {sign}" for name, text in texts.items() for sign in _SIGN.findall(text) if sign not in known]


def inline(texts: Mapping[str, str]) -> list[str]:
    """What our own content security policy would stop."""
    return [f"{name}: {what}" for name, text in texts.items() for what, pattern in _INLINE.items() if pattern.search(text)]


def test_every_template_compiles(bare: Flask):
    assert len(TEMPLATES) > 30
    assert uncompiled(bare.jinja_env, TEMPLATES) == []


def test_every_address_leads_somewhere(bare: Flask, source):
    assert unknown_endpoints(bare.view_functions, TEMPLATES) == []
    named = [(path, name) for path, tree in source.items() if path.endswith("views.py") for name in endpoints_named_in(tree)]
    assert len(named) > 20
    assert [(path, name) for path, name in named if name not in bare.view_functions] == []
    assert {endpoint for _sign, _text, endpoint, _needs in menu.PLACES} <= set(bare.view_functions)


def test_every_template_that_is_rendered_exists_and_none_is_left_over(source):
    rendered = {
        call.args[0].value for tree in source.values() for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "render_template"
        and call.args and isinstance(call.args[0], ast.Constant)
    }  # fmt: skip
    used = {name for text in TEMPLATES.values() for name in re.findall(r"""(?:extends|import|include|from)\s+["']([\w/.]+)["']""", text)}
    assert rendered | used == set(TEMPLATES)


def test_every_sign_exists():
    assert unknown_signs(TEMPLATES) == []
    assert {sign for sign, *_rest in menu.PLACES} <= set(signs._symbols())


def test_nothing_stands_inline():
    assert inline(TEMPLATES) == []


def test_every_form_that_posts_carries_the_token():
    assert [name for name, text in TEMPLATES.items()
            for form in re.findall(r"<form\b.*?</form>", text, re.S)
            if 'method="post"' in form and "csrf(" not in form and "csrf_token" not in form and "hidden_tag" not in form] == []  # fmt: skip


@pytest.mark.parametrize(
    ("planted", "guard"),
    [
        ("{% if %}", "compile"), ("{{ day|no_such_filter }}", "compile"), ("{{ url_for('members.gone') }}", "endpoint"),
        ('{{ icon("no-such-sign") }}', "sign"), ('<p style="color:red">', "inline"), ("<script>go()</script>", "inline"),
        ('<button onclick="go()">', "inline"), ('<a href="javascript:go()">', "inline"), ("{{ name|safe }}", "inline"),
        ("<style>p {}</style>", "inline"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found(bare: Flask, planted, guard):
    texts = {"planted.html": planted}
    found = {
        "compile": lambda: uncompiled(bare.jinja_env, texts),
        "endpoint": lambda: unknown_endpoints(bare.view_functions, texts),
        "sign": lambda: unknown_signs(texts),
        "inline": lambda: inline(texts),
    }[guard]()
    assert len(found) == 1


def test_endpoints_are_read_from_views():
    tree = ast.parse("web.done('said', 'a.b' if x else 'a.c', id=1)\nurl_for('d.e')\n")
    assert endpoints_named_in(tree) == ["a.b", "a.c", "d.e"]
