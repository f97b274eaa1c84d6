"""Every page that a test fetches is valid HTML, with a label for each field and no inline script or style."""

from __future__ import annotations

import re
import sys

import html5lib

#: What html5lib calls an error though the standard allows it.
_ALLOWED = {"non-void-element-with-trailing-solidus"}

#: The token of a form, other on every page.
_TOKEN = re.compile(r"[\w-]{20,}\.[\w-]{6}\.[\w-]{20,}")


def faults(text: str) -> list[str]:
    """What is wrong with a page, one line each."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(text)
    found = [f"{position}: {code} {facts}" for position, code, facts in parser.errors if code not in _ALLOWED]
    labelled = {label.get("for") for label in tree.iter("label")}
    wrapped = {id(field) for label in tree.iter("label") for field in label.iter() if field.tag in ("input", "select", "textarea")}
    ids: list[str] = []
    for element in tree.iter():
        if element.get("id"):
            ids.append(element.get("id"))
        if element.get("style") or any(name.startswith("on") for name in element.keys()):  # noqa: SIM118 - not a dict
            found.append(f"<{element.tag}> has an inline style or handler")
        if element.tag == "script" and not element.get("src"):
            found.append("inline script")
        if element.tag in ("input", "select", "textarea") and element.get("type") not in ("hidden", "submit"):
            named = element.get("aria-label") or element.get("aria-labelledby")
            if not named and element.get("id") not in labelled and id(element) not in wrapped:
                found.append(f"<{element.tag} name={element.get('name')}> has no label")
    found += [f"id {name!r} stands twice" for name in sorted({name for name in ids if ids.count(name) > 1})]
    if not re.search(r"<title>[^<]+</title>", text):
        found.append("no title")
    return found


_looked_over: set[int] = set()


def check_page(text: str) -> None:
    """Raises AssertionError naming what is wrong with the page; one that differs from a good one in its token only is good."""
    same = hash(_TOKEN.sub("", text))
    if same in _looked_over:
        return
    counting = sys.gettrace()
    sys.settrace(None)  # the parser is not ours to count, and much slower when traced
    try:
        found = faults(text)
    finally:
        sys.settrace(counting)
    assert not found, "\n".join(found[:10])
    _looked_over.add(same)
