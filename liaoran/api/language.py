"""In which language a request is answered: the actor's, or for nobody the browser's."""

from __future__ import annotations

from fastapi import Request

from liaoran.kernel.text import LANGUAGES, Language


def language_of(request: Request) -> Language:
    """The signed-in actor's language, else the best of ``Accept-Language``, else Chinese."""
    call = getattr(request.state, "call", None)
    if call is not None:
        found: Language = call.scope.actor.language
        return found
    return accepted_language(request.headers.get("accept-language", ""))


def accepted_language(header: str) -> Language:
    """The first of our languages by weight in an ``Accept-Language`` header; Chinese where none is named."""
    best: tuple[float, Language] = (0.0, "zh")
    for entry in header[:500].split(","):
        tag, _, weight = entry.strip().partition(";q=")
        language = next((one for one in LANGUAGES if tag.lower().partition("-")[0] == one), None)
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        if language is not None and quality > best[0]:
            best = (quality, language)
    return best[1]
