"""Settings: environment variables ``LIAORAN_*`` or the file ``liaoran.toml``; the environment wins over the file.

The docstring below each setting is its documentation; the reference pages are generated from ``describe_settings``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from liaoran.infra.hosts import read_hosts
from liaoran.infra.storage import parse_address

PREFIX = "LIAORAN_"
CONFIG_VARIABLE = "LIAORAN_CONFIG"
MEBIBYTE = 1024 * 1024


class Settings(BaseSettings):
    """All settings of one process; immutable. Keyword arguments (the command line) win over everything else."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, use_attribute_docstrings=True
    )

    database_url: SecretStr | None = None
    """Address of a PostgreSQL 17 or 18 database of your own, for example ``postgresql://liaoran@db/liaoran``. Left
    out, Liaoran starts a PostgreSQL 18 of its own inside the data directory."""

    data_dir: Path = Path(".data")
    """Directory for the embedded PostgreSQL, uploaded and exported files and the secret key. Back it up as a whole."""

    secret_key: SecretStr | None = None
    """Key that seals secrets in the database, at least 32 characters. Left out, one is made and kept in the data
    directory as ``secret.key``; set it when several machines serve the same organisations. To change it, put the new one
    in front of the old, parted by a comma: the first seals, all of them open."""

    public_url: str = ""
    """Address under which people reach this server, for example ``https://crm.example.cn``; used in links. Cookies are
    marked secure when it starts with ``https``."""

    behind_proxy: bool = False
    """Whether all requests come through a reverse proxy of your own, which appends the client's address to
    ``X-Forwarded-For``. Sign-in is throttled by that address."""

    allowed_hosts: str = ""
    """Names under which requests are taken, parted by commas; ``*.example.cn`` takes all below it. Left out, it is the
    name in ``LIAORAN_PUBLIC_URL`` and this machine itself; where that is left out too, any name is taken."""

    outgoing_hosts: str = ""
    """Hosts and networks of your own that Liaoran may call, for sign-in or integrations, parted by commas, for example
    ``idp.intranet.example,10.0.8.0/24``. They may be called without HTTPS, too. All other addresses that are not
    public are refused."""

    outgoing_only: bool = False
    """Whether nothing but ``LIAORAN_OUTGOING_HOSTS`` may be called."""

    metrics_token: SecretStr | None = None
    """Token that whoever reads ``/metrics`` and the details of ``/readyz`` sends as ``Authorization: Bearer``. Left out,
    they are shown to clients in this machine's own network that do not come through a proxy."""

    host: str = "127.0.0.1"
    """Address to listen on; ``0.0.0.0`` for all."""

    port: int = Field(default=8000, ge=0, le=65535)
    """TCP port to listen on."""

    workers: int = Field(default=1, ge=1, le=64)
    """Number of serving processes; about one per processor core."""

    shutdown_seconds: int = Field(default=20, ge=1)
    """How long a stop waits for running requests and jobs, in seconds. Jobs that are not done by then start again at
    the next start."""

    jobs_in_server: bool = True
    """Whether ``liaoran serve`` also works on background jobs. Switch it off where ``liaoran worker`` runs apart."""

    job_concurrency: int = Field(default=2, ge=1, le=64)
    """How many background jobs one process runs at the same time."""

    pool_size: int = Field(default=8, ge=1, le=200)
    """Most database connections that one process opens for reading, and again as many for writing."""

    pool_wait_seconds: float = Field(default=15.0, gt=0)
    """How long a request waits for a free database connection, in seconds, before it is refused."""

    statement_seconds: float = Field(default=30.0, gt=0)
    """Longest time one database statement of a request may take, in seconds; background jobs are not limited."""

    postgres_memory_mb: int = Field(default=0, ge=0)
    """Memory for the page cache of the embedded PostgreSQL in MiB; 0 takes a quarter of the machine, at most 4096."""

    requests_per_minute: int = Field(default=60_000, ge=0)
    """How many requests a minute one person, or one API token, may make in each serving process; 0 for no limit. A token
    may be given a lower limit of its own."""

    upload_mb: int = Field(default=512, ge=1)
    """Largest file that may be imported, in MiB."""

    storage_url: str = "file:"
    """Where the bytes of files lie: ``file:`` in the data directory, ``file:/srv/files`` in a folder of your own, or
    ``s3://bucket/prefix?endpoint=https://minio.example.cn&region=us-east-1`` in anything that speaks S3 (with
    ``&virtual_host=true`` where the bucket is part of the host name)."""

    storage_access_key: str = ""
    """Access key of the S3 storage. Left out, the ``AWS_*`` variables or the role of the machine are taken."""

    storage_secret_key: SecretStr | None = None
    """Secret key that belongs to ``LIAORAN_STORAGE_ACCESS_KEY``."""

    max_file_mb: int = Field(default=100, ge=1)
    """Largest file that may be put on a record, in MiB."""

    file_types: str = ""
    """Media types that may be put on records, parted by commas, for example ``application/pdf,image/*``; the content
    decides, not the name. Left out, all but programs may."""

    file_programs: bool = False
    """Whether programs and scripts, which a click would run, may be put on records."""

    bin_days: int = Field(default=90, ge=0)
    """How many days a deleted record can be brought back from the recycle bin; then it goes for good, while the history
    of what people did stays. 0 keeps deleted records until an administrator removes them."""

    removed_file_days: int = Field(default=90, ge=0)
    """How many days a file that was removed from a record can be brought back; then it goes for good. 0 keeps it."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Least severity that is logged."""

    log_format: Literal["auto", "console", "json"] = "auto"
    """``json`` writes one object per line; ``console`` is for people; ``auto`` takes console on a terminal."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then ``liaoran.toml`` (or the file that ``LIAORAN_CONFIG`` names)."""
        file = Path(os.environ.get(CONFIG_VARIABLE, "liaoran.toml"))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, file)

    @field_validator("storage_url")
    @classmethod
    def _is_storage(cls, address: str) -> str:
        parse_address(address)
        return address

    @field_validator("allowed_hosts", "outgoing_hosts")
    @classmethod
    def _are_hosts(cls, hosts: str) -> str:
        read_hosts(hosts)
        return hosts

    @property
    def max_file_bytes(self) -> int:
        """The limit of files on records in bytes."""
        return self.max_file_mb * MEBIBYTE

    @property
    def upload_bytes(self) -> int:
        """The upload limit in bytes."""
        return self.upload_mb * MEBIBYTE

    @property
    def is_secure(self) -> bool:
        """Whether people reach this server by HTTPS only."""
        return self.public_url.lower().startswith("https://")

    def to_environment(self) -> dict[str, str]:
        """The settings given so far as environment variables, for child processes that read their own Settings."""
        environment = {}
        for name in self.model_fields_set:
            value = getattr(self, name)
            if value is None:
                continue
            plain = value.get_secret_value() if isinstance(value, SecretStr) else value
            environment[PREFIX + name.upper()] = str(plain.resolve() if isinstance(plain, Path) else plain)
        return environment


@dataclass(frozen=True, slots=True)
class SettingDescription:
    """What the reference says of one setting."""

    variable: str
    key: str
    kind: str
    default: Any
    text: str


def describe_settings() -> list[SettingDescription]:
    """Every setting in order of declaration: environment variable, TOML key, type, default, documentation."""
    return [
        SettingDescription(
            variable=PREFIX + name.upper(),
            key=name,
            kind=str(field.annotation if not isinstance(field.annotation, type) else field.annotation.__name__),
            default=field.default,
            text=" ".join((field.description or "").split()),
        )
        for name, field in Settings.model_fields.items()
    ]
