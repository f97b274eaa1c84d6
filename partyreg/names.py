"""Vietnamese names and words: one written form, found without accents, sorted by given name. Pure."""

from __future__ import annotations

import unicodedata

_STRIKE = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ɖ": "d", "Ɖ": "D", "’": "'"})
_CONTROLS = dict.fromkeys((*range(0, 9), *range(14, 32), 127))
_INVISIBLE = str.maketrans({0x00A0: " ", 0x200B: None, 0x200C: None, 0x200D: None, 0xFEFF: None, **_CONTROLS})
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: f"{rank:02d}" for rank, letter in enumerate(_ALPHABET, start=10)}
#: Tones in dictionary order: level (0), huyền, hỏi, ngã, sắc, nặng.
_TONE = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


def nfc(text: str) -> str:
    """The text on one line in its composed form, without invisible signs, controls and doubled spaces."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_INVISIBLE)).split())


def fold(text: str) -> str:
    """The text as one searches for it: 'Điêu Thị Ướt' -> 'dieu thi uot'."""
    apart = unicodedata.normalize("NFD", text.translate(_STRIKE))
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).casefold().split())


def _syllable(word: str) -> str:
    letters: list[str] = []
    tone = "0"
    for char in unicodedata.normalize("NFC", word).lower():
        base = ""
        for part in unicodedata.normalize("NFD", char):
            if part in _TONE:
                tone = _TONE[part]
            else:
                base += part
        letter = unicodedata.normalize("NFC", base)
        if letter in _RANK:
            letters.append(_RANK[letter])
        elif letter.isdigit() and letter.isascii():
            letters.append(f"0{letter}")
        elif letter:
            letters.append(f"99{ord(letter[0]):05x}")
    return "".join(letters) + "." + tone


def sort_key(full_name: str) -> str:
    """An ASCII key that sorts people as Vietnamese lists do: given name, then family and middle names; letters before tones."""
    words = nfc(full_name).split(" ")
    return " ".join(_syllable(word) for word in [words[-1], *words[:-1]])
