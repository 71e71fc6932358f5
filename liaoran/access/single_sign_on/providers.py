"""The OpenID providers of an organisation: where they are, how we are known to them, how they name people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa

from liaoran.access.sessions import CHANGED
from liaoran.access.tables import sign_in_identities, sign_in_providers
from liaoran.infra.sealed import register_sealed
from liaoran.infra.secrets import Secrets
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import NotFound, Problem, Refused
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text

SCOPES = ("openid", "profile", "email")
LOGIN_CLAIM = "preferred_username"
MOST = 10


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider. ``login_claim`` is the claim that holds the login, for who signs in this way for the first time;
    ``strong`` says that the provider asks for two factors itself."""

    id: UUID
    label: Mapping[str, str]
    issuer: str
    client_id: str
    client_secret: str | None
    scopes: tuple[str, ...]
    login_claim: str
    strong: bool


async def list_providers(tx: Transaction, *, active: bool = False) -> list[dict[str, Any]]:
    """All providers, or those in use, in order: id, label, issuer, client_id, has_secret, scopes, login_claim, strong,
    active, people (how many have signed in this way)."""
    return await tx.fetch_all(_ACTIVE if active else _LIST)


async def get_provider(tx: Transaction, secrets: Secrets, provider: UUID) -> Provider:
    """A provider in use, with its secret. Raises NotFound."""
    row = await tx.fetch_one(_GET, {"provider": provider})
    if row is None:
        raise _unknown()
    sealed = row["client_secret"]
    secret = None if sealed is None else secrets.open_sealed(sealed, _purpose(provider)).decode()
    return Provider(
        row["id"],
        row["label"],
        row["issuer"],
        row["client_id"],
        secret,
        tuple(row["scopes"]),
        row["login_claim"],
        row["strong"],
    )


async def add_provider(tx: Transaction, secrets: Secrets, values: Mapping[str, Any]) -> UUID:
    """Adds a provider: ``label``, ``issuer``, ``client_id``, and as wanted ``client_secret``, ``scopes``,
    ``login_claim``, ``strong``, ``active``. Raises Refused for an issuer that is no address, or beyond ten."""
    known = await list_providers(tx)
    if len(known) >= MOST:
        message = Text("最多可设置 {most} 个单点登录服务", "at most {most} providers can be set up").fill(most=MOST)
        raise Refused(message, code="too_many_providers")
    provider = new_id()
    given = {"scopes": list(SCOPES), "login_claim": LOGIN_CLAIM, **_checked(values, secrets, provider)}
    await tx.execute(sa.insert(sign_in_providers), {"id": provider, "position": len(known), **given})
    tx.notify(CHANGED)
    return provider


async def change_provider(tx: Transaction, secrets: Secrets, provider: UUID, values: Mapping[str, Any]) -> None:
    """Sets what is given; the rest stays. An empty ``client_secret`` takes it away. Raises NotFound, Refused."""
    given = _checked(values, secrets, provider)
    statement = sa.update(sign_in_providers).where(sign_in_providers.c.id == provider)
    if not await tx.execute(statement.values(**(given or {"id": provider}))):
        raise _unknown()
    tx.notify(CHANGED)


async def remove_provider(tx: Transaction, provider: UUID) -> None:
    """Removes a provider. Who people are there is kept, for when it is set up again. Raises NotFound."""
    if not await tx.execute(sa.delete(sign_in_providers).where(sign_in_providers.c.id == provider)):
        raise _unknown()
    tx.notify(CHANGED)


async def require_provider(tx: Transaction, provider: UUID) -> dict[str, Any]:
    """One provider as ``list_providers`` has it, in use or not. Raises NotFound."""
    found = next((one for one in await list_providers(tx) if one["id"] == provider), None)
    if found is None:
        raise _unknown()
    return found


def _checked(values: Mapping[str, Any], secrets: Secrets, provider: UUID) -> dict[str, Any]:
    checked = dict(values)
    if "issuer" in checked:
        checked["issuer"] = _checked_issuer(checked["issuer"])
    if "client_secret" in checked:
        secret = checked["client_secret"]
        checked["client_secret"] = secrets.seal(secret, _purpose(provider)) if secret else None
    if "scopes" in checked:
        checked["scopes"] = list(dict.fromkeys(("openid", *checked["scopes"])))
    return checked


def _checked_issuer(issuer: str) -> str:
    """The address as the provider names itself: compared letter by letter later on, so only blanks are taken away."""
    plain = issuer.strip()
    parts = urlsplit(plain)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment:
        message = Text(
            "颁发者应为完整的网址，例如 https://login.example.cn",
            "the issuer is a whole address, for example https://login.example.cn",
        )
        raise Refused(message, code="issuer_malformed", problems=[Problem("issuer_malformed", message, "issuer")])
    return plain


def _purpose(provider: UUID) -> str:
    return f"single_sign_on/{provider}"


def _unknown() -> NotFound:
    return NotFound(Text("没有这个单点登录服务", "there is no such provider"), code="unknown_provider")


_PEOPLE = (
    sa.select(sa.func.count(sa.distinct(sign_in_identities.c.person)))
    .where(sign_in_identities.c.issuer == sign_in_providers.c.issuer)
    .scalar_subquery()
)
_LIST = sa.select(
    sign_in_providers.c.id,
    sign_in_providers.c.label,
    sign_in_providers.c.issuer,
    sign_in_providers.c.client_id,
    sign_in_providers.c.client_secret.is_not(None).label("has_secret"),
    sign_in_providers.c.scopes,
    sign_in_providers.c.login_claim,
    sign_in_providers.c.strong,
    sign_in_providers.c.active,
    _PEOPLE.label("people"),
).order_by(sign_in_providers.c.position, sign_in_providers.c.id)
_ACTIVE = _LIST.where(sign_in_providers.c.active)
_GET = sa.select(sign_in_providers).where(
    sign_in_providers.c.id == sa.bindparam("provider"), sign_in_providers.c.active
)

register_sealed(sign_in_providers, "client_secret", lambda row: _purpose(row["id"]))
