"""What is sent back: JSON, with every error as `kind`, `message` and `next`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tacit.errors import (
    ArtifactError,
    MissingExtra,
    ModelError,
    StoreError,
    TacitError,
    TrainingError,
    UnknownExample,
    UnknownPrediction,
    UnknownTask,
    quote,
)

__all__ = ["Refused", "broken", "on_http_error", "on_refused", "on_tacit_error", "reply", "status_of"]

# The first that fits; whatever else is wrong is wrong with the input.
_STATUS: tuple[tuple[type[TacitError], int], ...] = (
    (UnknownTask, 404),
    (UnknownPrediction, 404),
    (UnknownExample, 404),
    (ArtifactError, 503),
    (StoreError, 503),
    (MissingExtra, 503),
    (ModelError, 409),
    (TrainingError, 409),
)


@dataclass(eq=False)
class Refused(Exception):
    """A request that is turned away before any task sees it: it is too large, has no token, comes too slowly.

    Attributes:
        status: The HTTP status.
        kind, message, next: What is sent.
        headers: What this status has to have.
    """

    status: int
    kind: str
    message: str
    next: str
    headers: Mapping[str, str] | None = None

    def response(self) -> Response:
        """The refusal as it is sent."""
        return reply({"kind": self.kind, "message": self.message, "next": self.next}, status=self.status, headers=self.headers)


def reply(data: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON, in ASCII so that half a surrogate pair in an error message can be sent, and never kept by a cache."""
    content = json.dumps(data, separators=(",", ":"), allow_nan=False)
    return Response(content, status, {"cache-control": "no-store", **(headers or {})}, "application/json")


def status_of(error: TacitError) -> int:
    """The HTTP status of an error.

    Example:
        >>> status_of(UnknownTask("there is no task x", next="tacit db status"))
        404
    """
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 422)


async def on_tacit_error(request: Request, error: Exception) -> Response:
    """An error of the tree, as it is sent."""
    assert isinstance(error, TacitError)
    status = status_of(error)
    return reply(error.to_dict(), status=status, headers={"retry-after": "1"} if status == 503 else None)


async def on_refused(request: Request, error: Exception) -> Response:
    """A refusal, as it is sent."""
    assert isinstance(error, Refused)
    return error.response()


async def on_http_error(request: Request, error: Exception) -> Response:
    """What the framework raises: no such path, no such method, a form that cannot be read."""
    assert isinstance(error, HTTPException)
    path = quote(request.url.path)
    if error.status_code == 404:
        return Refused(404, "not found", f"there is nothing at {path}.", "GET /docs").response()
    if error.status_code == 405:
        takes = [r for r in request.app.routes if isinstance(r, Route) and r.path_regex.match(request.url.path)]
        allowed = ", ".join(sorted({method for route in takes for method in route.methods or ()}))
        refused = f"{quote(request.method)} is not understood at {path}; it takes {allowed}."
        return Refused(405, "method", refused, "GET /docs", {"allow": allowed}).response()
    if error.status_code == 400:
        return Refused(
            422, "rows", f"the form cannot be read: {error.detail}", "send JSON, or a form as curl -F makes it"
        ).response()
    return Refused(error.status_code, "request", str(error.detail), "GET /docs", error.headers).response()


def broken() -> Response:
    """The answer to a request that found a bug in tacit or in a task's own code."""
    message = "the server failed at this request; its log says where."
    return reply({"kind": "internal", "message": message, "next": "read the log of tacit serve, and report it"}, status=500)
