"""The log of served predictions and of feedback."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tacit.examples import content_id
from tacit.store import Correction, Row, Served, Store
from tacit.store.journal import unnamed
from tacit.store.statements import chunks


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / ".tacit") as opened:
        yield opened


def served(n: int, task: str = "t", text: str = "", **others: object) -> Served:
    inputs = json.dumps({"x": text or f"text {n}"}, separators=(",", ":"))
    return Served(f"{n:032x}", task, 1, inputs, '"a"', 0.75, 10.0 + n, **others)  # type: ignore[arg-type]


def correction(entry: Served, value: str = '"b"', at: float = 99.0) -> Correction:
    return Correction(entry.id, entry.task, content_id(entry.inputs), entry.inputs, value, at)


def test_a_prediction_comes_back_as_it_was(store: Store) -> None:
    store.append([served(1), Served("f" * 32, "t", None, "{}", "2.5", None, 1.0)])
    first = store.prediction(f"{1:032x}")
    assert first is not None
    assert (first.task, first.release, first.inputs, first.value, first.confidence, first.at) == (
        "t", 1, '{"x":"text 1"}', "a", 0.75, 11.0,
    )  # fmt: skip
    second = store.prediction("f" * 32)
    assert second is not None
    assert (second.release, second.value, second.confidence) == (None, 2.5, None)
    assert store.prediction("0" * 32) is None


def test_predictions_come_page_by_page_in_their_order(store: Store) -> None:
    store.append([served(n) for n in range(25)])
    store.append([served(99, task="other")])
    pages = list(store.predictions("t", batch=10))
    assert [len(page) for page in pages] == [10, 10, 5]
    assert [p.id for page in pages for p in page] == [f"{n:032x}" for n in range(25)]
    assert [p.id for page in store.predictions("t", after=pages[1][-1].seq) for p in page] == [f"{n:032x}" for n in range(20, 25)]
    assert set(store.predictions_named(f"{n:032x}" for n in range(1200))) == {f"{n:032x}" for n in (*range(25), 99)}


def test_images_are_kept_once(store: Store) -> None:
    store.append([served(1, blobs={"ab": b"png"}), served(2, blobs={"ab": b"png", "cd": b"gif"})])
    store.append([served(3, blobs={"cd": b"gif"})])
    assert store.blobs(["ab", "cd"]) == {"ab": b"png", "cd": b"gif"}


def test_a_correction_is_an_event_a_label_and_an_example(store: Store) -> None:
    entry = served(1)
    store.append([entry])
    store.append([correction(entry)])
    ((event,),) = store.feedbacks("t")
    assert (event.prediction, event.inputs, event.value, event.at) == (entry.id, {"x": "text 1"}, "b", 99.0)
    ((example,),) = store.examples("t")
    assert (example.id, example.inputs) == (content_id(entry.inputs), {"x": "text 1"})
    (label,) = store.labels("t")
    assert (label.example_id, label.value, label.source, label.by, label.at) == (
        example.id,
        "b",
        "feedback",
        unnamed(entry.id),
        99.0,
    )


def test_a_prediction_may_be_logged_and_corrected_in_one_transaction(store: Store) -> None:
    entry = served(1)
    store.append([entry, correction(entry)])
    assert len(store.labels("t")) == 1


def test_an_example_that_was_there_stays_as_it_was(store: Store) -> None:
    entry = served(1)
    store.add("t", [Row(content_id(entry.inputs), entry.inputs, extra='{"a":1}', split="test", label='"a"')], source="import")
    store.append([entry, correction(entry)])
    ((example,),) = store.examples("t")
    assert (example.extra, example.split) == ({"a": 1}, "test")
    assert [(label.value, label.source) for label in store.labels("t")] == [("a", "import"), ("b", "feedback")]


def test_said_again_the_newest_word_counts_and_all_are_events(store: Store) -> None:
    entry = served(1)
    store.append([entry])
    for value in ('"b"', '"c"', '"b"'):
        store.append([correction(entry, value)])
    assert [label.value for label in store.labels("t")] == ["b"]
    store.append([correction(entry, '"x"'), correction(entry, '"y"')])
    assert [label.value for label in store.labels("t")] == ["y"]
    assert [e.value for page in store.feedbacks("t", batch=2) for e in page] == ["b", "c", "b", "x", "y"]


def test_feedback_on_several_predictions_of_one_example_all_counts(store: Store) -> None:
    entries = [served(n, text="the same") for n in range(3)]
    store.append([*entries, *map(correction, entries)])
    assert len(store.labels("t")) == 3
    assert store.count("t").examples == 1


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    store.append([served(1)])
    with pytest.raises(Exception, match="UNIQUE"):
        store.append([served(2), served(1)])
    assert store.prediction(f"{2:032x}") is None


def test_the_nearest_prediction_begins_alike(store: Store) -> None:
    store.append([Served("ab12" + "0" * 28, "t", 1, "{}", "1", None, 0.0)])
    assert store.nearest_prediction("t", "ab12ffff") == "ab12" + "0" * 28
    assert store.nearest_prediction("t", "ab1") is None
    assert store.nearest_prediction("u", "ab12ffff") is None


def test_a_task_is_renamed_with_its_log(store: Store) -> None:
    entry = served(1)
    store.append([entry, correction(entry)])
    store.rename("t", "new")
    assert [p.task for page in store.predictions("new") for p in page] == ["new"]
    assert len(next(store.feedbacks("new"))) == 1
    assert list(store.predictions("t")) == []


def test_threads_of_one_process_queue_for_their_turn(store: Store) -> None:
    def write(start: int) -> None:
        for n in range(start, start + 50):
            store.append([served(n)])

    threads = [threading.Thread(target=write, args=(i * 1000,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(map(len, store.predictions("t"))) == 400


def test_what_was_appended_survives_kill_9(tmp_path: Path) -> None:
    script = """
import itertools, sys
from tacit.store import Served, Store, Correction
from tacit.examples import content_id
with Store.open(sys.argv[1]) as store:
    for n in itertools.count():
        e = Served(f"{n:032x}", "t", 1, f'{{"x":{n}}}', "1", None, 0.0)
        store.append([e])
        store.append([Correction(e.id, "t", content_id(e.inputs), e.inputs, "2", 0.0)])
        print(n, flush=True)
"""
    process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= 100:
            process.kill()
            break
    last = max([int(line), *map(int, process.stdout.read().split())])
    process.communicate()
    with Store.open(tmp_path) as store:
        events = [e for page in store.feedbacks("t") for e in page]
        assert len(events) >= last + 1
        assert {label.by for label in store.labels("t")} == {unnamed(e.prediction) for e in events}


def test_chunks_are_as_long_as_they_may_be() -> None:
    assert list(chunks(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(chunks([], 2)) == []
