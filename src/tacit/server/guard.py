"""What stands in front of every route: who may ask, how much may be sent, and what every answer has to say."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import ipaddress
import logging
import time
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tacit.server.meters import Meters
from tacit.server.replies import Refused, broken

__all__ = ["BODY_SECONDS", "MAX_ACTIVE", "MAX_BODY", "Guard", "is_loopback"]

MAX_BODY = 32 * 2**20
"""The largest body of a request, in bytes."""

BODY_SECONDS = 60.0
"""How long a client may take to send a body."""

MAX_ACTIVE = 1000
"""Requests that are answered at once; the next are told to come back."""

_OPEN = ("/health",)
_SAFE = ("GET", "HEAD", "OPTIONS")
_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)

_log = logging.getLogger("tacit.server")


class Guard:
    """Middleware around the whole application.

    Without a token, only requests that name this very machine are answered: a page of another site that has its name
    point here (DNS rebinding) says so in `Host`. With one, every request but `/health` has to bring it, as a bearer or
    as the password that a browser asks for. Requests that a page of another site makes are refused by their `Origin`.

    Arguments:
        app: The application inside.
        token: What clients have to bring, or None.
        meters: Where answered requests are counted.
        tasks: Names that may be counted by.
    """

    def __init__(self, app: ASGIApp, *, token: str | None, meters: Meters, tasks: Collection[str]) -> None:
        self._app, self._meters, self._tasks = app, meters, frozenset(tasks)
        self._token = None if token is None else token.encode()
        self._active = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                said = [*message.get("headers", ())]
                names = {name for name, _ in said}
                message["headers"] = said + [(name, value) for name, value in _HEADERS if name not in names]
            await send(message)

        self._active += 1
        try:
            self._admit(scope)
            await self._app(scope, _limited(receive), sending)
        except Refused as refused:
            if not status:
                await refused.response()(scope, receive, sending)
        except ClientDisconnect:
            status = status or 499
        except Exception:
            _log.exception("%s %s failed", scope["method"], scope["path"])
            if not status:
                await broken()(scope, receive, sending)
        finally:
            self._active -= 1
            given = scope.get("path_params", {})
            task = given.get("task") or given.get("name")  # pages call it so
            route = getattr(scope.get("endpoint"), "__name__", "none")
            self._meters.request(task if task in self._tasks else "", route, status, time.perf_counter() - began)

    def _admit(self, scope: Scope) -> None:
        """Raise `Refused` unless the request may come in."""
        if self._active > MAX_ACTIVE:
            raise Refused(
                503, "busy", f"{MAX_ACTIVE:,} requests are being answered.", "ask again in a second", {"retry-after": "1"}
            )
        headers = dict(scope["headers"])
        if scope["path"] not in _OPEN:
            if self._token is not None:
                self._check_token(headers)
            elif not _names_this_machine(headers.get(b"host", b"")):
                raise Refused(
                    403,
                    "host",
                    "this server answers only to localhost, since it has no token.",
                    "TACIT_TOKEN=... tacit serve, and send it as Authorization: Bearer ...",
                )
        origin = headers.get(b"origin")
        if origin is not None and scope["method"] not in _SAFE and not _is_same(origin, headers.get(b"host", b"")):
            raise Refused(403, "origin", "the request was made by a page of another site.", "send it without Origin")
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length[:20]) > MAX_BODY:
            raise _too_large()

    def _check_token(self, headers: dict[bytes, bytes]) -> None:
        assert self._token is not None
        scheme, _, brought = headers.get(b"authorization", b"").partition(b" ")
        if scheme.lower() == b"basic":
            try:
                _, _, brought = base64.b64decode(brought, validate=True).partition(b":")
            except (binascii.Error, ValueError):
                brought = b""
        if scheme.lower() not in (b"bearer", b"basic") or not hmac.compare_digest(brought.strip(), self._token):
            raise Refused(
                401,
                "token",
                "the request has no valid token." if brought else "the request has no token.",
                "send Authorization: Bearer $TACIT_TOKEN",
                {"www-authenticate": 'Bearer realm="tacit", Basic realm="tacit", charset="UTF-8"'},
            )


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only be reached from this machine.

    Example:
        >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("::1"), is_loopback("0.0.0.0")
        (True, True, True, False)
    """
    if host.lower() == "localhost" or host.lower().endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _names_this_machine(host: bytes) -> bool:
    try:
        return is_loopback(urlsplit(f"//{host.decode('ascii')}").hostname or "")
    except ValueError:
        return False


def _is_same(origin: bytes, host: bytes) -> bool:
    return origin.lower().partition(b"://")[2] == host.lower()


def _too_large() -> Refused:
    return Refused(413, "too large", f"the body has more than {MAX_BODY // 2**20} MiB.", "send fewer rows, or smaller images")


def _limited(receive: Receive) -> Receive:
    """`receive`, which gives no more than `MAX_BODY` bytes and takes no longer than `BODY_SECONDS`."""
    size, whole = 0, False
    end = asyncio.get_running_loop().time() + BODY_SECONDS

    async def limited() -> Message:
        nonlocal size, whole
        if whole:
            return await receive()
        try:
            async with asyncio.timeout_at(end):
                message = await receive()
        except TimeoutError:
            slow = f"the body did not come within {BODY_SECONDS:.0f} s."
            raise Refused(408, "too slow", slow, "send it again, in smaller parts", {"connection": "close"}) from None
        size += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        if size > MAX_BODY:
            raise _too_large()
        return message

    return limited
