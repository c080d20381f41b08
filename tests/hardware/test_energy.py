"""Tests of energy, with counters in a folder and a program that says what GPUs draw."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from tacit.hardware import measured

NOTHING = "a-program-that-is-not-there"


def zone(powercap: Path, number: str, name: str, microjoules: int, most: int = 1_000_000_000) -> Path:
    folder = powercap / f"intel-rapl:{number}"
    folder.mkdir(parents=True)
    for file, content in (("name", name), ("energy_uj", microjoules), ("max_energy_range_uj", most)):
        (folder / file).write_text(f"{content}\n", encoding="ascii")
    return folder


def smi(folder: Path, lines: list[str]) -> str:
    """A program that says these lines, then waits until it is ended."""
    program = folder / "smi"
    said = "\n".join(lines)
    program.write_text(
        f"#!{sys.executable}\nimport sys, time\nprint({said!r}, flush=True)\nopen({str(folder / 'asked')!r}, 'w').write(' '.join(sys.argv[1:]))\ntime.sleep(60)\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    return str(program)


def wait_for(path: Path) -> None:
    until = time.monotonic() + 20
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.02)


def test_counters_of_packages_and_memory_are_added_up(tmp_path: Path) -> None:
    package, core = zone(tmp_path, "0", "package-0", 5_000_000), zone(tmp_path, "0:0", "core", 1_000_000)
    memory, whole = zone(tmp_path, "0:1", "dram", 100), zone(tmp_path, "1", "psys", 7_000_000)
    with measured(powercap=tmp_path, nvidia=NOTHING) as energy:
        for folder, now in ((package, 17_000_000), (core, 9_000_000), (memory, 500_100), (whole, 90_000_000)):
            (folder / "energy_uj").write_text(str(now), encoding="ascii")
    # Cores are part of their package, and "psys" is all of it once more.
    assert energy.processor.joules == pytest.approx(12.5)
    assert energy.processor.source == "RAPL, package-0, dram"


def test_a_counter_that_begins_anew_has_not_gone_back(tmp_path: Path) -> None:
    package = zone(tmp_path, "0", "package-0", 9_000_000, most=10_000_000)
    with measured(powercap=tmp_path, nvidia=NOTHING) as energy:
        (package / "energy_uj").write_text("2_000_000".replace("_", ""), encoding="ascii")
    assert energy.processor.joules == pytest.approx(3)


def test_what_is_not_known_is_not_zero(tmp_path: Path) -> None:
    with measured(powercap=tmp_path / "nothing", nvidia=NOTHING) as energy:
        pass
    assert energy.processor.joules is None
    assert energy.processor.source == f"this system has no {tmp_path / 'nothing'}"
    assert energy.gpu.joules is None
    assert energy.gpu.source == f"there is no {NOTHING}"
    assert "processor unknown (this system has no" in str(energy)
    with measured(powercap=tmp_path, nvidia=NOTHING) as energy:
        pass
    assert energy.processor.source == f"{tmp_path} has no counter of a processor"


def test_a_counter_that_cannot_be_read_tells_why(tmp_path: Path) -> None:
    (zone(tmp_path, "0", "package-0", 1) / "energy_uj").unlink()
    with measured(powercap=tmp_path, nvidia=NOTHING) as energy:
        pass
    assert energy.processor.joules is None
    assert energy.processor.source.startswith("No such file or directory: the counters of")


def test_a_counter_that_goes_away_tells_why(tmp_path: Path) -> None:
    package = zone(tmp_path, "0", "package-0", 1)
    with measured(powercap=tmp_path, nvidia=NOTHING) as energy:
        (package / "energy_uj").write_text("later", encoding="ascii")
    assert energy.processor.joules is None
    assert "could not be read any more" in energy.processor.source


def test_the_power_of_gpus_is_integrated(tmp_path: Path) -> None:
    lines = [f"{gpu}, 2026/01/01 00:00:0{s}.000, {w}" for s, w in ((0, 100.0), (1, 300.0), (2, 300.0)) for gpu in (0, 1)]
    with measured(powercap=tmp_path, nvidia=smi(tmp_path, lines)) as energy:
        wait_for(tmp_path / "asked")
    # The mean power of a GPU is (200 + 300) / 2 watts.
    assert energy.gpu.joules == pytest.approx(2 * 250 * energy.seconds)
    assert energy.gpu.watts == ((0, 200), (1, 600), (2, 600))
    assert energy.gpu.source == "power of 2 GPU, 3 samples"


def test_only_the_gpus_that_this_process_may_use_are_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1,3")
    with measured(powercap=tmp_path, nvidia=smi(tmp_path, [])):
        wait_for(tmp_path / "asked")
    assert "--id=1,3" in (tmp_path / "asked").read_text(encoding="utf-8")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    with measured(powercap=tmp_path, nvidia=smi(tmp_path, [])) as energy:
        pass
    assert energy.gpu.source == "CUDA_VISIBLE_DEVICES hides all GPUs"


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (
            ["0, 2026/01/01 00:00:00.000, [N/A]"],
            "nvidia-smi does not tell what the GPU draws: '0, 2026/01/01 00:00:00.000, [N/A]'",
        ),
        (["0, 2026/01/01 00:00:00.000, 90.0", "0, 2026"], "nvidia-smi gave fewer than two samples"),
    ],
)
def test_a_gpu_that_does_not_tell_is_unknown(tmp_path: Path, lines: list[str], why: str) -> None:
    with measured(powercap=tmp_path, nvidia=smi(tmp_path, lines)) as energy:
        wait_for(tmp_path / "asked")
    assert energy.gpu.joules is None
    assert why in energy.gpu.source


def test_an_error_in_the_block_ends_the_measurement(tmp_path: Path) -> None:
    program = smi(tmp_path, [])
    with pytest.raises(KeyError), measured(powercap=tmp_path, nvidia=program) as energy:
        raise KeyError
    assert energy.seconds > 0
    assert energy.gpu.joules is None
