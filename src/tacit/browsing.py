"""Looking through a task's examples: search, filters and pages that stay put while rows are added."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import EllipsisType
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from tacit.store import Store, StoredExample
from tacit.store.schema import examples, labels

__all__ = ["LONGEST_QUERY", "Page", "Said", "Seen", "browse", "fresh", "labels_of", "neighbors", "sample", "values"]

LONGEST_QUERY = 200
"""The most characters of a search that count; databases limit the length of a pattern."""

_AT_ONCE = 500
_LOOKED_AT = 5_000
_EXAMPLE = (examples.c.seq, examples.c.id, examples.c.inputs, examples.c.extra, examples.c.split)


@dataclass(frozen=True)
class Said:
    """One label of an example.

    Attributes:
        value: JSON, loaded.
        source, by: Where it comes from, and who said it ("" where the source has no people).
        at: Seconds since 1970, UTC.
        stands: False where the same person said something else later.
    """

    value: Any
    source: str
    by: str
    at: float
    stands: bool


@dataclass(frozen=True)
class Seen:
    """An example with everything that was said of it, oldest first."""

    example: StoredExample
    labels: tuple[Said, ...]


@dataclass(frozen=True)
class Page:
    """Some examples, in the order they came.

    Attributes:
        shown: The examples.
        before: What `browse(before=...)` takes to go back one page; None on the first.
        after: What `browse(after=...)` takes to go on; None on the last.
    """

    shown: tuple[Seen, ...]
    before: int | None
    after: int | None


def browse(
    store: Store,
    task: str,
    *,
    text: str = "",
    labeled: bool | None = None,
    split: str | EllipsisType | None = ...,
    after: int = 0,
    before: int | None = None,
    size: int = 50,
) -> Page:
    """One page of a task's examples.

    Arguments:
        store: Where they are.
        task: The name of the task.
        text: Only examples with this in one of their inputs, or whose id starts so; the case of A to Z does not matter, and
            no character is special.
        labeled: True for those with a label, False for those with none.
        split: "train", "test", None for those in neither, `...` for all.
        after, before: Where the page starts or ends: the numbers that the page next to it gave.
        size: The most examples on a page. A search stops after looking at 5,000 rows, so a page may hold fewer and go on.

    Raises:
        StoreUnavailable: The store cannot be read.
    """
    text = text.strip()[:LONGEST_QUERY]
    where = [examples.c.task == task]
    if split is not ...:
        where.append(examples.c.split.is_(None) if split is None else examples.c.split == split)
    if labeled is not None:
        has_label = exists().where(labels.c.task == task, labels.c.example_id == examples.c.id)
        where.append(has_label if labeled else ~has_label)
    if text:
        where.append(or_(examples.c.inputs.ilike(_pattern(text), escape="\\"), _named(text)))
    query = select(*_EXAMPLE).where(*where)
    if before is not None:
        found, reached = _read(store, query, text, size + 1, before=before)
        if len(found) > size or reached is not None:
            found = found[:size][::-1]
            first = found[0].seq if found else reached
            return Page(_seen(store, task, found), first, found[-1].seq if found else before - 1)
        # Fewer than a page are in front of it: the first page, as one sees it coming from the start.
    after = 0 if before is not None else after
    found, reached = _read(store, query, text, size + 1, after=after)
    more = found[size - 1].seq if len(found) > size else reached
    found = found[:size]
    return Page(_seen(store, task, found), (found[0].seq if found else after + 1) if after else None, more)


def neighbors(store: Store, task: str, example: StoredExample) -> tuple[str | None, str | None]:
    """Ids of the examples just before and just behind one."""
    here = examples.c.task == task
    back = select(examples.c.id).where(here, examples.c.seq < example.seq).order_by(examples.c.seq.desc()).limit(1)
    on = select(examples.c.id).where(here, examples.c.seq > example.seq).order_by(examples.c.seq).limit(1)
    with store.reading() as connection:
        return connection.scalar(back), connection.scalar(on)


def labels_of(store: Store, task: str, ids: Sequence[str]) -> dict[str, tuple[Said, ...]]:
    """Id -> what was said of that example, oldest first; words that were taken back are marked. At most 500 ids."""
    columns = (labels.c.example_id, labels.c.value, labels.c.source, labels.c.by, labels.c.at)
    query = select(*columns).where(labels.c.task == task, labels.c.example_id.in_(ids)).order_by(labels.c.seq)
    with store.reading() as connection:
        rows = connection.execute(query).all()
    newest = {(id, by, source == "feedback"): place for place, (id, _, source, by, _) in enumerate(rows)}
    found: dict[str, tuple[Said, ...]] = {}
    for place, (id, value, source, by, at) in enumerate(rows):
        said = Said(json.loads(value), source, by, at, not by or newest[id, by, source == "feedback"] == place)
        found[id] = (*found.get(id, ()), said)
    return found


def values(store: Store, task: str, most: int = 12) -> list[tuple[Any, int]]:
    """The values that labels have most often, as JSON, loaded, and how many labels each has; those taken back do not count."""
    newer = labels.alias("newer")
    same = [newer.c[name] == labels.c[name] for name in ("task", "example_id", "by")]
    same.append((newer.c.source == "feedback") == (labels.c.source == "feedback"))
    stands = or_(labels.c.by == "", ~exists().where(*same, newer.c.seq > labels.c.seq))
    n = func.count().label("n")
    query = select(labels.c.value, n).where(labels.c.task == task, stands).group_by(labels.c.value)
    with store.reading() as connection:
        return [(json.loads(v), k) for v, k in connection.execute(query.order_by(n.desc(), labels.c.value).limit(most))]


def fresh(store: Store, task: str, upto: int) -> int:
    """How many labels that can be learned from came in after the one that the store numbers `upto`; counted to 10,000."""
    apart = exists().where(examples.c.task == task, examples.c.id == labels.c.example_id, examples.c.split == "test")
    query = select(labels.c.seq).where(labels.c.task == task, labels.c.seq > upto, ~apart).limit(10_000)
    with store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(query.subquery())) or 0


def sample(store: Store, task: str, split: str, most: int) -> tuple[list[str], int]:
    """Ids of at most `most` labeled examples of a split, always the same ones, and how many there are.

    Ids are hashes, so the first by id are as good as drawn.
    """
    has_label = exists().where(labels.c.task == task, labels.c.example_id == examples.c.id)
    where = (examples.c.task == task, examples.c.split == split, has_label)
    with store.reading() as connection:
        ids = list(connection.scalars(select(examples.c.id).where(*where).order_by(examples.c.id).limit(most)))
        return ids, connection.scalar(select(func.count()).select_from(examples).where(*where)) or 0


def _pattern(text: str) -> str:
    """LIKE ... ESCAPE '\\' for `text` as the canonical JSON of inputs spells it; nothing in it is a wildcard."""
    spelled = json.dumps(text, ensure_ascii=False)[1:-1]
    return "%" + re.sub(r"([\\%_])", r"\\\1", spelled) + "%"


def _named(text: str) -> ColumnElement[bool]:
    """Whether an example's id starts so; ids are 32 hexadecimal digits."""
    start = text.lower() if re.fullmatch(r"[0-9a-fA-F]{6,32}", text) else "-"
    return examples.c.id.startswith(start)


def _read(
    store: Store, query: Select[Any], text: str, most: int, *, after: int = 0, before: int | None = None
) -> tuple[list[StoredExample], int | None]:
    """At most `most` examples behind `after`, or in front of `before` and then backwards.

    The second is the number that was reached where the search stopped early, else None.
    """
    found: list[StoredExample] = []
    looked, reached = 0, after if before is None else before
    while len(found) < most:
        turned = query.where(examples.c.seq > reached) if before is None else query.where(examples.c.seq < reached)
        order = examples.c.seq if before is None else examples.c.seq.desc()
        with store.reading() as connection:
            rows = connection.execute(turned.order_by(order).limit(_AT_ONCE if text else most)).all()
        read = [StoredExample(seq, id, json.loads(i), json.loads(e) if e else {}, s) for seq, id, i, e, s in rows]
        found += [e for e in read if not text or _has(e, text)]
        if len(rows) < (_AT_ONCE if text else most):
            return found[:most], None
        reached, looked = read[-1].seq, looked + len(rows)
        if looked >= _LOOKED_AT:
            return found[:most], reached if len(found) < most else None
    return found[:most], None


def _has(example: StoredExample, text: str) -> bool:
    """Whether it is a value that has the text, and not the name of an input or the id of an image."""
    wanted = text.casefold()
    return example.id.startswith(wanted) or any(wanted in part.casefold() for part in _texts(example.inputs))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        return iter(()) if set(value) == {"blob"} else itertools.chain.from_iterable(map(_texts, value.values()))
    if isinstance(value, list):
        return itertools.chain.from_iterable(map(_texts, value))
    return iter(()) if value is None else iter([value if isinstance(value, str) else json.dumps(value)])


def _seen(store: Store, task: str, found: Sequence[StoredExample]) -> tuple[Seen, ...]:
    said = labels_of(store, task, [e.id for e in found]) if found else {}
    return tuple(Seen(e, said.get(e.id, ())) for e in found)
