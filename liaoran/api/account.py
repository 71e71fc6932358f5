"""The keys of one's own account: second factors, recovery codes, and the sessions that are open."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from liaoran import audit
from liaoran.access.entering import count_code, forgive_codes, proven_by
from liaoran.access.factors.passkeys import begin_passkey, finish_passkey
from liaoran.access.factors.recovery import make_recovery_codes
from liaoran.access.factors.standing import drop_passkey, drop_totp, factors_of, first_recovery_codes
from liaoran.access.factors.totp import begin_totp, finish_totp, wrong_code
from liaoran.access.people import login_of, require_password
from liaoran.access.sessions import (
    close_session_of,
    close_sessions_of,
    confirm_session,
    list_sessions,
    require_fresh,
)
from liaoran.access.signin_settings import read_sign_in_settings
from liaoran.access.throttle import count_attempt, forgive_attempt
from liaoran.api.answers import json_value
from liaoran.api.calls import AccountRoute, Call, call_of
from liaoran.api.session import PasskeyAnswer, PasskeyChallenge
from liaoran.api.visitors import site_of, visitor_of
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict, Forbidden
from liaoran.kernel.text import Text

router = APIRouter(tags=["account"], route_class=AccountRoute, prefix="/me")


class PasskeyBody(BaseModel):
    """A passkey as it is listed."""

    id: UUID
    label: str
    made_at: datetime
    used_at: datetime | None


class Security(BaseModel):
    """How the person's account is kept."""

    has_password: bool
    password_length: int = Field(description="Least number of characters of a new password")
    totp_since: datetime | None
    passkeys: list[PasskeyBody]
    codes_left: int = Field(description="Recovery codes that are still good")
    required: bool = Field(description="Whether a role of the person asks for a second factor")


class Confirmation(BaseModel):
    """One of both: the password, or a code of the authenticator app."""

    model_config = ConfigDict(extra="forbid")

    password: str | None = Field(None, max_length=1000)
    code: str | None = Field(None, max_length=40)


class TotpBegun(BaseModel):
    """What an authenticator app needs: the picture to scan, or the secret to type."""

    ticket: str
    secret: str
    uri: str
    qr: str = Field(description="The QR code as a data address")


class TotpCode(BaseModel):
    """The first code of the app."""

    model_config = ConfigDict(extra="forbid")

    ticket: str = Field(max_length=200)
    code: str = Field(max_length=40, examples=["123456"])


class NewPasskey(PasskeyAnswer):
    """The passkey that the browser made, and what the person calls it."""

    label: str = Field(min_length=1, max_length=100, examples=["我的笔记本"])


class FactorAdded(BaseModel):
    """A second factor is set up. With the first one come recovery codes, shown this once."""

    recovery_codes: list[str]


class SessionBody(BaseModel):
    """An open session. ``way`` is how it was opened; ``strong`` whether with two factors."""

    id: UUID
    address: str | None
    agent: str | None
    way: str
    strong: bool
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    current: bool


@router.get("/security", responses={200: {"model": Security}})
async def my_security(request: Request) -> Response:
    """The person's password, second factors and recovery codes."""
    call = call_of(request)
    async with call.reading() as tx:
        found = await factors_of(tx, call.credential.person)
        login = await login_of(tx, call.credential.person)
        settings = await read_sign_in_settings(tx)
    return json_value(
        {
            "has_password": login["has_password"],
            "password_length": settings.password_length,
            "totp_since": found.totp_since,
            "passkeys": found.passkeys,
            "codes_left": found.codes_left,
            "required": found.required,
        }
    )


@router.post("/confirm", status_code=204)
async def confirm_who_i_am(request: Request, body: Confirmation) -> Response:
    """Confirms that it is the person who asks; for 15 minutes the keys of the account can then be changed."""
    call = _in_person(request)
    person, login = call.credential.person, call.scope.actor.login
    if body.password is not None:
        async with call.writing() as tx:
            # By itself, so that a refusal does not roll the count back: a borrowed session must not guess either.
            await count_attempt(tx, login, "")
        async with call.writing() as tx:
            await require_password(tx, person, body.password, "password")
            await forgive_attempt(tx, login, "")
            await confirm_session(tx, call.credential.id)
        return Response(status_code=204)
    await count_code(call.services.database, call.organisation.schema, person, visitor_of(request))
    async with call.writing() as tx:
        if await proven_by(tx, call.services.database, person, body.code or "") is None:
            raise wrong_code()
        await forgive_codes(tx, person)
        await confirm_session(tx, call.credential.id, strong=True)
    return Response(status_code=204)


@router.post("/totp", status_code=201, responses={201: {"model": TotpBegun}})
async def begin_my_totp(request: Request) -> Response:
    """Begins to set up an authenticator app; it counts from the first right code on."""
    call = _in_person(request)
    account = f"{call.scope.actor.login}@{call.organisation.slug}"
    async with call.writing() as tx:
        await require_fresh(tx, call.credential)
        secrets = call.services.database.secrets
        begun = await begin_totp(tx, secrets, call.organisation.slug, call.credential.person, account)
    return json_value({"ticket": begun.ticket, "secret": begun.secret, "uri": begun.uri, "qr": begun.qr}, 201)


@router.post("/totp/confirm", status_code=201, responses={201: {"model": FactorAdded}})
async def confirm_my_totp(request: Request, body: TotpCode) -> Response:
    """Sets up the authenticator app whose code this is."""
    call = _in_person(request)
    person = call.credential.person
    async with call.writing() as tx:
        await require_fresh(tx, call.credential)
        await finish_totp(tx, call.services.database.secrets, person, body.ticket, body.code)
        return await _added(tx, call, "totp")


@router.delete("/totp", status_code=204)
async def remove_my_totp(request: Request) -> Response:
    """Forgets the authenticator app."""
    call = _in_person(request)
    async with call.writing() as tx:
        await require_fresh(tx, call.credential)
        await drop_totp(tx, call.credential.person)
        audit.note(tx, "factor.removed", call.scope.actor, facts={"way": "totp"})
    return Response(status_code=204)


@router.post("/passkeys/options", status_code=201, responses={201: {"model": PasskeyChallenge}})
async def begin_my_passkey(request: Request) -> Response:
    """Begins to make a passkey in the browser."""
    call = _in_person(request)
    actor = call.scope.actor
    async with call.writing() as tx:
        await require_fresh(tx, call.credential)
        challenge = await begin_passkey(
            tx, call.organisation.slug, site_of(request), call.credential.person, actor.login, actor.label
        )
    return json_value({"ticket": challenge.ticket, "options": challenge.options}, 201)


@router.post("/passkeys", status_code=201, responses={201: {"model": FactorAdded}})
async def add_my_passkey(request: Request, body: NewPasskey) -> Response:
    """Keeps the passkey that the browser made."""
    call = _in_person(request)
    async with call.writing() as tx:
        await require_fresh(tx, call.credential)
        await finish_passkey(
            tx, site_of(request), call.credential.person, body.ticket, body.credential, body.label.strip()
        )
        return await _added(tx, call, "passkey", body.label)


@router.delete("/passkeys/{id}", status_code=204)
async def remove_my_passkey(request: Request, id: UUID) -> Response:
    """Forgets a passkey."""
    call = _in_person(request)
    async with call.writing() as tx:
        await drop_passkey(tx, call.credential.person, id)
        await require_fresh(tx, call.credential)  # what is not there is not there, however long ago they signed in
        audit.note(tx, "factor.removed", call.scope.actor, facts={"way": "passkey"})
    return Response(status_code=204)


@router.post("/recovery-codes", status_code=201, responses={201: {"model": FactorAdded}})
async def make_my_recovery_codes(request: Request) -> Response:
    """Makes new recovery codes in place of the former ones; they are shown this once."""
    call = _in_person(request)
    async with call.writing() as tx:
        await require_fresh(tx, call.credential)
        if not (await factors_of(tx, call.credential.person)).any:
            message = Text("请先设置验证器应用或通行密钥", "set up an authenticator app or a passkey first")
            raise Conflict(message, code="no_second_factor")
        codes = await make_recovery_codes(tx, call.credential.person)
        audit.note(tx, "recovery_codes.made", call.scope.actor, facts={"count": len(codes)})
    return json_value({"recovery_codes": codes}, 201)


@router.get("/sessions", responses={200: {"model": list[SessionBody]}})
async def list_my_sessions(request: Request) -> Response:
    """Where the person is signed in, last seen first."""
    call = call_of(request)
    async with call.reading() as tx:
        found = await list_sessions(tx, call.credential.person)
    return json_value([{**one, "current": one["id"] == call.credential.id} for one in found])


@router.delete("/sessions", status_code=204)
async def end_my_other_sessions(request: Request) -> Response:
    """Ends all sessions of the person but this one."""
    call = _in_person(request)
    async with call.writing() as tx:
        await close_sessions_of(tx, call.credential.person, keep=call.token)
        audit.note(tx, "sessions.ended", call.scope.actor)
    return Response(status_code=204)


@router.delete("/sessions/{id}", status_code=204)
async def end_my_session(request: Request, id: UUID) -> Response:
    """Ends one session of the person."""
    call = _in_person(request)
    async with call.writing() as tx:
        await close_session_of(tx, call.credential.person, id)
        audit.note(tx, "session.ended", call.scope.actor)
    return Response(status_code=204)


async def _added(tx: Transaction, call: Call, way: str, label: str = "") -> Response:
    """What follows a new factor: the first brings recovery codes, and the session has two factors from now on."""
    codes: list[Any] = await first_recovery_codes(tx, call.credential.person)
    await confirm_session(tx, call.credential.id, strong=True)
    audit.note(tx, "factor.added", call.scope.actor, facts={"way": way, "label": label})
    return json_value({"recovery_codes": codes}, 201)


def _in_person(request: Request) -> Call:
    call = call_of(request)
    if call.credential.kind != "person":
        message = Text("令牌不能管理账号安全，请登录后操作", "a token cannot manage an account's keys; sign in")
        raise Forbidden(message, code="in_person_only")
    return call
