from __future__ import annotations

import pytest

from liaoran.access.credentials import csrf_matches, csrf_of, new_token, organisation_of, token_hash
from liaoran.access.passwords import hash_password, needs_new_hash, password_matches


@pytest.mark.parametrize("slug", ["demo", "a_b", "org_with_0123abcd"])
@pytest.mark.parametrize("kind", ["session", "api", "link", "ticket"])
def test_a_token_names_its_organisation(kind: str, slug: str) -> None:
    token = new_token(kind, slug)  # type: ignore[arg-type]
    assert organisation_of(kind, token) == slug  # type: ignore[arg-type]
    assert new_token(kind, slug) != token  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "x", "demo.", "liaoran_demo_", "demo." + "g" * 64, "../x." + "0" * 64])
def test_other_texts_are_no_tokens(text: str) -> None:
    assert organisation_of("session", text) is None
    assert organisation_of("api", text) is None


def test_the_csrf_token_belongs_to_one_session() -> None:
    mine, other = new_token("session", "demo"), new_token("session", "demo")
    assert csrf_matches(mine, csrf_of(mine))
    assert not csrf_matches(other, csrf_of(mine))
    assert not csrf_matches(mine, "")
    assert not csrf_matches(mine, "é")
    assert token_hash(mine) not in csrf_of(mine).encode()


async def test_passwords_are_kept_as_argon2id() -> None:
    kept = await hash_password("correct horse")
    assert kept.startswith("$argon2id$")
    assert not needs_new_hash(kept)
    assert await password_matches(kept, "correct horse")
    assert not await password_matches(kept, "wrong horse")
    assert not await password_matches(None, "correct horse")
    assert not await password_matches("no hash at all", "correct horse")
