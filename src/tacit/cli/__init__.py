"""The command line: one thin command per verb, printing what the Python function returns."""

from tacit.cli.main import main

__all__ = ["main"]
