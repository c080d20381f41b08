"""Running the application until it is told to stop."""

from __future__ import annotations

import logging
import os
import re
import socket
from collections.abc import Callable

import uvicorn

from tacit.errors import OptionError, UnknownTask, quote
from tacit.project import Project
from tacit.server.app import create_app
from tacit.server.guard import is_loopback

__all__ = ["serve"]

_GRACE_SECONDS = 10
_IDLE_SECONDS = 75  # longer than the 60 s after which most proxies give up an idle connection themselves


def serve(project: Project, *, host: str, port: int, on_ready: Callable[[str], None]) -> None:
    """Answer requests until SIGTERM or Ctrl-C; requests under way are finished, for 10 s at most.

    Arguments:
        host: A name or an address of this machine.
        port: From 0 to 65535; 0 takes a free one.
        on_ready: Called with the address as soon as requests are answered.

    Raises:
        OptionError: The address is in use, or not this machine's; or others can reach it and `TACIT_TOKEN` is not set.
        UnknownTask: The project has no tasks.
        TaskError: A task file cannot be loaded.
    """
    token = _token(host)
    if not project.tasks:
        raise UnknownTask(
            f"{project.root} has no tasks to serve",
            right="tasks are typed functions with @task in tasks/*.py",
            next="tacit new NAME, or cd to the folder of a project",
        )
    listening = _bind(host, port)
    logging.getLogger("python_multipart").setLevel(logging.ERROR)  # or it warns of every form that somebody gets wrong
    try:
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{shown}:{listening.getsockname()[1]}"
        config = uvicorn.Config(
            create_app(project, token=token),
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            lifespan="on",
            timeout_keep_alive=_IDLE_SECONDS,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        _Server(config, lambda: on_ready(url)).run(sockets=[listening])
    finally:
        listening.close()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()


def _token(host: str) -> str | None:
    token = os.environ.get("TACIT_TOKEN") or None
    if token is None and not is_loopback(host):
        raise OptionError(
            f"{host} can be reached from other machines, and there is no token",
            right="off loopback TACIT_TOKEN is required",
            next=f"TACIT_TOKEN=$(openssl rand -hex 16) tacit serve --host {host}",
        )
    if token is not None and not re.fullmatch(r"[!-~]+", token):
        raise OptionError(
            "TACIT_TOKEN cannot be sent in a header",
            right="it is ASCII without spaces",
            next="export TACIT_TOKEN=$(openssl rand -hex 16)",
        )
    return token


def _bind(host: str, port: int) -> socket.socket:
    if not 0 <= port < 65536:
        raise OptionError(f"the port is {port}", right="ports are 0 to 65535", next="tacit serve --port 8000")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (socket.gaierror, UnicodeError):
        raise OptionError(f"{quote(host)} is no address of this machine", next="tacit serve --host 127.0.0.1") from None
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(2048)
        listening.set_inheritable(True)
    except OSError as error:
        listening.close()
        raise OptionError(
            f"port {port} of {host} cannot be used ({error.strerror})",
            right="another program listens there, or it is not yours to use",
            next=f"tacit serve --port {port + 1 if port < 65535 else 8000}" if port >= 1024 else "tacit serve --port 8000",
        ) from None
    return listening
