"""What the server counts, in the text format of Prometheus."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping

__all__ = ["BUCKETS", "Meters"]

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper ends of the latency histogram, in seconds; format 0.0.4 of the text format adds +Inf."""


class Meters:
    """Counters and histograms. Only the thread of the event loop touches them, so they need no lock."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._predictions: Counter[str] = Counter()
        self._feedback: Counter[str] = Counter()
        self._latency: dict[tuple[str, str], list[int]] = {}
        self._seconds: defaultdict[tuple[str, str], float] = defaultdict(float)

    def request(self, task: str, route: str, status: int, seconds: float) -> None:
        """Count an answered request. `task` and `route` must come from the server, never from a client: each makes a series."""
        self._requests[task, route, status] += 1
        counts = self._latency.setdefault((task, route), [0] * (len(BUCKETS) + 1))
        counts[bisect_left(BUCKETS, seconds)] += 1
        self._seconds[task, route] += seconds

    def predicted(self, task: str, n: int) -> None:
        """Count examples that were answered."""
        self._predictions[task] += n

    def corrected(self, task: str) -> None:
        """Count one feedback."""
        self._feedback[task] += 1

    def text(self) -> str:
        """All of it, for `GET /metrics`."""
        lines = _head("tacit_requests_total", "counter", "Requests answered.")
        for (task, route, status), n in sorted(self._requests.items()):
            lines.append(f"tacit_requests_total{_labels(task=task, route=route, status=str(status))} {n}")
        lines += _head(
            "tacit_request_seconds", "histogram", "Seconds from the first byte of a request to the last of its answer."
        )
        for (task, route), counts in sorted(self._latency.items()):
            total = 0
            for end, n in zip((*map(str, BUCKETS), "+Inf"), counts, strict=True):
                total += n
                lines.append(f"tacit_request_seconds_bucket{_labels(task=task, route=route, le=end)} {total}")
            lines.append(f"tacit_request_seconds_sum{_labels(task=task, route=route)} {self._seconds[task, route]:.6f}")
            lines.append(f"tacit_request_seconds_count{_labels(task=task, route=route)} {total}")
        for name, counted, what in (
            ("tacit_predictions_total", self._predictions, "Examples answered and logged."),
            ("tacit_feedback_total", self._feedback, "Feedback stored."),
        ):
            lines += _head(name, "counter", what)
            lines += [f"{name}{_labels(task=task)} {n}" for task, n in sorted(counted.items())]
        return "\n".join(lines) + "\n"


def _head(name: str, type: str, what: str) -> list[str]:
    return [f"# HELP {name} {what}", f"# TYPE {name} {type}"]


def _labels(**labels: str) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in _nonempty(labels).items()) + "}"


def _nonempty(labels: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in labels.items() if value}
