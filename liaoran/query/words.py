"""Words: how text becomes lexemes of ``search__words``, and how what a person types asks for them.

=====================  ==============================================================================================
every Han run          each two neighbouring characters (宝信, 信软, …) and its last one, so that one character is found
                       by prefix and two or more through exact lexemes of the GIN index
letters and digits     each run, in lower case, half width; asked by prefix
pinyin                 of names up to 64 characters and other texts up to 8 (people, towns, titles): from each syllable
                       on, the syllables (``baoxinruanjian``) and the initials (``bxrj``), cut at 24 and 12 letters;
                       asked by prefix. Sentences have none: nobody looks for them by pinyin, and being unlike each
                       other they would make the index several times as large and imports as slow
name                   of the name Field: ``=name`` asks for the whole name, ``^na`` for its beginning (written, in
                       pinyin or by initials); these put the best matches first
=====================  ==============================================================================================
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from liaoran.schema.pinyin import syllables

LONGEST = 24
LONGEST_INITIALS = 12
LONGEST_NAME = 48
READ_ALOUD_NAME = 64
READ_ALOUD = 8
MOST_TERMS = 24

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f〇"
_RUNS = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
_HAN = re.compile(f"[{HAN}]")
_PLAIN_RUNS = re.compile(r"[a-z0-9]+")


def words_of(text: str, name: bool = False) -> frozenset[str]:
    """The lexemes of a text; with ``name`` those that find a name by its beginning as well."""
    folded = fold(text)
    if folded.isascii():
        runs = _PLAIN_RUNS.findall(folded)
        found = {run[:LONGEST] for run in runs}
        return frozenset(found | _whole_name(runs) if name else found)
    runs, found, others = _RUNS.findall(folded), set(), set()
    for run in runs:
        if _HAN.match(run):
            found.update(map("".join, pairwise(run)))
            found.add(run[-1])
        else:
            others.add(run)
            found.add(run[:LONGEST])
    if len(folded) <= (READ_ALOUD_NAME if name else READ_ALOUD) and _HAN.search(folded):
        found |= _pinyin(syllables(folded), others, name)
    return frozenset(found | _whole_name(runs) if name else found)


def _pinyin(parts: list[str], others: set[str], name: bool) -> set[str]:
    """The readings from each syllable on. ``others`` are the parts that are no syllables."""
    joined, firsts = "".join(parts), "".join([part[0] for part in parts])
    found, position = set(), 0
    for index, part in enumerate(parts):
        if part not in others:
            found.add(joined[position : position + LONGEST])
            found.add(firsts[index : index + LONGEST_INITIALS])
        position += len(part)
    if name:
        found |= {"^" + joined[:LONGEST], "^" + firsts[:LONGEST_INITIALS]}
    return found


def fold(text: str) -> str:
    """The text as it is compared: half width, lower case."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def _whole_name(runs: list[str]) -> set[str]:
    bare = "".join(runs)
    return {"=" + bare[:LONGEST_NAME], "^" + bare[:LONGEST]} if bare else set()


def _bare(text: str) -> str:
    return "".join(_RUNS.findall(fold(text)))


def query_of(text: str) -> str:
    """What a person typed as ``tsquery``: each word and each piece of Chinese text must be found; without any, nothing
    is."""
    terms: dict[str, None] = {}
    for run in _RUNS.findall(fold(text[:200])):
        if not _HAN.match(run):
            terms[_prefix(run[:LONGEST])] = None
        elif len(run) == 1:
            terms[_prefix(run)] = None
        else:
            terms.update((_quoted(run[index : index + 2]), None) for index in range(len(run) - 1))
    return " & ".join(list(terms)[:MOST_TERMS])


def name_query_of(text: str) -> str:
    """What was typed as ``tsquery`` for names that are it, or begin with it (written, in pinyin, by initials)."""
    bare = _bare(text[:200])
    return f"{_quoted('=' + bare[:LONGEST_NAME])} | {_prefix('^' + bare[:LONGEST])}" if bare else ""


def exact_name_of(text: str) -> str:
    """What was typed as ``tsquery`` for names that are exactly it."""
    bare = _bare(text[:200])
    return _quoted("=" + bare[:LONGEST_NAME]) if bare else ""


def _quoted(lexeme: str) -> str:
    return f"'{lexeme}'"


def _prefix(lexeme: str) -> str:
    return f"'{lexeme}':*"
