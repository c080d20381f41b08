"""MLPerf logs and DAWNBench entries, made for tests: as small as the things that matter in them allow."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

START = 1_560_000_000.0


def v05(key: str, time: float, value: Any = None, *, benchmark: str = "resnet") -> str:
    said = "" if value is None else f": {json.dumps(value)}"
    return f":::MLPv0.5.0 {benchmark} {START + time:.9f} (train.py:49) {key}{said}"


def v06(key: str, time: float, value: Any = None, **metadata: Any) -> str:
    return (
        f":::MLL {START + time:.3f} {key}: {json.dumps({'value': value, 'metadata': {'lineno': 1, 'file': 'a.py', **metadata}})}"
    )


def v07(key: str, time: float, value: Any = None, **metadata: Any) -> str:
    said = {"namespace": "", "time_ms": round(1000 * (START + time)), "event_type": "POINT_IN_TIME", "key": key, "value": value}
    return ":::MLLOG " + json.dumps({**said, "metadata": {"file": "a.py", "lineno": 1, **metadata}})


def log06(
    seconds: float = 600, *, benchmark: str = "resnet", status: str = "success", score: Any = 0.76, write: Any = v06
) -> list[str]:
    """The lines of a compliant run that takes so many seconds, in v0.6, or with `write=v07` in v0.7."""
    about = {"org": "Lab", "platform": "box", "division": "closed", "status": "onprem", "benchmark": benchmark}
    return [
        *(write(f"submission_{key}", -30, value) for key, value in about.items()),
        write("submission_poc_name", -30, "Ann Onymous"),
        write("submission_poc_email", -30, "ann@example.org"),
        write("cache_clear", -20, True),
        write("init_start", -15),
        write("init_stop", -0.001),
        write("run_start", 0),
        write("epoch_start", 0, epoch_num=1),
        write("epoch_stop", seconds / 2, epoch_num=1),
        write("eval_accuracy", seconds / 2, 0.2, epoch_num=1),
        write("epoch_start", seconds / 2, epoch_num=2),
        write("epoch_stop", seconds - 1, epoch_num=2),
        write("eval_accuracy", seconds - 1, score, epoch_num=2),
        write("run_stop", seconds, status=status),
    ]


def log05(
    seconds: float = 600, *, benchmark: str = "resnet", stop: Any = None, score: float = 0.75, target: float | None = None
) -> list[str]:
    """The lines of a run in v0.5. `stop` is the value of run_stop, None is none."""
    return [
        v05("run_start", 0, benchmark=benchmark),
        v05("eval_accuracy", seconds / 2, {"epoch": 1, "value": 0.2}, benchmark=benchmark),
        v05("eval_accuracy", seconds - 1, {"epoch": 2, "value": score}, benchmark=benchmark),
        *([] if target is None else [v05("eval_target", seconds - 1, target, benchmark=benchmark)]),
        v05("run_stop", seconds, stop, benchmark=benchmark),
        v05("run_final", seconds + 1, benchmark=benchmark),
    ]


def write_log(path: Path, lines: Sequence[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_set(folder: Path, logs: Sequence[Sequence[str]]) -> Path:
    """Logs as result_0.txt, result_1.txt, ..."""
    for number, lines in enumerate(logs):
        write_log(folder / f"result_{number}.txt", lines)
    return folder


def write_training(
    folder: Path, name: str, rows: Sequence[Sequence[object]] | str, *, task: str = "CIFAR10", **fields: Any
) -> None:
    """An entry of training: rows of (epoch, hours, score), or the text of the TSV file. `fields` go into the JSON, None takes one out."""
    metric = {"CIFAR10": "top1Accuracy", "ImageNet": "top5Accuracy", "SQuAD": "f1Score"}.get(task, "accuracy")
    place = folder / task / "train"
    place.mkdir(parents=True, exist_ok=True)
    header = f"epoch\thours\t{metric}\n"
    text = rows if isinstance(rows, str) else header + "".join("\t".join(map(str, row)) + "\n" for row in rows)
    (place / f"{name}.tsv").write_text(text, encoding="utf-8")
    write_json(place / f"{name}.json", **{"costPerHour": 2.0, **fields})


def write_inference(folder: Path, name: str, *, task: str = "CIFAR10", **fields: Any) -> None:
    place = folder / task / "inference"
    place.mkdir(parents=True, exist_ok=True)
    write_json(place / f"{name}.json", **{"latency": 10.0, "cost": 1e-6, "top1Accuracy": 95.0, **fields})


def write_json(path: Path, **fields: Any) -> None:
    about = {
        "version": "v1.0",
        "author": "Ann Onymous",
        "authorEmail": "ann@example.org",
        "framework": "any",
        "model": "net",
        "hardware": "box",
        "timestamp": "2018-03-01",
    }
    both = {key: value for key, value in {**about, **fields}.items() if value is not None}
    path.write_text(json.dumps(both), encoding="utf-8")
