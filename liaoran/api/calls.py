"""Who calls: from cookie or token to a Call with the actor's Scope, before anything else of the request is read."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from liaoran.access.actors import scope_for
from liaoran.access.credentials import TokenKind, csrf_matches, csrf_of, organisation_of, token_hash
from liaoran.access.scope import Scope
from liaoran.access.sessions import Credential, ask_session, find_session, touch_session
from liaoran.access.tokens import ask_token, find_token, touch_token
from liaoran.api.answers import ACTION
from liaoran.api.bodies import StrictRequest
from liaoran.api.cookies import session_token
from liaoran.api.known import Signer
from liaoran.api.services import Services, services_of
from liaoran.api.straight import Handler, straight
from liaoran.infra.flights import Passenger
from liaoran.infra.organisations import Organisation
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Forbidden, Invalid, LiaoranError, NotFound, Unauthenticated
from liaoran.kernel.events import Cause, Door
from liaoran.kernel.text import Text
from liaoran.schema.catalogue import load_snapshot

CSRF_HEADER = "x-csrf-token"
SIGNED: list[dict[str, list[str]]] = [{"session": [], "csrf": []}, {"token": []}]
"""How a request may be signed, in the words of OpenAPI."""
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_DOORS = {door.value: door for door in (Door.FORM, Door.INLINE, Door.BOARD, Door.BULK)}


@dataclass(slots=True)
class Call:
    """One signed request. ``token`` is the text that signed it, kept for ending the session and its CSRF token;
    ``action`` is what the request did to records, once that is committed. ``light`` says that the signer may have been
    looked up a moment ago, for another request."""

    services: Services
    organisation: Organisation
    credential: Credential
    scope: Scope
    token: str
    door: Door | None = None
    action: str | None = None
    light: bool = False

    def cause(self, usual: Door) -> Cause:
        """Why a write of this request happens: through the door it names, else the ``usual`` one of the pages; a token
        comes through the API."""
        return Cause(self.door or (Door.API if self.credential.kind == "token" else usual))

    def reading(self) -> AbstractAsyncContextManager[Transaction]:
        """A read-only transaction in the organisation."""
        return self.services.database.read(self.organisation.schema)

    @asynccontextmanager
    async def writing(self, *, for_readers: bool = False) -> AsyncIterator[Transaction]:
        """A transaction in the organisation, committed at the end. The signer is looked up in it, so ``scope`` is what
        the transaction sees. A token that may only read is refused, unless what is written is ``for_readers`` too.

        Raises Unauthenticated where the session or token has ended meanwhile. A ``light`` call looks together with the
        first statement of the block; where ``scope`` turns out to be of the past, its route begins anew."""
        if not for_readers:
            self.scope.require_writing()
        async with self.services.database.transaction(self.organisation.schema) as tx:
            look = self._look_along(tx) if self.light else None
            if look is None:
                await self._look(tx)
            try:
                yield tx
            except LiaoranError:
                # Refused before anything was asked: perhaps only by what was true a moment ago.
                if look is not None and look.is_waiting:
                    await tx.land()
                raise
        for notice in tx.notices:
            # What this request did is known here without waiting for the notice to come round.
            self.services.signers.take(notice)
            if change := notice.get("change"):
                self.action = change["action"]

    async def _look(self, tx: Transaction) -> None:
        found = await _find_credential(tx, self.credential.kind, self.token)
        if found is None:
            raise _unauthenticated(self.credential.kind, self.token)
        if not self._is_of_now(found):
            self.credential = found
            self.scope = await scope_for(tx, await load_snapshot(tx, found.stamp), found)

    def _look_along(self, tx: Transaction) -> Passenger:
        def confirm(found: Credential | None) -> None:
            if found is None:
                raise _unauthenticated(self.credential.kind, self.token)
            if not self._is_of_now(found):
                raise _Overtaken

        return (ask_token if self.credential.kind == "token" else ask_session)(tx, self.token, confirm)

    def _is_of_now(self, found: Credential) -> bool:
        return (found.stamp, found.access_version) == (self.credential.stamp, self.credential.access_version)

    @property
    def csrf(self) -> str:
        """The CSRF token of the session, or the empty text for an API token, which needs none."""
        return csrf_of(self.token) if self.credential.kind == "person" else ""


class _Overtaken(Exception):
    """The Scope of a light call is not what its transaction sees."""


def call_of(request: Request) -> Call:
    """The Call of a request that came through a ``SignedRoute``."""
    call: Call = request.state.call
    return call


class SignedRoute(APIRoute):
    """A route for signed requests only: nobody gets 401 before a parameter or the body is looked at."""

    light = False
    limited_too = False

    def __init__(self, path: str, endpoint: Callable[..., Any], **settings: Any) -> None:
        settings["openapi_extra"] = {"security": SIGNED, **(settings.get("openapi_extra") or {})}
        super().__init__(path, endpoint, **settings)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler with authentication before it."""
        handler, light, limited_too = self.read_and_answer(), self.light, self.limited_too

        async def signed(request: Request) -> Response:
            strict = StrictRequest(request.scope, request.receive)
            call = await authenticate(strict, light=light)
            if call.credential.limited and not limited_too:
                raise _second_factor_needed()
            strict.state.call = call
            strict.check_address()
            try:
                return _with_action(await handler(strict), call)
            except (Invalid, NotFound, _Overtaken) as error:
                # What is unknown by a catalogue of a moment ago may have been added since, by another process.
                strict.state.call = again = await authenticate(strict) if light else call
                if again.scope.snapshot is call.scope.snapshot and not isinstance(error, _Overtaken):
                    raise
                return _with_action(await handler(strict), again)

        return signed

    def read_and_answer(self) -> Handler:
        """What reads the parameters of a signed request and has it answered."""
        return super().get_route_handler()


def _with_action(answer: Response, call: Call) -> Response:
    """The answer with the action that it tells of, so that whoever wrote can undo it."""
    if call.action is not None:
        answer.headers[ACTION] = call.action
    return answer


class AccountRoute(SignedRoute):
    """A route for what somebody does about their own sign-in; also before they have the second factor that they need."""

    limited_too = True


class LightRoute(SignedRoute):
    """A route for what is done all day: a signer who was known a moment ago is not looked up again for reading. Writing
    looks again anyway, in its own transaction. Its parameters are read the straight way where that can be."""

    light = True

    def read_and_answer(self) -> Handler:
        """The straight way over FastAPI's."""
        return straight(self, super().read_and_answer())


class OpenRoute(APIRoute):
    """A route for everybody, with the same strict reading of bodies."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler over a strict request."""
        handler = super().get_route_handler()

        async def open_to_all(request: Request) -> Response:
            strict = StrictRequest(request.scope, request.receive)
            strict.check_address()
            return await handler(strict)

        return open_to_all


async def authenticate(request: Request, *, light: bool = False) -> Call:
    """The Call of a request; a ``light`` one may rest on a look of a moment ago.

    Raises Unauthenticated where nothing good signed it, Forbidden ``csrf`` where a cookie's request that changes
    something does not carry the session's CSRF token.
    """
    services = services_of(request)
    bearer = _bearer(request)
    token = bearer if bearer is not None else session_token(request)
    signer = services.signers.find(token_hash(token)) if light else None
    if signer is None:
        signer = await _look_up(services, "api" if bearer is not None else "session", token)
    services.rates.count(signer.credential)
    if bearer is None and request.method not in _SAFE_METHODS:
        _check_csrf(request, token)
    door = _DOORS.get(request.headers.get("x-door", ""))
    return Call(services, signer.organisation, signer.credential, signer.scope, token, door, light=light)


async def _look_up(services: Services, kind: TokenKind, token: str) -> Signer:
    """The signer behind a token. Raises Unauthenticated where there is none."""
    slug = organisation_of(kind, token)
    organisation = await services.organisation(slug) if slug else None
    if organisation is None:
        raise _unauthenticated(kind, token)
    era, now = services.signers.era(organisation.schema), time.monotonic()
    async with services.database.read(organisation.schema) as tx:
        credential = await _find_credential(tx, "token" if kind == "api" else "person", token)
        if credential is None:
            raise _unauthenticated(kind, token)
        scope = await scope_for(tx, await load_snapshot(tx, credential.stamp), credential)
    if credential.stale:
        await _touch(services, organisation, credential)
    signer = Signer(organisation, credential, scope, era, now)
    services.signers.keep(token_hash(token), signer)
    return signer


async def _find_credential(tx: Transaction, kind: str, token: str) -> Credential | None:
    return await (find_token if kind == "token" else find_session)(tx, token)


async def _touch(services: Services, organisation: Organisation, credential: Credential) -> None:
    async with services.database.transaction(organisation.schema) as tx:
        await (touch_token if credential.kind == "token" else touch_session)(tx, credential.id)


def _check_csrf(request: Request, token: str) -> None:
    if not csrf_matches(token, request.headers.get(CSRF_HEADER, "")):
        message = Text(
            "请求缺少本次登录的校验码，请刷新页面", "the request lacks this session's CSRF token; reload the page"
        )
        raise Forbidden(message, code="csrf")


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _unauthenticated(kind: str, token: str) -> Unauthenticated:
    """The refusal of a token that is none of ours, or no longer: the same for both, in words that say what to do."""
    if kind in ("api", "token"):
        message = Text(
            "令牌不正确、已过期或已吊销，请换用新的令牌",
            "the token is wrong, has expired or was revoked; use a fresh one",
        )
    elif token:
        message = Text("登录已过期或已被结束，请重新登录", "the session has expired or was ended; please sign in again")
    else:
        message = Text("请先登录", "please sign in")
    return Unauthenticated(message)


def _second_factor_needed() -> Forbidden:
    message = Text(
        "您的角色要求双重验证，请先设置验证器应用或通行密钥",
        "your role asks for a second factor; set up an authenticator app or a passkey first",
    )
    return Forbidden(message, code="second_factor_needed")
