"""What is said to an OpenID provider: discovery, the address to send people to, the exchange of the code, the ID token.

Authorization code with PKCE; every call goes through the guard of outgoing calls. Nothing of an ID token is believed
before its signature by the provider's published keys, its issuer, its audience, its times and the nonce of this very
sign-in are checked.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from liaoran.access.single_sign_on.providers import Provider
from liaoran.infra.outgoing import outgoing_client
from liaoran.infra.settings import Settings
from liaoran.kernel.errors import Refused
from liaoran.kernel.text import Text

WELL_KNOWN = "/.well-known/openid-configuration"
LEEWAY_SECONDS = 120
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a key pair only: a shared secret would let whoever knows it make up people."""
_JSON = {"accept": "application/json"}
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a provider publishes about itself, as far as it is needed."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    basic: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept until the browser comes back: ``nonce`` ties the ID token to this sign-on, ``verifier`` the code."""

    nonce: str
    verifier: str


async def discover(settings: Settings, issuer: str) -> Metadata:
    """What the provider publishes. Raises Refused ``provider_unusable`` where that is not what OpenID Connect asks for,
    and whatever the guard of outgoing calls raises."""
    found = await _fetch_json(settings, issuer.rstrip("/") + WELL_KNOWN)
    if found.get("issuer") != issuer:
        message = Text(
            "该服务自称“{found}”，与填写的颁发者不一致",
            "the provider names itself “{found}”, not as the issuer was entered",
        )
        raise Refused(message.fill(found=str(found.get("issuer"))[:200]), code="provider_unusable")
    missing = [name for name in _ENDPOINTS if not isinstance(found.get(name), str)]
    if missing:
        message = Text("该服务没有公布 {missing}", "the provider does not publish {missing}")
        raise Refused(message.fill(missing=", ".join(missing)), code="provider_unusable")
    methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    endpoints = {name: str(found[name]) for name in _ENDPOINTS}
    return Metadata(**endpoints, basic="client_secret_basic" in methods)


def address_of(provider: Provider, metadata: Metadata, redirect: str, state: str, kept: Kept) -> str:
    """The address to send the browser to. ``redirect`` is where the provider sends it back, with ``state``."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(kept.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect,
        "scope": " ".join(provider.scopes),
        "state": state,
        "nonce": kept.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return str(httpx.URL(metadata.authorization_endpoint).copy_merge_params(asked))


async def finish(settings: Settings, provider: Provider, redirect: str, code: str, kept: Kept) -> dict[str, Any]:
    """The claims of the ID token that the code is exchanged for.

    Raises Refused ``sign_on_refused`` where the provider does not take the code or its token does not hold.
    """
    metadata = await discover(settings, provider.issuer)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": kept.verifier}
    credentials = httpx.Auth()
    if provider.client_secret is not None and metadata.basic:
        # RFC 6749 has both parts encoded as in a form before they are joined.
        credentials = httpx.BasicAuth(quote_plus(provider.client_id), quote_plus(provider.client_secret))
    else:
        form["client_id"] = provider.client_id
        if provider.client_secret is not None:
            form["client_secret"] = provider.client_secret
    async with outgoing_client(settings) as client:
        try:
            sent = await client.post(metadata.token_endpoint, data=form, auth=credentials, headers=_JSON)
            answer = sent.json() if sent.status_code == httpx.codes.OK else {}
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise sign_on_refused() from error
    token = answer.get("id_token") if isinstance(answer, dict) else None
    if not isinstance(token, str):
        raise sign_on_refused()
    keys = await _fetch_json(settings, metadata.jwks_uri)
    return verified_claims(provider, keys, token, kept.nonce)


def verified_claims(provider: Provider, keys: Mapping[str, Any], token: str, nonce: str) -> dict[str, Any]:
    """The claims of an ID token that holds. Raises Refused ``sign_on_refused``."""
    expected = jwt.JWTClaimsRegistry(
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        decoded = jwt.decode(token, KeySet.import_key_set(dict(keys)), algorithms=list(ALGORITHMS))  # type: ignore[arg-type]
        expected.validate(decoded.claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise sign_on_refused() from error
    claims = dict(decoded.claims)
    audience = claims["aud"]
    several = isinstance(audience, list) and len(audience) > 1
    if (several or "azp" in claims) and claims.get("azp") != provider.client_id:
        raise sign_on_refused()
    return claims


def sign_on_refused() -> Refused:
    """The one refusal of a single sign-on, whatever the provider or its token did wrong."""
    message = Text(
        "单点登录没有成功，请重试；若一直失败，请联系管理员",
        "the single sign-on did not succeed; try again, and ask an administrator if it keeps failing",
    )
    return Refused(message, code="sign_on_refused")


async def _fetch_json(settings: Settings, address: str) -> dict[str, Any]:
    async with outgoing_client(settings) as client:
        try:
            answer = await client.get(address, headers=_JSON)
            found = answer.json() if answer.status_code == httpx.codes.OK else None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise _unusable(address) from error
    if not isinstance(found, dict):
        raise _unusable(address)
    return found


def _unusable(address: str) -> Refused:
    message = Text("在 {address} 没有找到 OpenID 的配置", "there is no OpenID configuration at {address}")
    return Refused(message.fill(address=address[:300]), code="provider_unusable")
