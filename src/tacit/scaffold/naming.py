"""Names that Python takes, made of names that files have."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterable, Sequence

from tacit.tasks import RESERVED

__all__ = ["GENERIC", "fields_for", "file_name", "identifier", "task_name", "words"]

GENERIC = frozenset(
    {"all", "category", "class", "classes", "data", "dataset", "file", "folder", "label", "labels", "outcome", "output", "result"}
    | {"response", "rows", "table", "target", "task", "test", "train", "training", "valid", "value", "values", "x", "y"}
)
"""Names that say nothing about what is asked: of label columns, and of files."""

_LONGEST = 60
_TAKEN = frozenset(
    {
        "Answer",
        "Given",
        "Id",
        "Image",
        "Literal",
        "Row",
        "Text",
        "Vector",
        "bool",
        "dataclass",
        "dt",
        "float",
        "int",
        "str",
        "tacit",
        "task",
    }
)
"""Names that a task file uses itself."""

# Letters that do not come apart into a letter of ASCII and an accent.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d"}
)


def identifier(name: str, position: int) -> str:
    """`name` where Python takes it as the name of a field, else what is left of it in lower case.

    Arguments:
        name: Any text.
        position: Which column it is, from 1; names one of which nothing is left.

    Example:
        >>> identifier("Fare paid (£)", 3), identifier("class", 4), identifier("2nd", 5), identifier("%", 6)
        ('fare_paid', 'class_', 'column_2nd', 'column_6')
    """
    plain = _without_accents(name)
    if plain != name or not name.isidentifier() or name.startswith("__") or len(name) > _LONGEST:
        plain = _without_accents("_".join(re.findall(r"\w+", plain)).strip("_")[:_LONGEST].lower())
        if plain and not plain.isidentifier():
            plain = f"column_{plain}"
        if not plain.isidentifier():
            plain = f"column_{position}"
    return f"{plain}_" if keyword.iskeyword(plain) or plain in _TAKEN else plain


def _without_accents(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    return unicodedata.normalize("NFKC", "".join(c for c in apart if not unicodedata.combining(c)))


def fields_for(columns: Sequence[str]) -> dict[str, str]:
    """Column -> a name of its own that Python takes. Columns that have such a name keep it.

    Example:
        >>> fields_for(["a b", "a_b"])
        {'a b': 'a_b_2', 'a_b': 'a_b'}
    """
    made = {column: identifier(column, i) for i, column in enumerate(columns, 1)}
    taken = {column for column, name in made.items() if column == name}
    for column, name in made.items():
        if column != name:
            free, count = name, 1
            while free in taken:
                count += 1
                free = f"{name.rstrip('_')}_{count}"
            taken.add(free)
            made[column] = free
    return made


def task_name(label: str, file: str, project: str, taken: Iterable[str]) -> str:
    """A name for the task: what its label is called, else its file, else its project.

    Arguments:
        label: The column of labels.
        file: The file's name without its ending.
        project: The project's name.
        taken: Names that it may not have: those of the inputs.
    """
    no = {*taken, *RESERVED, *_TAKEN, *dir(builtins), "row"}
    wishes = [_ascii(name) for name in (label, file, project)]
    telling = [
        wish for wish in wishes if any(word not in GENERIC and len(word) > 2 and not word.isdigit() for word in wish.split("_"))
    ]
    for wish in [*telling, *(f"predict_{wish}" for wish in [*telling, *wishes] if wish)]:
        if wish not in no and _is_task(wish):
            return wish
    count = 1
    while f"predict_{count}" in no:
        count += 1
    return f"predict_{count}"


def _ascii(name: str) -> str:
    return "_".join(re.findall(r"[a-z0-9]+", _without_accents(name).lower()))[:40].strip("_")


def _is_task(name: str) -> bool:
    return re.fullmatch(r"[a-z][a-z0-9_]*", name) is not None and not keyword.iskeyword(name)


def words(name: str) -> str:
    """A name as a sentence reads it.

    Example:
        >>> words("Median house-value\\n")
        'median house value'
    """
    return " ".join(re.findall(r"[^\W_]+", _without_accents(name)[:_LONGEST])).lower()


def file_name(name: str) -> str:
    """The name of a file, without what a shell would read as something else.

    Example:
        >>> file_name("my data (1).csv.gz")
        'my_data_1.csv.gz'
    """
    safe = re.sub(r"_+(?=\.)", "", re.sub(r"[^\w.-]+", "_", name)).strip("_-")
    return f"rows{safe}" if not safe or safe.startswith(".") else safe
