"""The application: the routes of a project behind one guard."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tacit import pages
from tacit.errors import TacitError
from tacit.project import Project
from tacit.server.api import Api
from tacit.server.docs_page import docs_page, docs_style
from tacit.server.guard import Guard
from tacit.server.meters import Meters
from tacit.server.openapi import document
from tacit.server.replies import Refused, on_http_error, on_refused, on_tacit_error, reply

__all__ = ["create_app"]

_log = logging.getLogger("tacit.server")


def create_app(project: Project, *, token: str | None = None) -> FastAPI:
    """The application of a project, for any ASGI server.

    Arguments:
        project: Its tasks are those in `tasks/` now; models are looked up for every request.
        token: What clients have to send as `Authorization: Bearer ...`. Without one, only requests that name this
            machine (`Host: localhost`, `127.0.0.1` or `[::1]`) are answered.

    Raises:
        TaskError: A task file cannot be loaded.
    """
    meters = Meters()
    api = Api(project, meters)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        for fault in await run_in_threadpool(api.warm_up):
            _log.warning("%s", fault)
        yield
        await run_in_threadpool(api.close)

    app = FastAPI(lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.add_middleware(Guard, token=token, meters=meters, tasks=project.tasks)
    app.add_exception_handler(TacitError, on_tacit_error)
    app.add_exception_handler(Refused, on_refused)

    async def missing(request: Request, error: Exception) -> Response:
        """People get a page, programs get JSON."""
        by_browser = "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1")
        if by_browser and getattr(error, "status_code", None) == 404:
            return await run_in_threadpool(pages.not_found, project, request.url.path)
        return await on_http_error(request, error)

    app.add_exception_handler(HTTPException, missing)

    # Plain routes: what is sent is checked by the task's own types, so that there is nothing for the framework to check.
    app.add_route("/v1", api.tasks, methods=["GET"])
    app.add_route("/v1/feedback", api.feedback, methods=["POST"])
    app.add_route("/v1/{task}", api.predict, methods=["POST"])
    app.add_route("/v1/{task}", api.describe, methods=["GET"])
    app.add_route("/v1/{task}/batch", api.batch, methods=["POST"])
    app.add_route("/v1/{task}/observe", api.observe, methods=["POST"])
    app.add_route("/v1/{task}/top", api.top, methods=["POST"])
    app.add_route("/health", api.health, methods=["GET"])
    app.add_route("/metrics", api.metrics, methods=["GET"])

    def openapi(request: Request) -> Response:
        return reply(document(project, secured=token is not None))

    def docs(request: Request) -> Response:
        return HTMLResponse(docs_page(document(project, secured=token is not None), str(request.base_url).rstrip("/")))

    def style(request: Request) -> Response:
        return Response(docs_style(), media_type="text/css")

    app.add_route("/openapi.json", openapi, methods=["GET"])
    app.add_route("/docs", docs, methods=["GET"])
    app.add_route("/docs/style.css", style, methods=["GET"])
    app.include_router(pages.router(project))
    return app
