"""Who is signed in, and what they may set about themselves."""

from __future__ import annotations

from typing import Any, Literal
from zoneinfo import available_timezones

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, field_validator

from liaoran import audit
from liaoran.access.actors import ResolvedActor, access_version, resolve_actor
from liaoran.access.people import require_password, set_password, set_preferences
from liaoran.access.throttle import count_attempt, forgive_attempt
from liaoran.api.answers import json_value
from liaoran.api.calls import AccountRoute, Call, call_of
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Forbidden
from liaoran.kernel.text import Text

router = APIRouter(tags=["session"], route_class=AccountRoute)


class LinkValue(BaseModel):
    """A record as another one points to it."""

    id: str
    label: str


class MyPerson(BaseModel):
    """The person who is signed in."""

    id: str
    name: str
    login: str
    department: LinkValue | None


class RoleLabel(BaseModel):
    """A role by key and label."""

    key: str
    label: dict[str, str]


class MyOrganisation(BaseModel):
    """The organisation, and what holds for it where nothing else is said."""

    slug: str
    title: str
    demo: bool
    currency: str = Field(examples=["CNY"])
    zone: str = Field(examples=["Asia/Shanghai"])
    language: Literal["zh", "en"]


class Me(BaseModel):
    """The signed-in person, their organisation and preferences."""

    person: MyPerson
    roles: list[RoleLabel]
    organisation: MyOrganisation
    language: Literal["zh", "en"]
    theme: Literal["light", "dark", "system"] | None
    zone: str
    csrf: str = Field(description="Empty where an API token signs the requests")
    today: str = Field(examples=["2026-03-01"])
    schema_version: int
    administrator: bool
    second_factor_needed: bool = Field(description="Whether a second factor has to be set up before anything else")


class Preferences(BaseModel):
    """What to change; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    language: Literal["zh", "en"] | None = None
    theme: Literal["light", "dark", "system"] | None = None
    zone: str | None = Field(None, examples=["Asia/Shanghai"])

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str | None) -> str | None:
        if zone is not None and zone not in available_timezones():
            raise ValueError("unknown time zone")
        return zone


class PasswordChange(BaseModel):
    """The old password proves that it is the person who asks."""

    old_password: str = Field(max_length=1000)
    new_password: str = Field(max_length=1000)


@router.get("/me", responses={200: {"model": Me}})
async def me(request: Request) -> Response:
    """Who is signed in."""
    call = call_of(request)
    async with call.reading() as tx:
        return json_value(describe_me(call, await _resolved(tx, call)))


@router.patch("/me", responses={200: {"model": Me}})
async def change_me(request: Request, body: Preferences) -> Response:
    """Sets the person's language, theme or time zone."""
    call = call_of(request)
    async with call.writing() as tx:
        await set_preferences(tx, call.credential.person, body.model_dump(exclude_unset=True))
        resolved = await resolve_actor(tx, call.scope.snapshot, call.credential.person, await access_version(tx))
        return json_value(describe_me(call, resolved))


@router.post("/me/password", status_code=204)
async def change_my_password(request: Request, body: PasswordChange) -> Response:
    """Sets a new password and ends the person's other sessions."""
    call = call_of(request)
    if call.credential.kind != "person":
        raise Forbidden(Text("令牌不能修改密码", "a token cannot change a password"))
    person, login = call.credential.person, call.scope.actor.login
    async with call.writing() as tx:
        # By itself, so that a refusal does not roll the count back: a borrowed session must not guess either.
        await count_attempt(tx, login, "")
    async with call.writing() as tx:
        await require_password(tx, person, body.old_password)
        await forgive_attempt(tx, login, "")
        await set_password(tx, person, login, body.new_password, keep=call.token)
        audit.note(tx, "password.changed", call.scope.actor, object="person", record=person)
    return Response(status_code=204)


def describe_me(call: Call, resolved: ResolvedActor) -> dict[str, Any]:
    """The JSON of ``Me``."""
    actor, organisation = resolved.actor, call.organisation
    department = {"id": str(actor.department), "label": resolved.department_label} if actor.department else None
    return {
        "person": {
            "id": str(actor.person),
            "name": actor.label,
            "login": actor.login,
            "department": department,
        },
        "roles": [{"key": key, "label": label} for key, label in resolved.role_labels.items()],
        "organisation": {
            "slug": organisation.slug,
            "title": organisation.title,
            "demo": organisation.demo,
            "currency": organisation.currency,
            "zone": organisation.zone,
            "language": organisation.language,
        },
        "language": actor.language,
        "theme": resolved.theme,
        "zone": actor.zone,
        "csrf": call.csrf,
        "today": call.scope.params()["today"].isoformat(),
        "schema_version": call.scope.snapshot.version,
        "administrator": call.scope.is_administrator,
        "second_factor_needed": call.credential.limited,
    }


async def _resolved(tx: Transaction, call: Call) -> ResolvedActor:
    credential = call.credential
    return await resolve_actor(tx, call.scope.snapshot, credential.person, credential.access_version)
