"""All pages as one router."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from tacit.errors import OptionError, TacitError
from tacit.pages import audit_page, bench_page, example_pages, overview, pictures, releasing, task_page, trying
from tacit.pages.shell import Shell, status_of
from tacit.project import Project

__all__ = ["error_page", "not_found", "router"]

_PARTS = (overview, task_page, trying, releasing, audit_page, bench_page, example_pages, pictures)


def router(project: Project) -> APIRouter:
    """The pages of a project: `/`, `/tasks/...`, `/bench` and `/static/...`.

    Forms are taken from these pages only: each carries a token that no other site can read, and browsers say where a
    request comes from. Release and roll back act on the project that is open, so that has to be this one.

    Example:
        app = FastAPI()
        app.include_router(tacit.pages.router(tacit.open("shop")))
    """
    shell = Shell(project)
    routes = APIRouter(route_class=shell.route_class, include_in_schema=False)
    shell.add(routes)
    for part in _PARTS:
        part.add(routes, shell)
    return routes


def error_page(project: Project, error: TacitError, status: int | None = None) -> Response:
    """An error as a page with its four parts, for what goes wrong outside the pages' own routes.

    Arguments:
        project: Whose name is shown.
        error: What happened.
        status: The HTTP status; by default the one that fits the error.
    """
    return Shell(project).error(error, status or status_of(error))


def not_found(project: Project, path: str) -> Response:
    """The page for an address where nothing is, with status 404."""
    return Shell(project).error(_nothing_at(path), 404)


def _nothing_at(path: str) -> TacitError:
    return OptionError(
        "there is no page at this address", where=path[:200], right="all tasks are on the first page", next="open /"
    )
