"""`/docs`: the OpenAPI document as a page of plain HTML, which needs neither a network nor scripts."""

from __future__ import annotations

import functools
import json
import shlex
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

__all__ = ["docs_page", "docs_style"]


def docs_page(document: dict[str, Any], base: str) -> str:
    """The page.

    Arguments:
        document: An OpenAPI document of this server.
        base: The address of the server, as clients reach it.
    """
    operations = [
        {
            "method": method.upper(),
            "path": path,
            "summary": operation["summary"],
            "id": operation["operationId"],
            "request": _pretty(_content(operation.get("requestBody", {}).get("content", {})).get("schema")),
            "answer": _pretty(_content(operation["responses"]["200"]["content"]).get("schema")),
            "curl": _curl(method, base + path, operation, "security" in document and "security" not in operation),
        }
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    return _templates().get_template("docs.html").render(info=document["info"], operations=operations)


@functools.cache
def docs_style() -> str:
    """The style sheet of the page."""
    return (Path(__file__).parent / "templates" / "docs.css").read_text(encoding="utf-8")


@functools.cache
def _templates() -> Environment:
    return Environment(loader=PackageLoader("tacit.server"), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def _content(content: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(iter(content.values()), {})
    return found


def _pretty(schema: Any) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) if schema else ""


def _curl(method: str, url: str, operation: dict[str, Any], token: bool) -> str:
    words = ["curl", url] if method == "get" else ["curl", "-X", method.upper(), url]
    parts = [shlex.join(words)]
    if token:
        parts.append('-H "Authorization: Bearer $TACIT_TOKEN"')
    example = _content(operation.get("requestBody", {}).get("content", {})).get("example")
    if example is not None:
        parts += ["-H 'Content-Type: application/json'", "-d " + shlex.quote(json.dumps(example, ensure_ascii=False))]
    return " \\\n     ".join(parts)
