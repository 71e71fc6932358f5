"""Lexemes of a record are bounded, so that no text is too long to be saved."""

from __future__ import annotations

from liaoran.records.rows import LEXEME_END, MOST_BYTES, bounded


def test_few_lexemes_stay_as_they_are() -> None:
    assert bounded("a b a") == "a b a"


def test_very_many_are_cut_to_what_a_search_vector_holds() -> None:
    lexemes = [f"{chr(0x4E00 + index % 20_000)}{chr(0x4E00 + index // 20_000)}" for index in range(200_000)]
    kept = bounded(LEXEME_END.join(lexemes * 2)).split(LEXEME_END)
    assert kept == lexemes[: len(kept)], "each once, in order"
    assert 0.95 * MOST_BYTES < sum(len(one.encode()) + 4 for one in kept) <= MOST_BYTES
