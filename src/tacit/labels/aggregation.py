"""Votes -> probable labels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import OptionError, nearest
from tacit.labels import matrix, triplets
from tacit.labels.answers import Answers
from tacit.labels.checks import checked_balance, checked_gold, checked_shares, checked_votes
from tacit.labels.copies import shares_of_a_voice
from tacit.labels.dawid_skene import confusions, many_sided
from tacit.labels.measuring import measured, met_gold
from tacit.labels.pairs import accuracies, evidence, pairs
from tacit.labels.suspects import suspects
from tacit.labels.voices import log_odds, majority, usual_accuracies

__all__ = ["METHODS", "Aggregate", "aggregate", "aggregate_answers", "weigh"]

METHODS = ("auto", "majority", "weighted", "triplets", "matrix", "dawid-skene")

_ENOUGH_GOLD = 30  # rows with gold and a vote, from which on gold chooses the method
_SURENESS = (1.0, 0.7, 0.5, 0.35, 0.25)
_LARGEST = 600  # events for which pairs are fitted

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Aggregate:
    """What the votes say.

    Attributes:
        probabilities: (n, n_classes) float64, rows sum to 1.
        accuracies: (n_functions,) float64, how often each function is right where it votes: measured where it meets gold, else
            estimated from the other functions; NaN where nothing tells.
        suspects: Columns of functions that look worse than chance. But for "majority" their votes are not used, nor turned round.
        method: The one that was used.
    """

    probabilities: Floats
    accuracies: Floats
    suspects: tuple[int, ...]
    method: str


def aggregate(
    votes: ArrayLike,
    n_classes: int,
    *,
    gold: ArrayLike | None = None,
    balance: ArrayLike | None = None,
    method: str = "auto",
    seed: int = 0,
) -> Aggregate:
    """Turn votes into a probability of each class for each row.

    Arguments:
        votes: (n, n_functions) int, classes from 0; -1 abstains. Or soft votes, (n, n_functions, n_classes) float: shares that sum
            to 1, NaN where a function abstains, as equal shares do.
        n_classes: How many classes there are, at least 2.
        gold: (n,) int, -1 unknown: labels that the functions are measured against, and from 30 on choose the method.
        balance: (n_classes,) share of each class. By default it is estimated, and rows without a vote have equal shares.
        method: "majority": each vote counts the same. "weighted": by the function's accuracy. "triplets", "matrix": by skills that
            pairs of votes tell, in closed form or fitted. "dawid-skene": by confusion matrices. "auto" chooses.
        seed: For methods that draw; none does today.

    Raises:
        OptionError: A shape, a class or the method is wrong.

    Example:
        >>> aggregate([[0, 0, 1], [-1, 1, -1]], 2, method="majority").probabilities.round(2).tolist()
        [[0.67, 0.33], [0.0, 1.0]]
    """
    given = np.asarray(votes)
    if given.ndim == 3 and given.dtype.kind in "fiu":
        answers = Answers.of_shares(checked_shares(given.astype(np.float64), n_classes))
    else:
        answers = Answers.of_matrix(checked_votes(given, n_classes), n_classes)
    known = None if gold is None else checked_gold(gold, len(given), n_classes)
    return weigh(answers, known, checked_balance(balance, n_classes), method)


def aggregate_answers(
    rows: ArrayLike,
    annotators: ArrayLike,
    answers: ArrayLike,
    n_classes: int,
    *,
    gold: ArrayLike | None = None,
    balance: ArrayLike | None = None,
    method: str = "auto",
) -> Aggregate:
    """`aggregate` for a list of answers: many annotators who saw few rows each.

    Arguments:
        rows, annotators: (n_answers,) int from 0: who was asked about what. Rows and annotators are as many as the largest says.
        answers: (n_answers,) int, classes from 0.
        n_classes, gold, balance, method: As for `aggregate`.

    Raises:
        OptionError: As `aggregate` does.

    Example:
        >>> said = aggregate_answers([0, 0, 1], [0, 1, 1], [1, 1, 0], 2)
        >>> said.probabilities.argmax(1).tolist()
        [1, 0]
    """
    given = [np.asarray(part) for part in (rows, annotators, answers)]
    if len({part.shape for part in given}) != 1 or any(
        p.ndim != 1 or (p.size and (p.dtype.kind not in "iu" or p.min() < 0)) for p in given
    ):
        raise OptionError(
            f"rows, annotators and answers have shapes {', '.join(str(part.shape) for part in given)}",
            right="they are three lists of one length, of whole numbers from 0",
            next="aggregate_answers([0, 0], [0, 1], [1, 1], n_classes=2)",
        )
    item, who, said = (part.astype(np.int64) for part in given)
    checked_votes(said[:, None], n_classes)
    n = max(int(item.max()) + 1 if len(item) else 0, 0 if gold is None else len(np.atleast_1d(np.asarray(gold))))
    known = None if gold is None else checked_gold(gold, n, n_classes)
    listed = Answers.of_list(item, who, said, (n, int(who.max()) + 1 if len(who) else 0, n_classes))
    return weigh(listed, known, checked_balance(balance, n_classes), method)


def weigh(
    answers: Answers, gold: NDArray[np.int64] | None = None, balance: Floats | None = None, method: str = "auto"
) -> Aggregate:
    """`aggregate`, of votes that were checked and counted."""
    if method not in METHODS:
        raise OptionError(
            f'there is no label model "{method}"',
            right=f"it is {', '.join(METHODS[:-1])} or {METHODS[-1]}",
            next=f'write method="{nearest(method, METHODS) or "auto"}"',
        )
    doubted, agreed = suspects(answers, gold)
    listened = np.ones(answers.n_functions)
    listened[list(doubted)] = 0.0
    voices, copied = shares_of_a_voice(answers, doubted) if method != "majority" else (listened, np.zeros((0, 0)))
    study = _Study(answers, voices * listened, copied, doubted, agreed, balance, gold)
    chosen, sureness = (method, 1.0) if method != "auto" else study.choose()
    probabilities = _tempered(study.shares(chosen), sureness)
    silent = np.diff(answers.strengths.indptr) == 0
    probabilities[silent] = 1 / answers.n_classes if balance is None else balance
    return Aggregate(probabilities, study.accuracies(probabilities, chosen), doubted, chosen)


def _tempered(shares: Floats, sureness: float) -> Floats:
    raised = shares**sureness
    return np.asarray(raised / raised.sum(1, keepdims=True), float)


class _Study:
    """The methods applied to one table of votes."""

    def __init__(
        self,
        answers: Answers,
        voices: Floats,
        copied: Floats,
        doubted: tuple[int, ...],
        agreed: tuple[Floats, Floats, Floats],
        balance: Floats | None,
        gold: NDArray[np.int64] | None,
    ) -> None:
        self.answers, self.voices, self.copied, self.doubted = answers, voices, copied, doubted
        self.agreed, self.given, self.gold = agreed, balance, gold
        self.balance = np.full(answers.n_classes, 1 / answers.n_classes) if balance is None else balance

    def shares(self, method: str, *, apart: bool = False) -> Floats:
        """(n, n_classes) by one method; `apart`: as if a gold row were not among those that measure the functions."""
        if method == "majority":
            return majority(self.answers)
        if method == "dawid-skene":
            return confusions(self.answers, self.voices, self.given, None if apart else self.gold).probabilities
        m, k = self.answers.n_functions, self.answers.n_classes
        if method == "weighted":
            usual = np.repeat(usual_accuracies(*self.agreed, k), k)
            group = np.repeat(np.arange(m) * k, k)
            weigh = partial(log_odds, voices=self.voices, n_classes=k)
        else:
            found = pairs(self.answers, self.balance, self.copied, self.doubted)
            skill = (matrix if method == "matrix" else triplets).skills(found, k)
            usual, group = accuracies(found, skill, self.balance, m), np.arange(m * k)
            weigh = partial(evidence, voices=self.voices, balance=self.balance)
        return measured(self.answers, usual, group, weigh, self.balance, self.gold)[apart]

    def choose(self) -> tuple[str, float]:
        """By how the functions vote; by held-out gold where there is enough of it.

        Confusion matrices need functions that say several classes, and three votes on a row (Kruskal 1977); rules of thumb mostly say
        one class, once. The usual choice stands unless another method has a lower log loss on gold by more than its standard error.
        Votes that err together make any method too sure; how sure it is to be, gold says too.

        Returns:
            The method, and the power to which its probabilities are to be taken.
        """
        heard = self.answers.counts((self.voices > 0).astype(float)).sum(1)
        sided = self.answers.counts((self.voices > 0) * many_sided(self.answers).astype(float)).sum(1)
        events = int((self.answers.totals[self.voices > 0] > 0).sum())
        many = float(sided[heard >= 3].sum()) > 0.5 * float(heard.sum())
        usual = "dawid-skene" if many else "matrix" if events <= _LARGEST else "weighted"
        if self.gold is None:
            return usual, 1.0
        rows = np.flatnonzero((self.gold >= 0) & (np.diff(self.answers.table.indptr) > 0))
        if len(rows) < _ENOUGH_GOLD:
            return usual, 1.0
        methods = [name for name in METHODS[1:] if events <= _LARGEST or name not in ("matrix", "triplets")]
        losses, sureness = {}, {}
        for name in methods:
            told = self.shares(name, apart=True)[rows]
            each = [-np.log(np.maximum(_tempered(told, s)[np.arange(len(rows)), self.gold[rows]], 0.01)) for s in _SURENESS]
            best = int(np.argmin([float(np.round(loss.mean(), 9)) for loss in each]))
            losses[name], sureness[name] = each[best], _SURENESS[best]
        first = min(methods, key=lambda name: float(losses[name].mean()))
        gain = losses[usual] - losses[first]
        chosen = first if float(gain.mean()) > float(gain.std()) / np.sqrt(len(rows)) else usual
        return chosen, sureness[chosen]

    def accuracies(self, probabilities: Floats, method: str) -> Floats:
        """Measured against gold, else estimated; NaN for a function that meets neither gold nor another function."""
        right, judged, _ = self.agreed
        said = self.answers.totals.sum(1)
        with np.errstate(divide="ignore", invalid="ignore"):
            if method == "majority":
                estimated = np.where(judged > 1e-9, right / judged, np.nan)
            else:
                expected = np.einsum("jcc->j", self.answers.expected(probabilities))
                estimated = np.where(judged > 1e-9, expected / said, np.nan)
        if self.gold is None:
            return estimated
        hits, seen = (part.sum(1) for part in met_gold(self.answers, self.gold))
        return np.where(seen > 0, hits / np.maximum(seen, 1), estimated)
