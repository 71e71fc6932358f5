"""Passkeys (WebAuthn): the browser or phone signs a challenge with a key of its own, after asking for finger, face or PIN.

So a passkey is two factors at once, and nothing that could be stolen or typed into the wrong page is ever sent. Each
challenge is good once and lies in a ticket.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from liaoran.access.tables import logins, passkeys
from liaoran.access.tickets import give_ticket, take_ticket
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import NotFound, Problem, Refused, Unauthenticated
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text

NAME = "Liaoran"
MOST = 20
"""Passkeys of one person."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where the pages are: ``origin`` as the browser names it (``https://crm.example.cn``), ``host`` without port."""

    origin: str
    host: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the browser is asked, and the ticket to answer with. ``options`` is what ``navigator.credentials`` takes, as
    JSON."""

    ticket: str
    options: dict[str, Any]


async def begin_passkey(tx: Transaction, slug: str, site: Site, person: UUID, login: str, label: str) -> Challenge:
    """Asks the browser for a new passkey of the person. Raises Refused where they have 20 already."""
    known = [bytes(one) for one in await tx.fetch_column(_CREDENTIALS, {"person_id": person})]
    if len(known) >= MOST:
        message = Text("每人最多 {most} 个通行密钥", "a person has at most {most} passkeys").fill(most=MOST)
        raise Refused(message, code="too_many_passkeys")
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=NAME,
        user_id=person.bytes,
        user_name=login,
        user_display_name=label,
        exclude_credentials=[PublicKeyCredentialDescriptor(one) for one in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    content = {"challenge": bytes_to_base64url(options.challenge)}
    ticket = await give_ticket(tx, slug, "passkey_set_up", person=person, content=content)
    return Challenge(ticket, json.loads(options_to_json(options)))


async def finish_passkey(
    tx: Transaction, site: Site, person: UUID, ticket: str, answer: Mapping[str, Any], label: str
) -> UUID:
    """Keeps the passkey that the browser made. Raises Refused ``ticket_gone`` and ``passkey_refused``."""
    begun = await take_ticket(tx, ticket, "passkey_set_up", person)
    try:
        made = verify_registration_response(
            credential=dict(answer),
            expected_challenge=base64url_to_bytes(begun.content["challenge"]),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _REFUSALS as error:
        message = Text("浏览器返回的通行密钥无法验证，请重试", "the browser's passkey cannot be verified; try again")
        raise Refused(message, code="passkey_refused", problems=[Problem("passkey_refused", message)]) from error
    values = {
        "id": new_id(),
        "person": person,
        "credential": made.credential_id,
        "public_key": made.credential_public_key,
        "sign_count": made.sign_count,
        "transports": _transports(answer),
        "label": label[:100],
        "made_at": datetime.now(UTC),
    }
    try:
        async with tx.savepoint():
            await tx.execute(sa.insert(passkeys), values)
    except psycopg.errors.UniqueViolation as error:
        message = Text("这个通行密钥已经登记过", "this passkey is registered already")
        raise Refused(message, code="passkey_known") from error
    return UUID(str(values["id"]))


async def begin_passkey_sign_in(tx: Transaction, slug: str, site: Site) -> Challenge:
    """Asks the browser for any passkey of this site; whose, only the answer tells."""
    options = generate_authentication_options(rp_id=site.host, user_verification=UserVerificationRequirement.REQUIRED)
    content = {"challenge": bytes_to_base64url(options.challenge)}
    ticket = await give_ticket(tx, slug, "passkey_sign_in", content=content)
    return Challenge(ticket, json.loads(options_to_json(options)))


async def finish_passkey_sign_in(tx: Transaction, site: Site, ticket: str, answer: Mapping[str, Any]) -> UUID:
    """The person whose passkey signed. Raises Refused ``ticket_gone``, Unauthenticated ``passkey_refused`` for whatever
    else is wrong: an unknown key, a bad signature, a disabled login."""
    begun = await take_ticket(tx, ticket, "passkey_sign_in")
    row = await tx.fetch_one(_FIND, {"credential": _credential_of(answer)})
    if row is None:
        raise passkey_refused()
    try:
        seen = verify_authentication_response(
            credential=dict(answer),
            expected_challenge=base64url_to_bytes(begun.content["challenge"]),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=bytes(row["public_key"]),
            credential_current_sign_count=row["sign_count"],
            require_user_verification=True,
        )
    except _REFUSALS as error:
        raise passkey_refused() from error
    await tx.execute(_USE, {"passkey": row["id"], "count": seen.new_sign_count, "now": datetime.now(UTC)})
    return UUID(str(row["person"]))


async def list_passkeys(tx: Transaction, person: UUID) -> list[dict[str, Any]]:
    """The passkeys of a person, newest first: id, label, made_at, used_at."""
    return await tx.fetch_all(_LIST, {"person_id": person})


async def remove_passkey(tx: Transaction, person: UUID, passkey: UUID) -> None:
    """Forgets a passkey of the person; raises NotFound where they have none of this id."""
    if not await tx.execute(_REMOVE, {"person_id": person, "passkey": passkey}):
        raise NotFound(Text("没有这个通行密钥", "there is no such passkey"))


def passkey_refused() -> Unauthenticated:
    """The one refusal of a sign-in by passkey."""
    message = Text(
        "无法用这个通行密钥登录，请改用密码", "this passkey cannot sign in here; sign in with the password instead"
    )
    return Unauthenticated(message, code="passkey_refused")


def _credential_of(answer: Mapping[str, Any]) -> bytes:
    try:
        return base64url_to_bytes(str(answer.get("rawId") or ""))
    except ValueError:
        return b""


def _transports(answer: Mapping[str, Any]) -> list[str]:
    response = answer.get("response")
    named = response.get("transports") if isinstance(response, dict) else None
    return [str(one)[:20] for one in named[:10]] if isinstance(named, list) else []


_REFUSALS = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError)
"""What the library raises for answers that are wrong, and for those that are no answers at all."""
_CREDENTIALS = sa.select(passkeys.c.credential).where(passkeys.c.person == sa.bindparam("person_id"))
_FIND = (
    sa.select(passkeys.c.id, passkeys.c.person, passkeys.c.public_key, passkeys.c.sign_count)
    .select_from(passkeys.join(logins, logins.c.person == passkeys.c.person))
    .where(passkeys.c.credential == sa.bindparam("credential"), logins.c.disabled.is_(False))
)
_USE = (
    sa.update(passkeys)
    .where(passkeys.c.id == sa.bindparam("passkey"))
    .values(sign_count=sa.bindparam("count"), used_at=sa.bindparam("now"))
)
_LIST = (
    sa.select(passkeys.c.id, passkeys.c.label, passkeys.c.made_at, passkeys.c.used_at)
    .where(passkeys.c.person == sa.bindparam("person_id"))
    .order_by(passkeys.c.made_at.desc(), passkeys.c.id)
)
_REMOVE = sa.delete(passkeys).where(
    passkeys.c.person == sa.bindparam("person_id"), passkeys.c.id == sa.bindparam("passkey")
)
