from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from liaoran.infra.settings import Settings, describe_settings


def test_environment_wins_over_file_and_arguments_over_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "liaoran.toml"
    file.write_text('port = 9001\nworkers = 3\npublic_url = "https://crm.example.cn"\n', encoding="utf-8")
    monkeypatch.setenv("LIAORAN_CONFIG", str(file))
    monkeypatch.setenv("LIAORAN_WORKERS", "4")
    settings = Settings(host="::1")
    assert (settings.port, settings.workers, settings.host) == (9001, 4, "::1")
    assert settings.public_url == "https://crm.example.cn"


def test_a_misspelt_setting_in_the_file_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "liaoran.toml"
    file.write_text("prot = 9001\n", encoding="utf-8")
    monkeypatch.setenv("LIAORAN_CONFIG", str(file))
    with pytest.raises(ValidationError, match="prot"):
        Settings()


@pytest.mark.parametrize("wrong", [{"port": 70000}, {"workers": 0}, {"log_level": "loud"}, {"statement_seconds": 0}])
def test_values_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        Settings(**wrong)


def test_every_setting_is_documented() -> None:
    described = describe_settings()
    assert {one.key for one in described} == set(Settings.model_fields)
    assert all(len(one.text) > 20 and one.text.endswith(".") for one in described)
    assert next(one for one in described if one.key == "port").variable == "LIAORAN_PORT"


def test_secrets_are_not_shown() -> None:
    settings = Settings(database_url="postgresql://u:hunter2@db/x", secret_key="k" * 40)
    assert "hunter2" not in repr(settings)
    assert "kkkk" not in repr(settings)


def test_child_processes_get_the_same_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = Settings(data_dir=tmp_path, port=1234, database_url="postgresql://u:p@db/x", jobs_in_server=False)
    for name, value in given.to_environment().items():
        monkeypatch.setitem(os.environ, name, value)
    assert Settings() == given
