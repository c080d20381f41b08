"""Commands about tasks in use: serve, feedback."""

from __future__ import annotations

import json
from typing import Any

import click

import tacit
from tacit.cli.completing import TASK
from tacit.cli.printing import Lines, verb
from tacit.errors import OptionError

__all__ = ["feedback", "serve"]


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; off loopback TACIT_TOKEN is required.")
@click.option("--port", default=8000, show_default=True, type=int, help="The port; 0 takes a free one.")
@click.option("--json", "as_json", is_flag=True, help="Print the address as JSON.")
@click.option("--trace", is_flag=True, help="Show the Python trace of an error.")
def serve(host: str, port: int, as_json: bool, trace: bool) -> None:
    """Serve the project's tasks over HTTP, with its pages."""
    from tacit.project import current
    from tacit.server import serve

    project = current()
    names = sorted(project.tasks)

    def say(url: str) -> None:
        told = f"{', '.join(names)} at {url}  (HTTP: {url}/docs; Ctrl-C stops)"
        click.echo(json.dumps({"url": url, "tasks": names}) if as_json else told)

    serve(project, host=host, port=port, on_ready=say)


@click.command()
@click.argument("task", type=TASK)
@click.argument("prediction", required=False)
@click.argument("value", required=False)
@click.option("--by", default="", help="Who says so.")
@click.option("--list", "listing", is_flag=True, help="List all feedback on the task instead; --json: an object a line.")
@verb
def feedback(task: str, prediction: str | None, value: str | None, listing: bool, by: str) -> Any:
    """Say what the answer of a logged PREDICTION should have been: VALUE."""
    if listing:
        return Lines(tacit.feedbacks(task))
    if prediction is None or value is None:
        raise OptionError(
            "feedback takes the id of a prediction and a value",
            next=f"tacit feedback {task} PREDICTION_ID VALUE, or tacit feedback {task} --list",
        )
    return tacit.feedback(task, prediction, value, by=by)
