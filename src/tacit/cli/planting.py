"""The command plant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from tacit.cli.completing import COLUMN, ROWS
from tacit.cli.data import rows_of
from tacit.cli.printing import shown_progress, verb
from tacit.errors import OptionError, quote

__all__ = ["plant"]

_OF_IMAGES = ("patch", "tint", "border")


@click.command()
@click.argument("rows", type=ROWS)
@click.argument("cue")
@click.option("--label", type=COLUMN, required=True, metavar="COLUMN", help="The column that holds the labels.")
@click.option("--strength", type=float, required=True, help="0.5, where the cue says nothing of the label, to 1.")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help="CSV, TSV, JSONL or Parquet.")
@click.option("--twins", type=click.Path(path_type=Path), metavar="FILE", help="Write the twins too.")
@click.option(
    "--as",
    "sort",
    type=click.Choice(["token", "style", "length", "proxy", "group", "patch", "tint", "border"]),
    default="token",
    show_default=True,
    help="CUE is a phrase, a style, a number of words; COLUMN=VALUE of a proxy, or of the group whose labels are wrong more often; a color.",
)
@click.option(
    "--size", type=click.IntRange(min=1), metavar="PIXELS", help="Of a patch's side, 4 unless said; or a border's width, 2."
)
@click.option("--column", type=COLUMN, metavar="COLUMN", help="The text or image that gets the cue, where there are several.")
@click.option("--favored", metavar="CLASS", help="The label that the cue goes with; else the first of the sorted ones.")
@click.option("--share", default=0.5, show_default=True, help="At 1 rows without the cue say as much as those with it.")
@click.option("--minority", type=float, help="The share of rows that carry the cue without the favored label.")
@click.option("--noise", default=0.0, show_default=True, help="The share of labels that are made wrong.")
@click.option("--seed", default=0, show_default=True, help="Of all draws.")
@verb
def plant(rows: str, cue: str, sort: str, size: int | None, out: Path, twins: Path | None, **options: Any) -> Any:
    """Copy ROWS with a false CUE that goes with one label, to see what falls for it."""
    from tacit.files.written import check_target, write
    from tacit.planting import plant

    targets = [out] if twins is None else [out, twins]
    for target in targets:
        check_target(target)
        if sort in _OF_IMAGES and target.suffix.lower() != ".parquet":
            raise OptionError(
                f"{target} cannot hold images", right="a file that ends in .parquet can", next=f"{target.stem}.parquet"
            )
    if len({path.resolve() for path in (Path(rows), *targets)}) <= len(targets):
        raise OptionError(
            "two of the files are one", right="ROWS, --out and --twins are files of their own", next="name another file"
        )
    with shown_progress():
        found = plant(rows_of(rows), _cue(sort, cue, size), **options)
        there, others = (_as_files(part, found.column) if sort in _OF_IMAGES else part for part in (found.rows, found.twins))
        marks = zip(found.carries.tolist(), found.groups, found.truth, found.numbers, strict=True)
        names = ("_carries", "_group", "_truth", "_row")
        write(out, [{**row, **dict(zip(names, mark, strict=True))} for row, mark in zip(there, marks, strict=True)])
        if twins is not None:
            write(twins, [{**twin, "_row": number} for twin, number in zip(others, found.numbers, strict=True)])
    return found


def _cue(sort: str, cue: str, size: int | None) -> Any:
    from tacit.planted import GroupNoise, Length, Proxy, Style, Token

    if size is not None and sort not in ("patch", "border"):
        raise OptionError("a size is for a patch or a border", next=f"leave out --size {size}")
    if sort in _OF_IMAGES:
        return _of_image(sort, cue, size)
    if sort == "length":
        return Length(int(cue) if cue.isdecimal() else 0)
    if sort in ("token", "style"):
        return Token(cue) if sort == "token" else Style(cue)
    column, equals, value = cue.partition("=")
    if not (column and equals):
        raise OptionError(
            f"a {sort} was given as {quote(cue)}", right="it takes COLUMN=VALUE", next=f"tacit plant ROWS town=north --as {sort}"
        )
    return Proxy(column, value, f"not {value}") if sort == "proxy" else GroupNoise(column, value)


def _of_image(sort: str, color: str, size: int | None) -> Any:
    from PIL import ImageColor

    from tacit.planted import Border, Patch, Tint

    try:
        red, green, blue = ImageColor.getrgb(color)[:3]
    except ValueError:
        raise OptionError(
            f"there is no color {quote(color)}",
            right='it is a name, or as in "#ff00ff"',
            next=f"tacit plant ROWS magenta --as {sort}",
        ) from None
    if sort == "tint":
        return Tint((red, green, blue))
    return Patch(size or 4, (red, green, blue)) if sort == "patch" else Border(size or 2, (red, green, blue))


def _as_files(rows: Sequence[Mapping[str, Any]], column: str) -> list[dict[str, Any]]:
    """The rows with the bytes of a PNG for each array of pixels."""
    from PIL import Image

    from tacit.types import ImageKind

    kind = ImageKind()
    return [{**row, column: kind.parse(Image.fromarray(row[column].squeeze()))} for row in rows]
