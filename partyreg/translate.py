"""Keeps the English catalogue up with the Vietnamese texts: `python -m partyreg.translate` adds new ones and drops old ones.

A text is marked in code by `_`, `lazy` or `msg` and in templates by `_`. What is new comes without English; write it in the
catalogue by hand, with the same `%(facts)s`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

import config

from .i18n import CATALOGUE

KEYWORDS = {"_": None, "lazy": None, "msg": None}


def texts(root: Path = config.ROOT) -> Iterator[tuple[str, str]]:
    """Every text that is shown, with the file in which it stands."""
    for path in sorted((root / "partyreg").rglob("*.py")):
        for _line, text, _notes, _context in extract_from_file("python", path, KEYWORDS, (), {}):
            yield str(text), path.relative_to(root).as_posix()
    for path in sorted((root / "templates").rglob("*.html")):
        for _line, text, _notes, _context in extract_from_file("jinja2", path, KEYWORDS, (), {"silent": "false"}):
            yield str(text), path.relative_to(root).as_posix()


def read() -> Catalog:
    """The catalogue as it stands in the file."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def renewed(old: Catalog, root: Path = config.ROOT) -> Catalog:
    """A catalogue of the texts of today, with the English that is known of them."""
    new = Catalog(
        "en", header_comment="# English words of the register; Vietnamese is the source.", fuzzy=False,
        project="partyreg", version="1", msgid_bugs_address="partyreg", last_translator="partyreg", language_team="English",
        creation_date=old.creation_date, revision_date=old.revision_date,
    )  # fmt: skip
    for text, file in texts(root):
        known = old.get(text)
        new.add(text, known.string if known else "", [(file, 0)])
    return new


def faults(catalogue: Catalog, wanted: set[str]) -> list[str]:
    """What is wrong: texts without English, English of no text, and English with other facts than its text."""
    english = {str(one.id): one for one in catalogue if one.id}
    found = [f"no English: {text}" for text in sorted(wanted) if not (text in english and english[text].string)]
    found += [f"not in use: {text}" for text in sorted(set(english) - wanted)]
    found += [f"other facts: {text}" for text, one in english.items() if one.string and facts(text) != facts(str(one.string))]
    return found


def facts(text: str) -> list[str]:
    """The places of a text that are filled in: `%(name)s`, a percent sign, and `{n}` for the page's script."""
    return sorted(set(re.findall(r"%\(\w+\)\w|%%|%(?!\()|\{\w+\}", text)))


def main() -> int:
    """Write the catalogue anew; say what is missing and answer 1 if anything is."""
    catalogue = renewed(read())
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=0, include_lineno=False, ignore_obsolete=True)
    missing = faults(catalogue, {str(one.id) for one in catalogue if one.id})
    print(f"{len(catalogue)} texts, {len(missing)} to do", *missing, sep="\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
