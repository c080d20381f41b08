"""How many floating-point operations an answer takes."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from tacit.errors import MissingExtra, OptionError
from tacit.learners.contract import Columns, Model
from tacit.learners.features import length

__all__ = ["flops", "module_flops"]


def flops(model: Model, columns: Columns) -> float | None:
    """Operations that a model takes to answer one of these rows, on the mean; None where they cannot be counted, as those of trees.

    What counts are products of matrices and convolutions (`Model.flops`), a multiplication and an addition as two.

    Arguments:
        model: Trained.
        columns: As in `Model.predict`, at least one row.

    Raises:
        OptionError: There are no rows.
    """
    n = length(columns)
    if not n:
        raise OptionError("operations are counted on rows, and there are none", next="flops(model, columns)")
    total = model.flops(columns)
    return None if total is None else total / n


def module_flops(module: Any, inputs: Sequence[Any], *, backward: bool = False) -> float:
    """Operations of a torch module on these inputs, counted while it runs (`torch.utils.flop_counter`). The module stays as it is.

    Arguments:
        module: A `torch.nn.Module`.
        inputs: Its arguments.
        backward: Whether the gradients of all its parameters count too; then it has to give one tensor.

    Raises:
        MissingExtra: torch is not installed.
    """
    try:
        from tacit.learners.deep.counting import counted
    except ModuleNotFoundError:
        raise MissingExtra("operations of a network are counted by torch", next='pip install "tacit[deep]"') from None
    run = copy.deepcopy(module)
    return counted((lambda: run(*inputs).sum().backward()) if backward else (lambda: run(*inputs)))
