"""The HTTP door: predict, batch, feedback and descriptions of tasks over HTTP, beside the pages.

`create_app` makes the application, `serve` runs it.
"""

from tacit.server.app import create_app
from tacit.server.running import serve

__all__ = ["create_app", "serve"]
