"""The store on real files, with real processes, kills, and disks that are full or damaged."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from tacit.errors import (
    MissingExtra,
    NoModel,
    OptionError,
    StoreTooNew,
    StoreUnavailable,
    TaskNameError,
    UnknownExample,
)
from tacit.store import Row, Store, StoredModel, Tally
from tacit.store.faults import translated


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / ".tacit") as opened:
        yield opened


def row(n: int, label: str | None = None, **others: str) -> Row:
    return Row(f"{n:032x}", json.dumps({"n": n}), label=label, **others)


def run(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finished(process: subprocess.Popen[str]) -> str:
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    return out


class TestOpening:
    def test_makes_the_folder_and_the_database(self, tmp_path: Path) -> None:
        with Store.open(tmp_path / "a" / ".tacit") as store:
            assert store.count("t").examples == 0
        assert (tmp_path / "a" / ".tacit" / "store.db").stat().st_size > 0

    def test_what_was_stored_is_there_the_next_time(self, tmp_path: Path) -> None:
        with Store.open(tmp_path) as store:
            store.add("t", [row(1, '"a"')], source="import")
        with Store.open(tmp_path, durability="full") as store:
            assert store.count("t").labels == {"import": 1}

    def test_opening_an_up_to_date_store_does_not_import_alembic(self, tmp_path: Path) -> None:
        Store.open(tmp_path).close()
        script = "import sys; from tacit.store import Store; Store.open(sys.argv[1]); print('alembic' in sys.modules)"
        assert finished(run(script, tmp_path)).strip() == "False"

    def test_many_processes_may_make_the_same_store_at_once(self, tmp_path: Path) -> None:
        script = """
import sys, time, pathlib
from tacit.store import Store
import tacit.migrations
folder = pathlib.Path(sys.argv[1])
(folder / f"ready-{sys.argv[2]}").touch()
while not (folder / "go").exists():
    time.sleep(0.001)
with Store.open(folder / ".tacit") as store:
    print(store.count("t").examples)
"""
        processes = [run(script, tmp_path, i) for i in range(6)]
        wait_for(lambda: len(list(tmp_path.glob("ready-*"))) == 6)
        (tmp_path / "go").touch()
        assert [finished(p).strip() for p in processes] == ["0"] * 6

    def test_a_store_by_a_newer_version_says_to_upgrade(self, tmp_path: Path) -> None:
        with Store.open(tmp_path) as store, store.writing() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(StoreTooNew, match="revision 9999") as error:
            Store.open(tmp_path)
        assert error.value.next == "pip install --upgrade tacit"

    def test_a_file_that_is_no_database_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "store.db").write_bytes(b"this is no database " * 500)
        with pytest.raises(StoreUnavailable, match="is not a database") as error:
            Store.open(tmp_path)
        assert error.value.next.startswith("mv ")
        assert (tmp_path / "store.db").read_bytes().startswith(b"this is no database")

    def test_a_database_of_something_else_is_left_alone(self, tmp_path: Path) -> None:
        with sqlite3.connect(tmp_path / "store.db") as other:
            other.execute("CREATE TABLE accounts (id)")
        other.close()
        with pytest.raises(StoreUnavailable, match="no store of tacit"):
            Store.open(tmp_path)

    def test_a_damaged_page_is_reported_when_it_is_read(self, tmp_path: Path) -> None:
        with Store.open(tmp_path) as store:
            store.add("t", [row(n) for n in range(5000)], source="import")
        file = tmp_path / "store.db"
        data = bytearray(file.read_bytes())
        half = len(data) // 2
        data[half:-4096] = b"\xff" * (len(data) - half - 4096)
        file.write_bytes(data)
        with Store.open(tmp_path) as store, pytest.raises(StoreUnavailable, match="damaged"):
            list(store.examples("t"))

    def test_a_folder_that_cannot_be_made_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(StoreUnavailable, match="cannot be made"):
            Store.open(tmp_path / "file" / ".tacit")

    def test_a_durability_that_does_not_exist_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(OptionError, match="normal or full"):
            Store.open(tmp_path, durability="none")

    def test_a_url_that_is_none_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(OptionError, match="url"):
            Store.open(tmp_path, url="not a url")

    def test_full_durability_waits_for_the_disk(self, tmp_path: Path) -> None:
        for durability, level in (("normal", 1), ("full", 2)):
            with Store.open(tmp_path, durability=durability) as store, store.reading() as connection:
                assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == level
                assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


class TestWriting:
    def test_a_batch_counts_what_was_new(self, store: Store) -> None:
        batch = [row(1, '"a"'), row(2), row(1, '"b"'), row(1, '"a"'), row(2)]
        assert store.add("t", batch, source="import") == Tally(examples=2, labels=2, duplicates=2, kept=0)

    def test_the_same_batch_again_adds_nothing(self, store: Store) -> None:
        batch = [row(n, '"a"' if n % 2 else None) for n in range(2000)]
        assert store.add("t", batch, source="import") == Tally(2000, 1000, 0, 0)
        assert store.add("t", batch, source="import") == Tally(0, 0, 2000, 0)
        assert store.count("t").examples == 2000

    def test_no_rows_are_no_change(self, store: Store) -> None:
        assert store.add("t", [], source="import") == Tally(0, 0, 0, 0)

    def test_an_example_keeps_what_it_has_and_always_the_split_it_came_in_with(self, store: Store) -> None:
        store.add("t", [row(1), row(2, extra='{"age":1}', split="test")], source="import")
        again = [row(1, extra='{"age":30}', split="test"), row(2, extra='{"age":2}', split="train"), row(2, split="test")]
        assert store.add("t", again, source="import") == Tally(examples=0, labels=0, duplicates=3, kept=2)
        (found,) = store.examples("t")
        assert [(e.extra, e.split) for e in found] == [({"age": 30}, None), ({"age": 1}, "test")]

    def test_a_blob_is_stored_once(self, store: Store) -> None:
        picture = {"ab": b"\x00\xff" * 100}
        store.add("t", [row(1, blobs=picture), row(2, blobs=picture)], source="import")  # type: ignore[arg-type]
        store.add("u", [row(1, blobs=picture)], source="import")  # type: ignore[arg-type]
        assert store.blobs(["ab", "none"]) == picture

    def test_tasks_are_apart(self, store: Store) -> None:
        store.add("t", [row(1, '"a"')], source="import")
        store.add("u", [row(1), row(2)], source="import")
        assert (store.count("t").examples, store.count("u").examples) == (1, 2)
        assert store.labels("u") == []

    def test_a_full_disk_leaves_whole_batches_and_says_so(self, store: Store) -> None:
        store.add("t", [row(n, '"a"') for n in range(100)], source="import")
        with store.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 3}")
        with pytest.raises(StoreUnavailable, match="has no room left") as error:
            store.add("t", [row(n, '"a"') for n in range(100, 5000)], source="import")
        assert error.value.next.startswith("df -h ")
        assert store.count("t").examples == store.count("t").labeled == 100
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        store.add("t", [row(n, '"a"') for n in range(100, 5000)], source="import")
        assert store.count("t").examples == 5000

    def test_a_read_only_store_can_be_read_but_not_written(self, tmp_path: Path) -> None:
        with Store.open(tmp_path) as store:
            store.add("t", [row(1)], source="import")
            url = f"sqlite:///file:{tmp_path / 'store.db'}?mode=ro&uri=true"
            with Store.open(tmp_path, url=url) as locked:
                assert locked.count("t").examples == 1
                with pytest.raises(StoreUnavailable, match="read-only") as error:
                    locked.add("t", [row(2)], source="import")
                assert "chmod" in error.value.next
            assert store.count("t").examples == 1

    def test_a_lock_that_stays_is_reported(self, store: Store, tmp_path: Path) -> None:
        other = sqlite3.connect(tmp_path / ".tacit" / "store.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 50")
        with pytest.raises(StoreUnavailable, match="locked by another process"):
            store.add("t", [row(1)], source="import")
        other.execute("ROLLBACK")
        other.close()
        assert store.add("t", [row(1)], source="import").examples == 1

    def test_two_processes_that_add_at_once_lose_nothing(self, tmp_path: Path) -> None:
        script = """
import sys
from tacit.store import Store, Row
first = int(sys.argv[2])
with Store.open(sys.argv[1]) as store:
    for n in range(first, first + 3000, 100):
        rows = [Row(f"{i:032x}", "{}", label=f'"{i % 2}"') for i in range(n, n + 100)]
        store.add("t", rows, source="import")
        store.add_label("t", f"{n:032x}", '"x"', source="human", by=sys.argv[2])
"""
        for process in [run(script, tmp_path, first) for first in (0, 1500, 0)]:
            finished(process)
        with Store.open(tmp_path) as store:
            counts = store.count("t")
            assert (counts.examples, counts.labels["import"]) == (4500, 4500)
            assert counts.labels["human"] == 30 + 30  # the first and third are one person

    def test_threads_may_share_a_store(self, store: Store) -> None:
        def add(first: int) -> None:
            for n in range(first, first + 200, 20):
                store.add("t", [row(i) for i in range(n, n + 20)], source="import")
                store.live("t")

        threads = [threading.Thread(target=add, args=(first,)) for first in range(0, 800, 200)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert store.count("t").examples == 800

    def test_a_kill_half_way_leaves_whole_batches(self, tmp_path: Path) -> None:
        script = """
import sys, itertools
from tacit.store import Store, Row
with Store.open(sys.argv[1]) as store:
    for n in itertools.count(0, 500):
        rows = [Row(f"{i:032x}", '{"text":"' + "x" * 400 + '"}', label='"a"') for i in range(n, n + 500)]
        store.add("t", rows, source="import")
        print(n + 500, flush=True)
"""
        for turn in range(2):
            process = run(script, tmp_path / str(turn))
            assert process.stdout is not None
            acknowledged = [int(process.stdout.readline()) for _ in range(6 + turn)]
            process.kill()
            acknowledged += [int(line) for line in process.stdout.read().split()]
            process.wait()
            process.communicate()
            with Store.open(tmp_path / str(turn)) as store:
                counts = store.count("t")
                assert counts.examples % 500 == 0
                assert counts.examples >= acknowledged[-1]
                assert counts.examples == counts.labels["import"]
                with store.reading() as connection:
                    assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


class TestExamples:
    def test_come_in_order_in_batches(self, store: Store) -> None:
        store.add("t", [row(n) for n in (5, 3, 9, 1, 7)], source="import")
        batches = list(store.examples("t", batch=2))
        assert [len(b) for b in batches] == [2, 2, 1]
        assert [e.inputs["n"] for b in batches for e in b] == [5, 3, 9, 1, 7]

    def test_are_chosen_by_place_label_split_and_id(self, store: Store) -> None:
        store.add("t", [row(1, '"a"'), row(2, split="test"), row(3, '"a"', split="train"), row(4)], source="import")

        def chosen(**how: object) -> list[int]:
            return [e.inputs["n"] for batch in store.examples("t", **how) for e in batch]  # type: ignore[arg-type]

        assert chosen(labeled=True) == [1, 3]
        assert chosen(labeled=False) == [2, 4]
        assert chosen(split="test") == [2]
        assert chosen(split=None) == [1, 4]
        assert chosen(after=1, upto=3) == [2, 3]
        assert chosen(ids=[f"{n:032x}" for n in (4, 99, 1)]) == [4, 1]
        assert chosen(ids=[f"{n:032x}" for n in (4, 1, 2)], labeled=False, batch=1) == [4, 2]

    def test_reading_goes_along_the_index(self, store: Store) -> None:
        query = "EXPLAIN QUERY PLAN SELECT id FROM examples WHERE task = 't' AND seq > 5 ORDER BY seq LIMIT 100"
        with store.reading() as connection:
            plan = " ".join(str(step) for step in connection.exec_driver_sql(query))
        assert "examples_in_order" in plan
        assert "TEMP B-TREE" not in plan

    def test_are_found_by_the_start_of_their_id(self, store: Store) -> None:
        ids = ["ab12" + "0" * 28, "ab13" + "0" * 28, "cd00" + "f" * 28]
        store.add("t", [Row(i, "{}") for i in ids], source="import")
        assert store.find("t", "cd").id == ids[2]
        assert store.find("t", ids[0]).id == ids[0]
        with pytest.raises(UnknownExample, match=r"2 examples of t .*ab12"):
            store.find("t", "ab")
        with pytest.raises(UnknownExample, match=f"the nearest is {ids[1]}"):
            store.find("t", "ab13aa")
        with pytest.raises(UnknownExample, match="32 hexadecimal digits"):
            store.find("t", "99")
        with pytest.raises(UnknownExample, match="tacit add u FILE"):
            store.find("u", "ab")


class TestLabels:
    def test_the_newest_word_of_a_person_counts(self, store: Store) -> None:
        store.add("t", [row(1, '"a"'), row(1, '"b"')], source="import")
        example = f"{1:032x}"
        for by, value in (("ann", '"a"'), ("bob", '"b"'), ("ann", '"c"'), ("ann", '"a"')):
            store.add_label("t", example, value, source="human", by=by)
        said = [(label.by, label.value) for label in store.labels("t")]
        assert said == [("", "a"), ("", "b"), ("bob", "b"), ("ann", "a")]
        assert store.count("t").labels == {"human": 2, "import": 2}

    def test_feedback_under_a_name_takes_back_only_feedback_under_it(self, store: Store) -> None:
        store.add("t", [row(1)], source="import")
        store.add_label("t", f"{1:032x}", '"a"', source="human", by="ann", at=5.0)
        for value in ('"a"', '"b"'):
            store.add_label("t", f"{1:032x}", value, source="feedback", by="ann")
        assert [(label.source, label.value) for label in store.labels("t")] == [("human", "a"), ("feedback", "b")]

    def test_the_past_can_be_asked_for(self, store: Store) -> None:
        store.add("t", [row(1)], source="import")
        first = store.add_label("t", f"{1:032x}", '"a"', source="human", by="ann", at=5.0)
        second = store.add_label("t", f"{1:032x}", '"b"', source="human", by="ann")
        assert second > first
        assert [(label.value, label.at) for label in store.labels("t", upto=first)] == [("a", 5.0)]
        assert [label.value for label in store.labels("t", upto=second)] == ["b"]
        assert store.count("t").last_label_seq == second

    def test_saying_the_same_again_leaves_the_past_as_it_was(self, store: Store) -> None:
        seqs = [store.add_label("t", "ab", value, source="human", by="ann") for value in ('"a"', '"b"', '"a"')]
        assert [[label.value for label in store.labels("t", upto=seq)] for seq in seqs] == [["a"], ["b"], ["a"]]
        assert store.count("t").labels == {"human": 1}

    def test_a_place_is_never_used_twice(self, store: Store) -> None:
        seqs = [store.add_label("t", "ab", '"a"', source="human", by="ann") for _ in range(3)]
        assert seqs == sorted(set(seqs))
        assert len(store.labels("t")) == 1

    def test_a_value_can_be_renamed(self, store: Store) -> None:
        store.add("t", [row(1, '"old"'), row(2, '"old"'), row(2, '"new"'), row(3, '"other"')], source="import")
        assert store.relabel("t", '"old"', '"new"') == 1  # the text that had both keeps one
        assert sorted((label.example_id[-1], label.value) for label in store.labels("t")) == [
            ("1", "new"),
            ("2", "new"),
            ("3", "other"),
        ]

    def test_renaming_a_value_keeps_what_a_person_said_last(self, store: Store) -> None:
        for value in ('"new"', '"other"', '"old"'):
            store.add_label("t", "ab", value, source="human", by="ann")
        assert store.relabel("t", '"old"', '"new"') == 1
        assert [label.value for label in store.labels("t")] == ["new"]
        assert [label.value for label in store.labels("t", upto=1)] == ["new"]  # the history is renamed with it


class TestTasks:
    def test_signatures_are_remembered(self, store: Store) -> None:
        store.remember("t", {"output": "bool"})
        store.remember("s", {})
        store.remember("t", {"output": "float"})
        assert store.signatures() == {"s": {}, "t": {"output": "float"}}

    def test_a_task_is_renamed_with_all_it_has(self, store: Store) -> None:
        store.remember("old", {"output": "bool"})
        store.add("old", [row(1, '"a"')], source="import")
        store.save_votes("old", "f", "x", 1, b"1")
        store.save_run("r", "old", 1.0, "done", {})
        store.release("old", "m", "first")
        store.rename("old", "new")
        assert store.signatures() == {"new": {"output": "bool"}}
        assert store.count("old").examples == 0
        assert store.count("new").labels == {"import": 1}
        assert list(store.votes("new")) == ["f"]
        assert [r.id for r in store.runs("new")] == ["r"]
        live = store.live("new")
        assert live is not None
        assert live.model == "m"

    def test_a_task_is_not_renamed_onto_another(self, store: Store) -> None:
        for task in ("old", "new"):
            store.add(task, [row(1)], source="import")
        with pytest.raises(TaskNameError, match="new, which has examples already"):
            store.rename("old", "new")
        assert store.count("old").examples == 1


class TestArchive:
    def test_votes_replace_those_before(self, store: Store) -> None:
        store.save_votes("t", "f", "one", 5, b"\x00")
        store.save_votes("t", "f", "two", 9, b"\x01")
        assert [(v.fingerprint, v.upto_seq, v.data) for v in store.votes("t").values()] == [("two", 9, b"\x01")]

    def test_runs_come_oldest_first_and_can_be_updated(self, store: Store) -> None:
        store.save_run("b", "t", 2.0, "running", {})
        store.save_run("a", "t", 1.0, "done", {"score": 0.5})
        store.save_run("b", "t", 2.0, "done", {"score": 0.75})
        assert [(r.id, r.status, r.record.get("score")) for r in store.runs("t")] == [("a", "done", 0.5), ("b", "done", 0.75)]
        assert store.run("b") == store.runs("t")[1]
        assert store.run("c") is None

    def test_models_come_back_as_they_were(self, store: Store) -> None:
        model = StoredModel("m", "t", "r", "{}", "models/m", "00ff", 2**40, 1.5)
        store.save_model(model)
        store.save_model(model)
        assert store.model("m") == model
        assert store.models("t") == [model]
        assert store.model("n") is None

    def test_a_release_is_live_at_once_and_can_be_taken_back(self, store: Store) -> None:
        assert store.live("t") is None
        assert [store.release("t", "m1", "first"), store.release("t", "m2", ""), store.release("u", "m3", "")] == [1, 2, 1]
        live = store.live("t")
        assert live is not None
        assert (live.version, live.model) == (2, "m2")
        store.set_live("t", 1)
        live = store.live("t")
        assert live is not None
        assert (live.version, live.model) == (1, "m1")
        assert [(r.version, r.note) for r in store.releases("t")] == [(1, "first"), (2, "")]
        assert store.release("t", "m4", "") == 3
        with pytest.raises(NoModel, match="t has no release 7; it has 1, 2, 3"):
            store.set_live("t", 7)


def wait_for(condition: object, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.005)


class TestElsewhere:
    def test_a_url_that_is_none_is_refused(self, tmp_path: Path) -> None:
        for url in ("nonsense", "nosuch://host/x", "postgresql://host:port/x"):
            with pytest.raises(OptionError, match="the url of the store is not understood"):
                Store.open(tmp_path, url=url)

    @pytest.mark.skipif(find_spec("psycopg") is not None, reason="the driver is installed")
    def test_a_driver_that_is_missing_is_named_and_a_password_is_not(self, tmp_path: Path) -> None:
        with pytest.raises(MissingExtra, match="needs psycopg") as error:
            Store.open(tmp_path, url="postgresql+psycopg://ann:secret@db/shop")
        assert "secret" not in str(error.value)

    def test_a_database_that_does_not_answer_is_unavailable(self) -> None:
        said = r"the store postgresql://db cannot be reached \(connection refused\)"
        with pytest.raises(StoreUnavailable, match=said), translated("postgresql://db"):
            raise OperationalError("SELECT 1", {}, Exception("connection\nrefused"))

    def test_a_revision_is_read_without_making_or_upgrading_anything(self, tmp_path: Path) -> None:
        folder = tmp_path / ".tacit"
        assert Store.revision(folder) is None
        assert not folder.exists()
        Store.open(folder).close()
        with contextlib.closing(sqlite3.connect(folder / "store.db", isolation_level=None)) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '0000'")
        assert Store.revision(folder) == "0000"
        assert Store.revision(tmp_path, url=f"sqlite:///{folder}/store.db") == "0000"
        (folder / "store.db").write_bytes(b"no database" * 1000)
        with pytest.raises(StoreUnavailable, match="is not a database"):
            Store.revision(folder)
