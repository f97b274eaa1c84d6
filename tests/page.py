"""Every page that a test fetches is valid HTML, with a label for each field and no inline script or style."""

from __future__ import annotations

import re
import sys

import html5lib

#: What html5lib calls an error though the standard allows it.
_ALLOWED = {"non-void-element-with-trailing-solidus"}

# What makes no difference to any fault: letters that need no escape and are valid in HTML, and whole references.
_LETTER = r"[^<>&\"'\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe-\U0010ffff]"
_REFERENCE = r"&(?:#3[49]|amp|lt|gt|quot);"
_WORDS = re.compile(rf">[ \t\r\n]*(?:(?!\s){_LETTER}|{_REFERENCE})(?:{_LETTER}|{_REFERENCE})*(?=<)")
_VALUE = re.compile(rf'([ \t\r\n](?!(?i:id|for|type)=)[\w-]+)="(?:{_LETTER}|{_REFERENCE})+"')
_NAME = re.compile(rf'([ \t\r\n](?:id|for))="((?:{_LETTER}|{_REFERENCE})+)"')
_SPACE = re.compile(r"[ \t\r\n]+")


def outline(text: str) -> str:
    """The page with `x` for every text and for every value in which nothing can be wrong, and its ids numbered.

    It has the faults of the page: tags, names of attributes, empty texts, empty values, types, and which ids are the
    same all stay. html5lib is slow and most pages differ in their words only, so this is what is parsed, and once.
    """
    if "<!--" in text:  # what looks like words and values may be part of the comment's own syntax
        return text
    numbers: dict[str, int] = {}
    text = _VALUE.sub(r'\1="x"', _WORDS.sub(">x", text))
    text = _NAME.sub(lambda found: f'{found[1]}="{numbers.setdefault(found[2], len(numbers))}"', text)
    return _SPACE.sub(" ", text)


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
    """Raises AssertionError naming what is wrong with the page; an outline that was found good once is good."""
    same = hash(seen := outline(text))
    if same in _looked_over:
        return
    counting = sys.gettrace()
    sys.settrace(None)  # the parser is not ours to count, and much slower when traced
    try:
        found = faults(seen) and (faults(text) or faults(seen))  # told in the words and at the place of the page itself
    finally:
        sys.settrace(counting)
    assert not found, "\n".join(found[:10])
    _looked_over.add(same)
