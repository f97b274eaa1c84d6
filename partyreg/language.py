"""The words of the page: Vietnamese is the source, English comes from a catalogue."""

from __future__ import annotations

import functools
from collections import UserString
from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

#: The English words of every Vietnamese text; `python -m partyreg.translate` keeps it up with the source.
CATALOGUE = Path(__file__).parent / "translations" / "en" / "LC_MESSAGES" / "messages.po"

#: Whether the work at hand speaks English; the door sets it for each request.
_english: ContextVar[bool] = ContextVar("english", default=False)


def _(text: str, /, **facts: Any) -> str:
    """The words in the language of the page. Vietnamese is the source, so only English looks into the catalogue."""
    if _english.get():
        text = _catalogue().get(text, text)
    return text % facts if facts else text


@functools.cache
def _catalogue() -> Mapping[str, str]:
    """The catalogue, read when somebody first asks for English."""
    from babel.messages.pofile import read_po  # large, and Vietnamese pages do without

    with CATALOGUE.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if one.id and one.string}


class Lazy(UserString):
    """Words that are chosen each time they are shown."""

    def __init__(self, text: object, **facts: Any) -> None:
        self.text, self.facts = str(text), facts

    @property
    def data(self) -> str:  # type: ignore[override]
        """The words in the language of the page."""
        return _(self.text, **self.facts)


def lazy(text: str, /, **facts: Any) -> Any:
    """Words that are chosen when they are shown."""
    return Lazy(text, **facts)


def speak(language: str) -> None:
    """From now on this request speaks that language."""
    _english.set(language == "en")


def is_english() -> bool:
    """Whether the page is shown in English."""
    return _english.get()
