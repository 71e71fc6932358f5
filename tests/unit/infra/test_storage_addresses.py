from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from liaoran.infra.files import open_files
from liaoran.infra.settings import Settings
from liaoran.infra.storage import parse_address
from liaoran.infra.storage_disk import DiskStorage
from liaoran.infra.storage_s3 import S3Storage


def test_a_bucket_with_everything() -> None:
    found = parse_address("s3://files/crm/a?endpoint=https://minio.example.cn&region=cn-1&virtual_host=true")
    assert (found.kind, found.bucket, found.path) == ("s3", "files", "crm/a")
    assert found.parameters == {"endpoint": "https://minio.example.cn", "region": "cn-1", "virtual_host": "true"}


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "files",
        "ftp://x",
        "file://host/x",
        "file:?x=1",
        "s3:",
        "s3://?endpoint=x",
        "s3://key:secret@b",
        "s3://b?x=1",
    ],
)
def test_what_is_no_address_stops_the_start_by_name(wrong: str) -> None:
    with pytest.raises(ValidationError, match="storage_url"):
        Settings(storage_url=wrong)


def test_the_settings_choose_the_storage(tmp_path: Path) -> None:
    def storage(address: str) -> object:
        return open_files(Settings(data_dir=tmp_path / "data", storage_url=address)).storage

    default, elsewhere = storage("file:"), storage(f"file:{tmp_path}/a%20b")
    assert isinstance(default, DiskStorage)
    assert default.path("x") == tmp_path / "data" / "files" / "x"
    assert isinstance(elsewhere, DiskStorage)
    assert elsewhere.path("x") == tmp_path / "a b" / "x"
    assert isinstance(storage("s3://files"), S3Storage)
