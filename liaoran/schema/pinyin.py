"""Pinyin of Chinese text: keys that sort names as a Chinese directory does, syllables and initials for the search.

The readings are those of ``pypinyin``. Only its two tables are read, on first use, and of the phrases only those that
change a reading are kept: importing the package whole would cost every process 55 MB. A key is then one
``str.translate`` in the ordinary case, and a scan for phrases where a character with several readings occurs.
"""

from __future__ import annotations

import importlib.util
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import orjson

SORTED_CHARACTERS = 60
"""A sort key covers that many characters of the text, so that it always fits into an index entry."""

# Readings as the first character of a person's name where they differ from the usual one. Not listed: surnames whose
# bearers use the usual reading as well (乐, 盖), those that begin many other words (区), and those that differ in tone.
_SURNAMES = {
    "单": "shan4", "曾": "zeng1", "解": "xie4", "仇": "qiu2", "查": "zha1", "朴": "piao2", "翟": "zhai2",
    "缪": "miao4", "覃": "qin2", "种": "chong2", "员": "yun4", "折": "she2", "繁": "po2", "召": "shao4", "秘": "bi4",
    "祭": "zhai4", "隗": "wei3", "冼": "xian3", "洗": "xian3", "谌": "chen2", "宓": "mi4", "牟": "mou2", "贾": "jia3",
    "石": "shi2", "沈": "shen3", "俞": "yu2", "柏": "bai3", "薄": "bo2", "车": "che1", "佴": "nai4", "乜": "nie4",
    "逄": "pang2", "郇": "xun2", "黑": "he4", "尹": "yin3", "褚": "chu3", "晁": "chao2",
}  # fmt: skip
_COMPOUND_SURNAMES = {
    "万俟": ("mo4", "qi2"), "尉迟": ("yu4", "chi2"), "单于": ("chan2", "yu2"), "长孙": ("zhang3", "sun1"),
    "澹台": ("tan2", "tai2"), "令狐": ("ling2", "hu2"), "鲜于": ("xian1", "yu2"), "宿六": ("su4", "liu4"),
}  # fmt: skip
_LONGEST_NAME = 4
_VOWELS = frozenset("aeiouv")
_TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}


class _Keys(dict[int, str]):
    """The key of each character by code point, made when it is first met; characters without a reading keep theirs."""

    def __init__(self, usual: dict[int, str]) -> None:
        super().__init__()
        self._usual = usual

    def __missing__(self, code: int) -> str:
        key = self[code] = f"{self._usual.get(code, '')}{chr(code)}"
        return key


class _Spelled(dict[int, str]):
    """The toneless syllable of each character between blanks, letters and digits as they are, a blank for all else."""

    def __init__(self, usual: dict[int, str]) -> None:
        super().__init__()
        self._usual = usual

    def __missing__(self, code: int) -> str:
        reading, character = self._usual.get(code), chr(code)
        written = f" {reading[:-1]} " if reading else character if character.isalnum() else " "
        self[code] = written
        return written


@dataclass(frozen=True, slots=True)
class _Readings:
    """``usual`` reading by code point, the ``keys`` and ``spelled`` syllables made of it on demand; ``phrases`` that read
    differently, found by their first two characters and their possible ``lengths``; ``several``: the characters that
    occur in such phrases; ``words``: phrases that begin with a surname character and are therefore no name."""

    usual: dict[int, str]
    keys: dict[int, str]
    spelled: dict[int, str]
    phrases: dict[str, tuple[str, ...]]
    lengths: dict[str, tuple[int, ...]]
    several: frozenset[str]
    words: frozenset[str]


def load_readings() -> None:
    """Reads the tables now (some 0.3 s of processor time), and not when the first name needs them."""
    _load()


def sort_key(text: str) -> str:
    """A key whose order by code point is that of a Chinese directory: by syllable, tone, then character.

    Same characters stay together (all 李 before all 黎); digits end syllables, so 西安 (``xi1西an1安``) comes before
    先 (``xian1先``). Other text is compared without regard to case.
    """
    shown = text[:SORTED_CHARACTERS]
    if shown.isascii():
        return shown.lower()
    shown = unicodedata.normalize("NFKC", shown).casefold()
    readings = _load()
    special = _special(shown)
    if not special:
        return shown.translate(readings.keys)
    return "".join(
        f"{special[index]}{character}" if index in special else character.translate(readings.keys)
        for index, character in enumerate(shown)
    )


def sort_keys(texts: Iterable[str | None]) -> list[str | None]:
    """Sort keys of a whole column; None stays None."""
    return [None if text is None else sort_key(text) for text in texts]


def syllables(text: str) -> list[str]:
    """The toneless syllable of every Han character (``lv`` for ü), and other runs of letters or digits in lower."""
    shown = unicodedata.normalize("NFKC", text).casefold()
    spelled = _load().spelled
    special = _special(shown)
    if not special:
        return shown.translate(spelled).split()
    return "".join(
        f" {special[index][:-1]} " if index in special else character.translate(spelled)
        for index, character in enumerate(shown)
    ).split()


@dataclass(frozen=True, slots=True)
class Syllables:
    """The toneless syllables that characters read as: ``whole``, their ``beginnings`` (themselves included), and how
    long they are at most."""

    whole: frozenset[str]
    beginnings: frozenset[str]
    longest: int


@cache
def known_syllables() -> Syllables:
    """The syllables of Chinese, for reading pinyin that somebody has typed without blanks."""
    whole = frozenset(reading[:-1] for reading in _load().usual.values())
    whole -= {one for one in whole if not _VOWELS.intersection(one)}
    beginnings = frozenset(one[:end] for one in whole for end in range(1, len(one) + 1))
    return Syllables(whole, beginnings, max(map(len, whole)))


def initials(text: str) -> str:
    """The first letter of every syllable and word: 上海电气 gives ``shdq``."""
    return "".join(part[0] for part in syllables(text))


def slug(text: str) -> str:
    """The text as a key of ASCII letters, digits and single underscores: 客户级别 gives ``ke_hu_ji_bie``."""
    parts = ("".join(c for c in part if c.isascii() and c.isalnum()) for part in syllables(text))
    return "_".join(part for part in parts if part)


@lru_cache(maxsize=4096)
def _special(text: str) -> Mapping[int, str]:
    """Readings, by position, that differ from the usual one. Kept for a while: what is written is sorted and searched."""
    readings = _load()
    special: dict[int, str] = {}
    if not readings.several.isdisjoint(text):
        lengths, end = readings.lengths, 0
        for start in [at for at in range(len(text) - 1) if text[at : at + 2] in lengths]:
            if start < end:
                continue
            for length in lengths[text[start : start + 2]]:
                found = readings.phrases.get(text[start : start + length])
                if found is not None:
                    special.update(enumerate(found, start))
                    end = start + length
                    break
    surname = _SURNAMES.get(text[:1]) if len(text) <= _LONGEST_NAME and 0 not in special else None
    if surname is not None and not any(text[:length] in readings.words for length in (2, 3, 4)):
        special[0] = surname
    return special


@cache
def _load() -> _Readings:
    """Reads the tables of pypinyin and keeps what is needed."""
    first = {chr(code): found.partition(",")[0] for code, found in _table("pinyin_dict.json").items()}
    usual = {ord(character): _numbered(reading) for character, reading in first.items()}
    phrases: dict[str, tuple[str, ...]] = {}
    words: set[str] = set()
    for phrase, found in _table("phrases_dict.json").items():
        if phrase[0] in _SURNAMES and len(phrase) <= _LONGEST_NAME:
            words.add(phrase)
        written = [one[0] for one in found]
        if written == [first.get(character) for character in phrase] or len(written) != len(phrase):
            continue
        reading = tuple(map(_numbered, written))
        known = tuple(usual.get(ord(character), "") for character in phrase)
        if any(one[:-1] != two[:-1] for one, two in zip(reading, known, strict=True)):
            # only the syllable counts: a shift of tone within a phrase must not part equal characters
            phrases[phrase] = tuple(
                two if one[:-1] == two[:-1] else one for one, two in zip(reading, known, strict=True)
            )
    phrases.update(_COMPOUND_SURNAMES)
    lengths: dict[str, set[int]] = {}
    for phrase in phrases:
        lengths.setdefault(phrase[:2], set()).add(len(phrase))
    several = frozenset(
        character
        for phrase, reading in phrases.items()
        for character, one in zip(phrase, reading, strict=True)
        if usual.get(ord(character), "")[:-1] != one[:-1]
    )
    ordered = {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}
    return _Readings(usual, _Keys(usual), _Spelled(usual), phrases, ordered, several, frozenset(words))


def _table(name: str) -> dict[Any, Any]:
    """One of the JSON tables that pypinyin ships, found without importing the package; code points as numbers."""
    spec = importlib.util.find_spec("pypinyin")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the package pypinyin is not installed")
    found: dict[str, Any] = orjson.loads((Path(spec.submodule_search_locations[0]) / name).read_bytes())
    return {int(key): value for key, value in found.items()} if name == "pinyin_dict.json" else found


@cache
def _numbered(syllable: str) -> str:
    """``lǚ`` as ``lv3``: ASCII letters with the tone as a digit, 5 for the neutral one."""
    tone, letters = "5", ""
    for part in unicodedata.normalize("NFD", syllable):
        if part in _TONES:
            tone = _TONES[part]
        elif part == "\u0308":
            letters = f"{letters[:-1]}v"
        elif part.isascii() and part.isalpha():
            letters += part
    return letters + tone
