"""`encoder-finetune`: a pretrained encoder of texts that is trained further."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from tacit.learners.contract import Cache, Data, Learner, Model, Settings
from tacit.learners.encoders import lacks_text
from tacit.learners.roles import maybe_text
from tacit.types import Category, Kind, Number

__all__ = ["EncoderFinetune"]

_FEW = 32
"""Under so many labels a class the encoder learns from comparing texts."""


_CERTAIN = 0.999
_SMALL = 500
"""With fewer rows each is seen more often."""


class EncoderFinetune(Learner):
    """All layers of an encoder, or its upper ones, are trained on texts; with few labels, on comparisons between them.

    Several columns of text are read as one.
    """

    name: ClassVar[str] = "encoder-finetune"

    def accepts(self, kinds: Mapping[str, Kind], output: Kind) -> bool:
        return bool(kinds) and all(map(maybe_text, kinds.values())) and isinstance(output, Category | Number)

    def portfolio(self, data: Data) -> tuple[Settings, ...]:
        epochs = 1 if _voted(data) else 3 if data.n > _SMALL else 5
        every: dict[str, Any] = {"layers": None, "epochs": epochs, "rate": 3e-4, "batch": 32, "smooth": 0.05}
        upper = every | {"layers": 3, "rate": 4e-4}
        short = every | {"layers": 2, "rate": 4e-4, "epochs": 1}
        if data.classes and data.n < _FEW * data.classes:
            compared: dict[str, Any] = {"layers": 3, "steps": 20, "rate": 3e-4, "penalty": 0.1}
            return compared, compared | {"layers": None, "rate": 1e-4}, every
        # A fit does what there is time for, but the last of these needs least to be of use.
        return every, upper, short

    def lacks(self, data: Data) -> str | None:
        return lacks_text(data.pretrained)

    def seconds(self, data: Data, settings: Settings) -> float | None:
        if self.lacks(data):
            return None
        from tacit.learners.deep.finetuning import training_seconds

        return training_seconds(data, settings)

    def fit(self, data: Data, settings: Settings, *, seed: int, deadline: float | None = None, cache: Cache) -> Model:
        if "steps" in settings:
            from tacit.learners.deep.contrastive import fit_contrastive

            return fit_contrastive(self.name, data, settings, seed=seed, deadline=deadline)
        from tacit.learners.deep.finetuning import fit_finetuned

        return fit_finetuned(self.name, data, settings, seed=seed, deadline=deadline, diary=cache.diary)

    def load(self, folder: Path) -> Model:
        from tacit.learners.deep.tuned import Tuned

        return Tuned.load(folder, self.name)

    def warm_up(self) -> None:
        import tacit.learners.deep.contrastive  # noqa: F401


def _voted(data: Data) -> bool:
    """Whether most of the weight is on rows of which nobody is certain, as those with votes are.

    A net learns first what many votes have in common, and only then each mistake in them (Liu et al., "Early-learning
    regularization prevents memorization of noisy labels", NeurIPS 2020): after one epoch it does better than after three.
    """
    return bool(data.classes) and float(data.weight @ (data.target.max(axis=1) < _CERTAIN)) > data.weight.sum() / 2
