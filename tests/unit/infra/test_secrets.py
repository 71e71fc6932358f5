from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoran.infra.errors import Unavailable
from liaoran.infra.secrets import Secrets
from liaoran.infra.settings import Settings

OLD, NEW = "old" * 12, "new" * 12
WITH_OLD = Secrets(Settings(secret_key=OLD))


def code_of(secrets: Secrets, sealed: bytes, purpose: str = "totp/1") -> str:
    with pytest.raises(Unavailable) as refusal:
        secrets.open_sealed(sealed, purpose)
    assert refusal.value.message.zh != refusal.value.message.en
    return refusal.value.code


@given(st.binary(max_size=200), st.text(max_size=40))
def test_what_is_sealed_opens_for_the_same_purpose_and_no_other(plain: bytes, purpose: str) -> None:
    sealed = WITH_OLD.seal(plain, purpose)
    assert WITH_OLD.open_sealed(sealed, purpose) == plain
    assert len(sealed) == len(plain) + 33
    assert code_of(WITH_OLD, sealed, purpose + "x") == "secret_damaged"


def test_text_is_sealed_as_utf8_and_never_twice_alike() -> None:
    one, two = WITH_OLD.seal("密钥", "oidc"), WITH_OLD.seal("密钥", "oidc")
    assert one != two
    assert WITH_OLD.open_sealed(one, "oidc").decode() == "密钥"
    assert "密钥".encode() not in one


@given(st.data())
def test_a_changed_bit_is_found_wherever_it_is(data: st.DataObject) -> None:
    sealed = bytearray(WITH_OLD.seal(b"JBSWY3DPEHPK3PXP", "totp/1"))
    place = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[place // 8] ^= 1 << place % 8
    assert code_of(WITH_OLD, bytes(sealed)) in {"secret_damaged", "secret_key_wrong"}


@given(st.binary(max_size=60))
def test_what_was_never_sealed_is_refused(value: bytes) -> None:
    assert code_of(WITH_OLD, value) in {"secret_damaged", "secret_key_wrong"}


def test_a_new_key_seals_while_the_old_one_still_opens() -> None:
    before = WITH_OLD.seal(b"secret", "totp/1")
    both = Secrets(Settings(secret_key=f"{NEW}, {OLD}"))
    after = both.seal(b"secret", "totp/1")
    assert both.open_sealed(before, "totp/1") == both.open_sealed(after, "totp/1") == b"secret"
    only_new = Secrets(Settings(secret_key=NEW))
    assert only_new.open_sealed(after, "totp/1") == b"secret"
    assert code_of(only_new, before) == "secret_key_wrong"
    assert code_of(WITH_OLD, after) == "secret_key_wrong"


def test_the_key_file_is_made_once_and_is_private(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new")
    Secrets(settings).prepare()
    file = tmp_path / "new" / "secret.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]
    sealed = Secrets(settings).seal(b"secret", "totp/1")
    assert Secrets(settings).open_sealed(sealed, "totp/1") == b"secret"
    assert len(file.read_text(encoding="utf-8")) >= 48


def test_a_lost_key_file_is_said_when_something_is_to_be_opened(tmp_path: Path) -> None:
    sealed = Secrets(Settings(data_dir=tmp_path)).seal(b"secret", "totp/1")
    (tmp_path / "secret.key").unlink()
    assert code_of(Secrets(Settings(data_dir=tmp_path)), sealed) == "secret_key_wrong"


@pytest.mark.parametrize("content", [b"", b"too short", b"\xff\xfe" * 40])
def test_a_key_file_that_holds_no_key_stops_the_start(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret.key").write_bytes(content)
    with pytest.raises(Unavailable, match=r"secret\.key") as refusal:
        Secrets(Settings(data_dir=tmp_path)).prepare()
    assert refusal.value.code == "secret_key_missing"


def test_a_short_key_among_several_is_refused() -> None:
    with pytest.raises(Unavailable, match="LIAORAN_SECRET_KEY"):
        Secrets(Settings(secret_key=f"{NEW},short")).prepare()


def test_the_refusals_show_no_key(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("hunter2", encoding="utf-8")
    with pytest.raises(Unavailable) as refusal:
        Secrets(Settings(data_dir=tmp_path)).prepare()
    assert "hunter2" not in str(refusal.value.message)
