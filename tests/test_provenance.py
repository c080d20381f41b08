"""Machine and versions."""

from __future__ import annotations

import json
import platform

import numpy

from tacit.provenance import machine, versions


def test_they_name_this_machine_and_what_is_installed_as_json() -> None:
    assert machine()["python"] == platform.python_version()
    assert isinstance(machine()["cores"], int)
    assert versions()["numpy"] == numpy.__version__
    json.dumps([machine(), versions()])
