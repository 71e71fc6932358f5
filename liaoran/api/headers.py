"""The headers that tell browsers what an answer may do: nothing that the pages do not need."""

from __future__ import annotations

from collections.abc import Mapping

# Scripts come from files of our own only, none stands in a page. Style sheets are another matter: the component library
# writes them at run time, and the values it puts in come from our own code, never from data.
_PAGES: Mapping[str, str] = {
    "default-src": "'self'",
    "script-src": "'self'",
    "script-src-attr": "'none'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "frame-src": "'self'",
    "manifest-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
# What the API answers is data; opened as a page it can load, run and send nothing.
_DATA: Mapping[str, str] = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
_ALWAYS: Mapping[str, str] = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_HTTPS_ONLY = "max-age=63072000; includeSubDomains"
Headers = list[tuple[bytes, bytes]]


def security_headers(*, data: bool, secure: bool) -> Headers:
    """The headers of an answer, as ASGI wants them: of ``data`` (the API) or of pages; ``secure`` where people reach the
    server by HTTPS only."""
    policy = dict(_DATA if data else _PAGES)
    if secure and not data:
        policy["upgrade-insecure-requests"] = ""
    written = "; ".join(f"{name} {value}".strip() for name, value in policy.items())
    headers = {"content-security-policy": written, **_ALWAYS}
    if secure:
        headers["strict-transport-security"] = _HTTPS_ONLY
    if data:
        headers["cache-control"] = "no-store"
    return [(name.encode(), value.encode()) for name, value in headers.items()]
