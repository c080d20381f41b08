"""The OpenAPI document of a project: one set of paths for each task, made from its signature, with an example from its data."""

from __future__ import annotations

import json
from typing import Any

import tacit
from tacit.project import Project
from tacit.server.inputs import has_images
from tacit.server.schemas import sample, schema_of
from tacit.tasks import Task
from tacit.types import Category, Kind, Maybe

__all__ = ["document", "example_of"]

_LONGEST = 600
_ERROR = {
    "type": "object",
    "properties": {
        "kind": {"type": "string", "description": "The class of the error, in words."},
        "message": {"type": "string", "description": "What happened, where, and what would be right."},
        "next": {"type": "string", "description": "One line to type or send."},
    },
    "required": ["kind", "message", "next"],
}
_FEEDBACK = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "description": "Of a prediction."},
        "value": {"description": "Of the task's return type."},
        "by": {"type": "string", "maxLength": 200, "description": "Who says so; it is estimated how far they are to be trusted."},
    },
    "required": ["id", "value"],
    "additionalProperties": False,
}


def document(project: Project, *, secured: bool = False) -> dict[str, Any]:
    """OpenAPI 3.1.

    Arguments:
        secured: Whether requests need a token.
    """
    paths: dict[str, Any] = {
        "/v1": {"get": _operation("List the tasks", "tasks", _described())},
        "/v1/feedback": {"post": _feedback()},
    }
    for _, task in sorted(project.tasks.items()):
        paths |= _paths(project, task)
    paths["/health"] = {"get": _operation("Say whether the server can answer", "health", {"type": "object"}) | {"security": []}}
    paths["/metrics"] = {"get": _metrics()}
    components: dict[str, Any] = {"schemas": {"Error": _ERROR}}
    made: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": project.root.name or "tacit", "version": tacit.__version__},
        "paths": paths,
        "components": components,
    }
    if secured:
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        made["security"] = [{"token": []}]
    return made


def example_of(project: Project, task: Task[..., Any]) -> dict[str, Any]:
    """The inputs of a stored example that is short enough to read, else made up from the types."""
    if not has_images(task):
        for page in project.store.examples(task.name, batch=20):
            short = [e.inputs for e in page if len(json.dumps(e.inputs)) <= _LONGEST]
            if short:
                return short[0]
            break
    return {name: sample(kind) for name, kind in task.signature.inputs.items()}


def _paths(project: Project, task: Task[..., Any]) -> dict[str, Any]:
    inputs, answer = _inputs(task), _answer(task.signature.output)
    example = example_of(project, task)
    rows = {"type": "object", "properties": {"rows": {"type": "array", "items": inputs}}, "required": ["rows"]}
    many = {"type": "object", "properties": {"predictions": {"type": "array", "items": answer}}, "required": ["predictions"]}
    one = _operation(task.question.partition("\n")[0] or f"Ask {task.name}", f"predict_{task.name}", answer, tag=task.name)
    body: dict[str, Any] = {"application/json": {"schema": inputs, "example": example}}
    if has_images(task):
        body["multipart/form-data"] = {"schema": _inputs(task, form=True)}
    one["requestBody"] = {"required": True, "content": body}
    each = _operation(f"Ask {task.name} about many rows", f"batch_{task.name}", many, tag=task.name)
    each["requestBody"] = _json_body(rows, {"rows": [example]})
    told = _operation(f"Describe {task.name}: signature, release, metrics", f"describe_{task.name}", _described(), tag=task.name)
    return {f"/v1/{task.name}": {"get": told, "post": one}, f"/v1/{task.name}/batch": {"post": each}}


def _inputs(task: Task[..., Any], *, form: bool = False) -> dict[str, Any]:
    """Parameters by name; of a lone record its fields will do."""
    kinds = task.signature.inputs
    needed = [name for name, kind in kinds.items() if not isinstance(kind, Maybe)]
    nested = _object({name: schema_of(kind, form=form) for name, kind in kinds.items()}, needed)
    if task.signature.record is None:
        return nested
    fields = schema_of(task.signature.record[1], form=form)
    return fields if form else {"anyOf": [nested, fields]}


def _answer(output: Kind) -> dict[str, Any]:
    share = {"type": "number", "minimum": 0, "maximum": 1}
    scores = dict.fromkeys(output.names, share) if isinstance(output, Category) and len(output.names) <= 100 else {}
    parts = {
        "value": schema_of(output),
        "confidence": {"anyOf": [share, {"type": "null"}]},
        "scores": {"type": "object", "properties": scores, "additionalProperties": share},
        "release": {"type": "integer"},
        "id": {"type": "string", "description": "By which feedback refers to this prediction."},
    }
    return _object(parts, list(parts))


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required}


def _described() -> dict[str, Any]:
    return {"type": "object", "description": "Signature, live release and its metrics."}


def _feedback() -> dict[str, Any]:
    operation = _operation("Say what an answer should have been", "feedback", {"type": "object"})
    operation["requestBody"] = _json_body(_FEEDBACK, {"id": "0123456789abcdef0123456789abcdef", "value": "..."})
    return operation


def _metrics() -> dict[str, Any]:
    operation = _operation("Counts and latencies for Prometheus", "metrics", {})
    operation["responses"]["200"]["content"] = {"text/plain": {"schema": {"type": "string"}}}
    return operation


def _json_body(schema: dict[str, Any], example: Any) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}


def _operation(summary: str, id: str, answer: dict[str, Any], *, tag: str = "server") -> dict[str, Any]:
    error = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
    return {
        "summary": summary,
        "operationId": id,
        "tags": [tag],
        "responses": {
            "200": {"description": "The answer.", "content": {"application/json": {"schema": answer}}},
            "default": {"description": "What is wrong, and what to do next.", **error},
        },
    }
