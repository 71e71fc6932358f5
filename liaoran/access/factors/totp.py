"""The authenticator app: codes of six digits that change every 30 seconds (TOTP, RFC 6238).

The secret is sealed in the database. It is kept only after a first code from the app was right, and no code is taken
twice: the step of the last one is remembered.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pyotp
import segno
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.tables import totp_factors
from liaoran.access.tickets import give_ticket, look_at_ticket, take_ticket
from liaoran.infra.sealed import register_sealed
from liaoran.infra.secrets import Secrets
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Problem, Refused
from liaoran.kernel.text import Text

ISSUER = "Liaoran"
STEP_SECONDS = 30
TOLERANCE = 1
"""Steps before and after the present one that are taken too, for clocks that are a little wrong."""


@dataclass(frozen=True, slots=True)
class TotpSetUp:
    """What an app needs: ``uri`` as a picture of a QR code (an SVG data address), and ``secret`` for typing it in."""

    ticket: str
    secret: str
    uri: str
    qr: str


async def begin_totp(tx: Transaction, secrets: Secrets, slug: str, person: UUID, account: str) -> TotpSetUp:
    """Makes a secret for the app; nothing changes for the person until ``finish_totp``. ``account`` is the name that
    the app shows."""
    secret = pyotp.random_base32()
    sealed = base64.b64encode(secrets.seal(secret, _purpose(person))).decode()
    ticket = await give_ticket(tx, slug, "totp_set_up", person=person, content={"secret": sealed})
    uri = pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)
    picture = segno.make(uri, error="m").svg_data_uri(scale=4, border=2, light="#fff")
    return TotpSetUp(ticket, secret, uri, picture)


async def finish_totp(tx: Transaction, secrets: Secrets, person: UUID, ticket: str, code: str) -> None:
    """Keeps the app whose code this is, in place of a former one.

    Raises Refused ``wrong_code``, where one may try again, and ``ticket_gone``.
    """
    begun = await look_at_ticket(tx, ticket, "totp_set_up", person)
    sealed = base64.b64decode(begun.content["secret"])
    step = _step_of(secrets.open_sealed(sealed, _purpose(person)).decode(), code, 0)
    if step is None:
        raise wrong_code()
    await take_ticket(tx, ticket, "totp_set_up", person)
    values = {"person": person, "secret": sealed, "made_at": datetime.now(UTC), "used_step": step}
    await tx.execute(_KEEP, values)


async def totp_matches(tx: Transaction, secrets: Secrets, person: UUID, code: str) -> bool:
    """Whether it is a code of the person's app that was not used before; from then on it is."""
    row = await tx.fetch_one(_FIND, {"person_id": person})
    if row is None:
        return False
    step = _step_of(secrets.open_sealed(row["secret"], _purpose(person)).decode(), code, row["used_step"])
    # Of two requests with one code at the same moment, the second finds the step taken.
    return step is not None and await tx.execute(_USE, {"person_id": person, "step": step}) > 0


async def remove_totp(tx: Transaction, person: UUID) -> bool:
    """Forgets the app; whether there was one."""
    return await tx.execute(_REMOVE, {"person_id": person}) > 0


def wrong_code() -> Refused:
    """The refusal of a code that is wrong, too old, or was used before."""
    message = Text(
        "验证码不正确、已过期或已用过，请输入应用中最新的验证码",
        "the code is wrong, too old or was used already; enter the newest one of the app",
    )
    return Refused(message, code="wrong_code", problems=[Problem("wrong_code", message, "code")])


def _step_of(secret: str, code: str, used: int) -> int | None:
    """The step whose code it is, among those around now that come after ``used``."""
    otp, now = pyotp.TOTP(secret, interval=STEP_SECONDS), int(datetime.now(UTC).timestamp()) // STEP_SECONDS
    digits = "".join(code.split())
    for step in range(now - TOLERANCE, now + TOLERANCE + 1):
        if step > used and hmac.compare_digest(otp.generate_otp(step).encode(), digits.encode()):
            return step
    return None


def _purpose(person: UUID) -> str:
    return f"totp/{person}"


_KEEP_INSERT = pg.insert(totp_factors)
_KEEP = _KEEP_INSERT.on_conflict_do_update(
    index_elements=[totp_factors.c.person],
    set_={name: _KEEP_INSERT.excluded[name] for name in ("secret", "made_at", "used_step")},
)
_FIND = sa.select(totp_factors.c.secret, totp_factors.c.used_step).where(
    totp_factors.c.person == sa.bindparam("person_id")
)
_USE = (
    sa.update(totp_factors)
    .where(totp_factors.c.person == sa.bindparam("person_id"), totp_factors.c.used_step < sa.bindparam("step"))
    .values(used_step=sa.bindparam("step"))
)
_REMOVE = sa.delete(totp_factors).where(totp_factors.c.person == sa.bindparam("person_id"))

register_sealed(totp_factors, "secret", lambda row: _purpose(row["person"]))
