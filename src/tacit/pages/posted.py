"""What a form sent, read within limits, and only from the pages themselves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from tacit.errors import OptionError
from tacit.pages.shell import Elsewhere, Refused, Shell

__all__ = ["LARGEST", "Posted", "reader"]

LARGEST = 32_000_000
"""The most bytes of a form."""

_FIELDS, _TEXT = 20_000, 5_000_000


@dataclass(frozen=True)
class Posted:
    """The fields of a form.

    Attributes:
        texts: Name -> what was sent under it, in order; line ends are \\n.
        files: Name -> bytes of the file that was chosen.
    """

    texts: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """The first text under a name; "" where there is none."""
        return next(iter(self.texts.get(name, [])), "")


def reader(shell: Shell) -> Callable[[Request], Awaitable[Posted]]:
    """What `Depends` takes in a route that changes something or costs work."""

    async def read(request: Request) -> Posted:
        _check_origin(request)
        try:
            async with Request(request.scope, _limited(request.receive)).form(
                max_files=200, max_fields=_FIELDS, max_part_size=_TEXT
            ) as form:
                posted = await _taken(form)
        except HTTPException as error:
            raise Refused(
                422, OptionError(f"the form cannot be read ({error.detail})", next="go back and send it again")
            ) from None
        if not shell.owns(posted.one("token")):
            raise Refused(
                403,
                OptionError(
                    "the form is not of this server, or was opened before it started",
                    right="a form is taken from the page that the running server made",
                    next="go back, reload the page and send it again",
                ),
            )
        return posted

    return read


def _check_origin(request: Request) -> None:
    """Refuse what another site sent. Browsers say so in headers that scripts cannot change."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    if site in ("same-origin", "none") and (origin is None or urlsplit(origin).netloc == request.headers.get("host")):
        return
    raise Refused(
        403,
        OptionError(
            "the form was sent by another site",
            right="forms are taken from these pages only",
            next="open the page here and send it from there",
        ),
    )


def _limited(receive: Receive) -> Receive:
    received = 0

    async def limited() -> Message:
        nonlocal received
        try:
            message = await receive()
        except Exception as error:
            raise Elsewhere from error
        received += len(message.get("body", b""))
        if received > LARGEST:
            raise Refused(413, OptionError(f"the form has more than {LARGEST // 1_000_000} MB", next="send a smaller file"))
        return message

    return limited


async def _taken(form: FormData) -> Posted:
    posted = Posted()
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if content := await value.read():
                posted.files[name] = content
        else:
            posted.texts.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return posted
