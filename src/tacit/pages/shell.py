"""The shell that every page stands in: templates, headers, the stylesheet and script, and errors as pages."""

from __future__ import annotations

import functools
import hashlib
import hmac
import logging
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from importlib import resources
from typing import Any

import jinja2
from fastapi import APIRouter, Request
from fastapi.exceptions import HTTPException, RequestValidationError
from fastapi.responses import HTMLResponse, Response
from fastapi.routing import APIRoute
from markupsafe import Markup

from tacit.auditing import audit
from tacit.errors import (
    ArtifactError,
    GateError,
    NoModel,
    OptionError,
    StoreError,
    TacitError,
    TaskError,
    UnknownExample,
    UnknownPrediction,
    UnknownTask,
)
from tacit.pages import shown
from tacit.pages.beside import Beside
from tacit.pages.measuring import measured
from tacit.project import Project

__all__ = ["HEADERS", "Elsewhere", "Refused", "Shell", "status_of"]

HEADERS = {
    # Nothing from elsewhere, nothing inline: text that gets into a page as markup could still do nothing.
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""On everything that the pages answer."""

SECTIONS = (("task", "", "Task"), ("examples", "/examples", "Examples"), ("audit", "/audit", "Audit"))
"""The pages of one task: the name of the section, what its address ends in, and how the navigation calls it."""

_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
_STATUS: tuple[tuple[type[TacitError], int], ...] = (
    (UnknownTask, 404),
    (UnknownExample, 404),
    (UnknownPrediction, 404),
    (NoModel, 409),
    (GateError, 409),
    (ArtifactError, 503),
    (StoreError, 503),
    (TaskError, 503),
)

_log = logging.getLogger("tacit.pages")


class Refused(Exception):
    """A request that is not answered, with the status and the error that its page shows."""

    def __init__(self, status: int, error: TacitError) -> None:
        super().__init__(str(error))
        self.status, self.error = status, error


class Elsewhere(Exception):
    """What the server in front raised while a form was read, its cause, is the server's to answer."""


@dataclass(frozen=True)
class _File:
    content: bytes
    type: str
    digest: str


def status_of(error: TacitError) -> int:
    """The HTTP status of an error: 404 for what does not exist, 409 and 503 for what is not ready, else 422."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 422)


class Shell:
    """What the pages of one project share.

    Attributes:
        project: The project.
        token: What its forms carry to show that they are its own.
        measurements: The reports on its live releases.
        audits: What they lean on.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.token = secrets.token_urlsafe(24)
        self.measurements = Beside(project, measured, "tacit evaluate {}")
        self.audits = Beside(project, lambda project, task: audit(task), "tacit audit {}")

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page of one template. `task` among the values puts the page under that task, `section` marks where in it."""
        content = (
            _environment()
            .get_template(template)
            .render(project=self.project, token=self.token, sections=SECTIONS, files=_digests(), **values)
        )
        return HTMLResponse(content, status, HEADERS)

    def file(self, template: str, **values: Any) -> str:
        """A page that stands for itself, with the stylesheet in it and nothing that needs a server."""
        css = Markup(_files()["tacit.css"].content.decode())  # noqa: S704  # our own file, and nobody else's text
        return _environment().get_template(template).render(project=self.project, token="", css=css, **values)

    def error(self, error: TacitError, status: int) -> HTMLResponse:
        """An error as a page: what happened, where, what would be right, and what to do next."""
        return self.page("error.html", status, error=error, code=status)

    def owns(self, token: str) -> bool:
        """Whether a form is one of this project's pages'."""
        return hmac.compare_digest(token.encode("utf-8", "replace"), self.token.encode())

    def add(self, routes: APIRouter) -> None:
        """The stylesheet, the script and the icon."""

        @routes.get("/static/{file}")
        def static(file: str) -> Response:
            found = _files().get(file)
            if found is None:
                raise Refused(404, OptionError("there is no such file", where=f"/static/{file[:100]}", next="open /"))
            kept = {"Cache-Control": "public, max-age=31536000, immutable", "ETag": f'"{found.digest}"'}
            return Response(found.content, media_type=found.type, headers=HEADERS | kept)

    @functools.cached_property
    def route_class(self) -> type[APIRoute]:
        """Routes whose errors become pages."""
        shell = self

        class Route(APIRoute):
            def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
                handler = super().get_route_handler()

                async def handle(request: Request) -> Response:
                    try:
                        return await handler(request)
                    except TacitError as error:
                        return shell.error(error, status_of(error))
                    except Elsewhere as gone:
                        raise gone.__cause__ or gone from None
                    except Refused as refused:
                        return shell.error(refused.error, refused.status)
                    except (HTTPException, RequestValidationError):
                        wrong = OptionError(
                            "the address has a part that cannot be read", where=request.url.path[:200], next="open /"
                        )
                        return shell.error(wrong, 422)
                    except Exception as broken:
                        _log.exception("a page broke")
                        return shell.error(_defect(broken, request), 500)

                return handle

        return Route


def _defect(broken: Exception, request: Request) -> TacitError:
    return TacitError(
        f"tacit broke on this page ({type(broken).__name__})",
        where=f"{request.method} {request.url.path[:200]}",
        right="that is a defect of tacit; the server's log has the trace",
        next="tacit doctor",
    )


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tacit.pages"),
        autoescape=True,  # whatever the file is called
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(shown.FILTERS)
    environment.globals["ui"] = environment.get_template("components.html").module
    return environment


@functools.cache
def _files() -> dict[str, _File]:
    found = {}
    for file in resources.files("tacit.pages").joinpath("static").iterdir():
        content = file.read_bytes()
        found[file.name] = _File(
            content, _TYPES[file.name.rpartition(".")[2]], hashlib.blake2b(content, digest_size=8).hexdigest()
        )
    return found


@functools.cache
def _digests() -> dict[str, str]:
    return {name: file.digest for name, file in _files().items()}
