"""How results read: one table style for every result object, on a terminal and in a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["bar", "number", "seconds", "size", "table"]


def table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None, right: Sequence[str] = ()
) -> str:
    """Rows as aligned text. Control characters become spaces, so that data cannot steer a terminal.

    Arguments:
        columns: The headings.
        rows: Cells in the order of the columns; None is shown as a dash.
        title: A line above.
        right: Columns that are aligned right: numbers.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    def cell(content: object) -> Text:
        return Text("-" if content is None else "".join(c if c.isprintable() else " " for c in str(content)))

    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in columns:
        grid.add_column(cell(column), justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        grid.add_row(*map(cell, row))
    console = Console(width=120, color_system=None, force_terminal=False, legacy_windows=False)
    with console.capture() as captured:
        console.print(grid)
    lines = [line.rstrip() for line in captured.get().splitlines()]
    return "\n".join(([title, ""] if title else []) + [line for line in lines if line])


def number(value: float | None, digits: int = 3) -> str | None:
    """A figure to `digits` digits behind the point; None stays None.

    Example:
        >>> number(0.98765), number(None)
        ('0.988', None)
    """
    return None if value is None else f"{value:,.{digits}f}"


def seconds(value: float) -> str:
    """A duration as people say it.

    Example:
        >>> seconds(0.004), seconds(7.25), seconds(150)
        ('4 ms', '7.2 s', '2 min 30 s')
    """
    if value < 0.9995:
        return f"{value * 1000:.0f} ms"
    if value < 100:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest} s" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def size(count: float) -> str:
    """A number of bytes as people say it, in powers of 1,000.

    Example:
        >>> size(0), size(20_480), size(1_530_000_000)
        ('0 bytes', '20 kB', '1.5 GB')
    """
    if count < 1000:
        return f"{count:.0f} bytes"
    for unit in ("kB", "MB"):
        count /= 1000
        if count < 999.5:
            return f"{count:.{int(count < 9.95)}f} {unit}"
    return f"{count / 1000:,.1f} GB"


def bar(share: float, width: int = 24) -> str:
    """A share from 0 to 1 as a bar of at most `width` characters.

    Example:
        >>> bar(0.5, 4)
        '██'
    """
    return "█" * round(max(0.0, min(1.0, share)) * width)
