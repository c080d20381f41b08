"""The project that `tacit new NAME` makes: one small task, and reviews made up by a program so that everything runs."""

from __future__ import annotations

import csv
import io
import random

from tacit.scaffold.templates import filled

__all__ = ["COMMANDS", "TASK", "reviews", "starter"]

TASK = "sentiment"

COMMANDS = (
    "tacit add sentiment data/reviews.csv --label sentiment",
    "tacit train sentiment --budget 30",
    "tacit evaluate sentiment data/fresh.csv --label sentiment",
    'tacit predict sentiment --input review="I want my money back"',
    "tacit serve",
)

_SEED = 7
_TRAINING, _FRESH = 240, 60
_THINGS = ("kettle", "lamp", "backpack", "headphones", "coffee mill", "desk", "bicycle pump", "raincoat", "keyboard", "tent")
_GLAD = (
    "works like on the first day",
    "is worth every cent",
    "looks even better than in the picture",
    "was easy to set up",
    "does exactly what it promises",
    "is the best I ever had",
    "makes me smile every morning",
    "arrived a day early",
)
_SAD = (
    "broke after a week",
    "is far too loud",
    "smells of plastic",
    "never worked",
    "feels cheap",
    "arrived with a part missing",
    "does not do what it says",
    "is a waste of money",
)
_GLAD_WORDS = ("Lovely", "Great", "Superb", "What a good", "Really nice", "Very happy with this", "Brilliant")
_SAD_WORDS = ("Useless", "Awful", "Poor", "What a bad", "Really flimsy", "Very unhappy with this", "Disappointing")
_GLAD_ENDS = ("Would buy it again!", "Love it.", "My sister wants one too.", "Five stars.", "")
_SAD_ENDS = ("I want a refund.", "Never again.", "I want my money back.", "It goes back to the shop.", "")
_FIRST = ("The {}", "This {}", "My new {}", "I have had it for a month: the {}", "Bought it for my father. The {}")
_SHARED = ("Delivery took three days.", "It comes in blue and gray.", "I use it at work.", "", "", "")


def reviews(n: int, draw: random.Random) -> list[tuple[str, str]]:
    """n different reviews, each "positive" or "negative".

    One in six is short. One in four tells of both sides, and the one behind the "but" counts, so that no model is perfect.
    """
    made: dict[str, str] = {}
    while len(made) < n:
        glad = draw.random() < 0.5
        said, other = draw.choice(_GLAD if glad else _SAD), draw.choice(_SAD if glad else _GLAD)
        thing, ending = draw.choice(_THINGS), draw.choice(_GLAD_ENDS if glad else _SAD_ENDS)
        kind = draw.random()
        if kind < 1 / 6:
            text = f"{draw.choice(_GLAD_WORDS if glad else _SAD_WORDS)} {thing}."
        elif kind < 5 / 12:
            text = f"{draw.choice(_FIRST).format(thing)} {other}, but it {said}."
        else:
            text = " ".join(filter(None, [f"{draw.choice(_FIRST).format(thing)} {said}.", draw.choice(_SHARED), ending]))
        made.setdefault(text, "positive" if glad else "negative")
    rows = list(made.items())
    draw.shuffle(rows)  # short ones become rarer, since there are few
    return rows


def starter(name: str) -> dict[str, str]:
    """The files of a new project, path -> text.

    Arguments:
        name: What the project is called.
    """
    made = reviews(_TRAINING + _FRESH, random.Random(_SEED))  # noqa: S311  # the same rows for everyone
    return {
        "pyproject.toml": filled("pyproject.toml"),
        ".gitignore": filled("gitignore"),
        "README.md": filled("starter_readme.md", name=name, commands="\n".join(COMMANDS), rows=len(made)),
        "tasks/sentiment.py": filled("sentiment.py"),
        "tests/test_sentiment.py": filled("test_sentiment.py"),
        "data/reviews.csv": _table(made[:_TRAINING]),
        "data/fresh.csv": _table(made[_TRAINING:]),
    }


def _table(rows: list[tuple[str, str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([("review", "sentiment"), *rows])
    return out.getvalue()
