"""Words: how text becomes lexemes of ``search__words``, and how what a person types asks for them.

=====================  ==============================================================================================
every Han run          each two neighbouring characters (宝信, 信软, …) and its last one, so that one character is found
                       by prefix and two or more through exact lexemes of the GIN index
letters and digits     each run, in lower case, half width; asked by prefix
pinyin                 of names up to 64 characters and other texts up to 8 (people, towns, titles): each two
                       neighbouring syllables (``baoxin``, ``xinruan``), the last one, and each three neighbouring
                       initials (``bxr``, ``xrj``). A longer query asks for all the pairs and triples it consists of.
                       Sentences have none: nobody looks for them by pinyin
name                   of the name Field: ``^na`` is the whole name, asked exactly or by prefix; ``~na`` its beginning in
                       pinyin and by initials; these put the best matches first
=====================  ==============================================================================================

Pairs and triples come from a small vocabulary that all names share, so a record adds to lists of the index that are
there, instead of new entries of its own: half the size, and less than half the work of an import.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice, pairwise

from liaoran.schema.pinyin import known_syllables, syllables

LONGEST = 24
PAIR = 2
INITIALS = 3
LONGEST_INITIALS = 12
LONGEST_NAME = 48
READ_ALOUD_NAME = 64
READ_ALOUD = 8
MOST_TERMS = 24
MOST_READINGS = 3
NO_INITIALS = frozenset("iuv")
"""No syllable begins with these."""

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f〇"
_RUNS = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
_HAN = re.compile(f"[{HAN}]")
_PLAIN_RUNS = re.compile(r"[a-z0-9]+")
_SPELLED = re.compile(r"([a-z]+)([0-9]*)")


def words_of(text: str, name: bool = False) -> frozenset[str]:
    """The lexemes of a text; with ``name`` those that find a name by its beginning as well."""
    folded = fold(text)
    if folded.isascii():
        runs = _PLAIN_RUNS.findall(folded)
        found = {run[:LONGEST] for run in runs}
        return frozenset(found | _whole_name(runs) if name else found)
    runs, found, spoken = _RUNS.findall(folded), set(), False
    for run in runs:
        if _HAN.match(run):
            spoken = True
            found.update(map("".join, pairwise(run)))
            found.add(run[-1])
        else:
            found.add(run[:LONGEST])
    if spoken and len(folded) <= (READ_ALOUD_NAME if name else READ_ALOUD):
        found |= _pinyin(syllables(folded), name)
    return frozenset(found | _whole_name(runs) if name else found)


def _pinyin(parts: list[str], name: bool) -> set[str]:
    """Pairs of syllables and triples of initials; runs that are no syllables count as one."""
    if not parts:
        return set()
    firsts = "".join([part[0] for part in parts])
    found = {(one + other)[:LONGEST] for one, other in pairwise(parts)}
    found.add(parts[-1][:LONGEST])
    # one initial alone is the beginning of its syllable
    found.update([firsts[index : index + INITIALS] for index in range(len(firsts) - 1)])
    if name:
        found |= {"~" + "".join(parts)[:LONGEST], "~" + firsts[:LONGEST_INITIALS]}
    return found


def fold(text: str) -> str:
    """The text as it is compared: half width, lower case."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def _whole_name(runs: list[str]) -> set[str]:
    bare = "".join(runs)
    return {"^" + bare[:LONGEST_NAME]} if bare else set()


def _bare(text: str) -> str:
    return "".join(_RUNS.findall(fold(text)))


def query_of(text: str) -> str:
    """What a person typed as ``tsquery``: each word and each piece of Chinese text must be found; without any, nothing
    is."""
    terms: dict[str, None] = {}
    for run in _RUNS.findall(fold(text[:200])):
        if not _HAN.match(run):
            terms[_word(run)] = None
        elif len(run) == 1:
            terms[_prefix(run)] = None
        else:
            terms.update((_quoted(run[index : index + 2]), None) for index in range(len(run) - 1))
    return " & ".join(list(terms)[:MOST_TERMS])


def name_query_of(text: str) -> str:
    """What was typed as ``tsquery`` for names that are it, or begin with it (written, in pinyin, by initials)."""
    bare = _bare(text[:200])
    if not bare:
        return ""
    written = _prefix("^" + bare[:LONGEST_NAME])
    return f"{written} | {_prefix('~' + bare[:LONGEST])}" if bare.isascii() else written


def exact_name_of(text: str) -> str:
    """What was typed as ``tsquery`` for names that are exactly it."""
    bare = _bare(text[:200])
    return _quoted("^" + bare[:LONGEST_NAME]) if bare else ""


def _word(run: str) -> str:
    """A run of letters and digits: the beginning of a word or of a pair of syllables, or else a longer chain of
    initials or of syllables."""
    ways = [_prefix(run[:LONGEST])]
    if INITIALS < len(run) <= LONGEST_INITIALS and run.isascii() and NO_INITIALS.isdisjoint(run):
        ways.append(" & ".join(_quoted(run[index : index + INITIALS]) for index in range(len(run) - INITIALS + 1)))
    spelled = _SPELLED.fullmatch(run[:LONGEST_NAME])
    if spelled is not None:
        ways += [_chain(parts) for parts in islice(_readings(*spelled.groups()), MOST_READINGS)]
    if len(ways) == 1:
        return ways[0]
    return f"({' | '.join([ways[0], *(f'({way})' for way in ways[1:])])})"


def _chain(parts: tuple[str, ...]) -> str:
    """Neighbouring syllables, of which the last may be written in part."""
    *pairs, last = (f"{one}{other}" for one, other in pairwise(parts))
    return " & ".join([*map(_quoted, pairs), _prefix(last)])


def _readings(letters: str, digits: str) -> Iterator[tuple[str, ...]]:
    """The ways to read letters as three or more syllables, the longest first; the last may be unfinished, digits
    after them count as one."""
    known, length = known_syllables(), len(letters)
    # where the rest can be read, so that no way is begun that leads nowhere
    readable = [False] * length + [bool(digits)]

    def ends(start: int) -> Iterator[int]:
        last = min(start + known.longest, length)
        return (end for end in range(last, start, -1) if readable[end] and letters[start:end] in known.whole)

    for start in range(length - 1, -1, -1):
        readable[start] = (not digits and letters[start:] in known.beginnings) or any(ends(start))

    def read(start: int, parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if start == length:
            yield (*parts, digits)
            return
        if not digits and letters[start:] in known.beginnings:
            yield (*parts, letters[start:])
        for end in ends(start):
            yield from read(end, (*parts, letters[start:end]))

    return (parts for parts in read(0, ()) if len(parts) > PAIR) if readable[0] else iter(())


def _quoted(lexeme: str) -> str:
    return f"'{lexeme}'"


def _prefix(lexeme: str) -> str:
    return f"'{lexeme}':*"
