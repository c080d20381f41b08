"""The commands audit and counterexamples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

import tacit
from tacit.cli.completing import COLUMN, METRIC, ROWS, TASK
from tacit.cli.data import rows_of
from tacit.cli.printing import NEW_FILE, pairs, shown_progress, verb
from tacit.errors import OptionError

__all__ = ["audit", "counterexamples"]


@click.command()
@click.argument("task", type=TASK)
@click.argument("rows", type=ROWS, required=False)
@click.option("--label", type=COLUMN, metavar="COLUMN", help="The column of ROWS that holds labels.")
@click.option("--groups", metavar="NAMES", help="Columns whose values are groups, separated by commas; sex*race crosses two.")
@click.option("--columns", multiple=True, metavar="THEIRS=OURS", help="A column of theirs is a parameter of ours.")
@click.option("--values", multiple=True, metavar="THEIRS=OURS", help="A label of theirs is a value of ours.")
@click.option("--model", metavar="ID", help="Another model than the live release.")
@click.option(
    "--metric", type=METRIC, metavar="NAME", help="What groups are measured by: accuracy, balanced, macro_f1, r2, mae, ..."
)
@click.option("--seed", default=0, show_default=True, help="For the samples of rows.")
@click.option("--html", type=NEW_FILE, metavar="FILE", help="Write it as a page that needs nothing else.")
@click.option("--card", type=NEW_FILE, metavar="FILE", help="Write a model card, .md or .html.")
@verb
def audit(
    task: str,
    rows: str | None,
    label: str | None,
    groups: str | None,
    columns: tuple[str, ...],
    values: tuple[str, ...],
    model: str | None,
    metric: str | None,
    seed: int,
    html: Path | None,
    card: Path | None,
) -> Any:
    """Find whom a model fails, what it leans on and which labels are doubtful, in ROWS or in the store."""
    if card is not None:
        from tacit.pages.card_file import check_card

        check_card(card)
    with shown_progress():
        found = tacit.audit(
            task,
            rows_of(rows) if rows else None,
            label=label,
            groups=groups.split(",") if groups else (),
            model=model,
            metric=metric,
            columns=pairs("--columns", columns),
            values=pairs("--values", values),
            seed=seed,
        )
    if html is not None:
        from tacit.pages.audit_file import audit_file
        from tacit.project import current

        html.write_text(audit_file(current(), current().task(task), found), encoding="utf-8")
    if card is not None:
        from tacit.modelcards import model_card
        from tacit.pages.card_file import card_file
        from tacit.project import current

        made = model_card(current(), current().task(task), found, model)
        card.write_text(card_file(current(), made, card), encoding="utf-8")
    return found


@click.command()
@click.argument("task", type=TASK)
@click.argument("association", type=int)
@click.option("--pool", type=ROWS, metavar="ROWS", help="Choose from these rows instead of the unlabeled examples.")
@click.option("-n", "n", default=50, show_default=True, help="How many.")
@click.option("--model", metavar="ID", help="Another model than the live release.")
@click.option("--seed", default=0, show_default=True, help="Of the audit and the draws.")
@verb
def counterexamples(task: str, association: int, pool: str | None, n: int, model: str | None, seed: int) -> Any:
    """Say that ASSOCIATION, by its number in `tacit audit TASK`, is a false one, and choose examples that break it."""
    from tacit.auditing import leaned_on

    with shown_progress():
        found = leaned_on(task, model=model, seed=seed)
        if not 1 <= association <= len(found):
            raise OptionError(
                f"there is no association {association} of {task}",
                right=f"they are 1 to {len(found)}" if found else "the audit found none",
                next=f"tacit audit {task}",
            )
        return tacit.counterexamples(
            task, found[association - 1], pool=rows_of(pool) if pool else None, n=n, model=model, seed=seed
        )
