"""The text that Prometheus reads."""

from __future__ import annotations

import re

from tacit.server.meters import BUCKETS, Meters


def test_buckets_add_up_to_the_count() -> None:
    meters = Meters()
    for seconds in (0.0005, 0.001, 0.03, 99.0):
        meters.request("sentiment", "predict", 200, seconds)
    text = meters.text()
    series = [int(n) for n in re.findall(r'seconds_bucket\{task="sentiment",route="predict",le="[^"]+"\} (\d+)', text)]
    assert len(series) == len(BUCKETS) + 1
    assert series == sorted(series)
    assert (series[0], series[-1]) == (2, 4)
    assert 'tacit_request_seconds_sum{task="sentiment",route="predict"} 99.031500' in text
    assert 'tacit_request_seconds_count{task="sentiment",route="predict"} 4' in text


def test_every_line_is_of_the_format() -> None:
    meters = Meters()
    meters.request("", "health", 200, 0.1)
    meters.request("sentiment", "predict", 422, 0.1)
    meters.predicted("sentiment", 12)
    meters.corrected("sentiment")
    for line in meters.text().splitlines():
        assert re.fullmatch(r"# (HELP|TYPE) \w+ .+|\w+\{\w+=\"[^\"]*\"(,\w+=\"[^\"]*\")*\} [\d.]+", line), line
    assert 'tacit_predictions_total{task="sentiment"} 12' in meters.text()
    assert 'tacit_feedback_total{task="sentiment"} 1' in meters.text()
