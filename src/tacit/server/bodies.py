"""The body of a request: JSON or a form, which is data and never a path, a type or code."""

from __future__ import annotations

import json
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request

from tacit.errors import RowsError, quote

__all__ = ["LARGE", "read_json", "read_row"]

LARGE = 64 * 1024
"""Bodies of more bytes are parsed by a thread, so that they keep nobody else waiting."""

_MAX_PARTS = 1000


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number in JSON")


_decode = json.JSONDecoder(parse_constant=_no_constant).decode


async def read_json(request: Request, *, next: str) -> Any:
    """The body as JSON, whatever type it claims to be.

    Arguments:
        next: What the error says to send.

    Raises:
        RowsError: It is no JSON, or is nested too deeply.
    """
    body = await request.body()
    return await run_in_threadpool(_parsed, body, next) if len(body) > LARGE else _parsed(body, next)


async def read_row(request: Request, *, next: str) -> tuple[Any, int]:
    """The inputs of one example, from JSON or a multipart form, and their size in bytes.

    The fields of a form are text, its files bytes.

    Raises:
        RowsError: The body cannot be read, or a form has a field twice.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        data = await read_json(request, next=next)
        return data, len(await request.body())
    row: dict[str, Any] = {}
    size = 0
    async with request.form(max_files=_MAX_PARTS, max_fields=_MAX_PARTS) as form:
        for name, value in form.multi_items():
            if name in row:
                raise RowsError(f"the form has {quote(name)} twice", right="each input has one value", next=next)
            row[name] = await value.read() if isinstance(value, UploadFile) else value
            size += len(row[name])
    return row, size


def _parsed(body: bytes, next: str) -> Any:
    if not body:
        raise RowsError("the request has no body", next=next)
    try:
        return _decode(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise RowsError(f"the body is not UTF-8 at byte {error.start}", right="it is JSON", next=next) from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise RowsError(f"the body is no JSON ({error.msg})", where=where, next=next) from None
    except ValueError as error:  # NaN, or a number of thousands of digits
        raise RowsError(f"the body is no JSON ({quote(str(error), length=120)})", next=next) from None
    except RecursionError:
        raise RowsError(
            "the body is nested too deeply", right="inputs are values, lists and objects of them", next=next
        ) from None
