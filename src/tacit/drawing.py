"""Charts as one SVG file that needs nothing else: no fonts, no styles, no scripts."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tacit.charts import Chart, Line

__all__ = ["svg"]

_COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Of Okabe and Ito (2008): told apart by color-blind readers too."""

_FAINT = "#6b6b6b"
_DASHES = ("", "7 3", "2 3", "9 3 2 3", "4 4", "1 2")
"""And told apart in print."""

_HEAD, _LEGEND = 34, 20


def svg(charts: Sequence[Chart], title: str) -> str:
    """Charts of the same series side by side, with a legend; intervals are bands.

    Arguments:
        charts: At least one; the names of the series are those of the first.
        title: Above them.
    """
    names = [series.name for series in charts[0].series]
    top = _HEAD + _LEGEND * len(names)
    width, height = sum(c.width for c in charts), top + max(c.height for c in charts)
    styles = _styles(charts[0])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
        ' font-family="system-ui, sans-serif" font-size="12" fill="#333">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(' '.join(c.description for c in charts))}</desc>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="14" y="22" font-size="14" font-weight="600">{escape(title)}</text>',
    ]
    for i, (name, (color, dashes)) in enumerate(zip(names, styles, strict=True)):
        y = _HEAD + _LEGEND * i + 8
        parts.append(f'<path d="M14 {y}H44" stroke="{color}" stroke-width="2.5"{_dashed(dashes)}/>')
        parts.append(f'<text x="52" y="{y + 4}">{escape(name)}</text>')
    left = 0
    for one in charts:
        parts += [f'<g transform="translate({left} {top})">', *_axes(one)]
        for line, (color, dashes) in zip(one.lines, styles, strict=False):
            parts += _line(line, color, dashes)
        parts.append("</g>")
        left += one.width
    return "\n".join([*parts, "</svg>", ""])


def _styles(one: Chart) -> list[tuple[str, str]]:
    """The color and the dashes of each series; what is there for comparison is gray."""
    found, bold = [], 0
    for series in one.series:
        found.append((_FAINT, "3 3") if series.faint else (_COLORS[bold % len(_COLORS)], _DASHES[bold % len(_DASHES)]))
        bold += not series.faint
    return found


def _axes(one: Chart) -> list[str]:
    parts = []
    for tick in one.y_ticks:
        parts.append(f'<path d="M{one.left} {tick.at}H{one.right}" stroke="#ddd"/>')
        parts.append(f'<text x="{one.left - 7}" y="{tick.at + 4}" text-anchor="end">{escape(tick.text)}</text>')
    parts += [f'<text x="{t.at}" y="{one.bottom + 17}" text-anchor="middle">{escape(t.text)}</text>' for t in one.x_ticks]
    parts.append(f'<text x="{one.right}" y="{one.height - 5}" text-anchor="end">{escape(one.x_name)}</text>')
    return parts


def _line(line: Line, color: str, dashes: str) -> list[str]:
    parts = []
    if len(line.whiskers) > 1:
        above = [f"{x} {high}" for x, high, _ in line.whiskers]
        below = [f"{x} {low}" for x, _, low in reversed(line.whiskers)]
        parts.append(f'<path d="M{"L".join([*above, *below])}Z" fill="{color}" fill-opacity="0.15"/>')
    parts.append(
        f'<path d="{line.path}" fill="none" stroke="{color}" stroke-width="2.5" stroke-linejoin="round"{_dashed(dashes)}/>'
    )
    parts += [f'<circle cx="{x}" cy="{y}" r="3.5" fill="{color}"/>' for x, y in line.dots]
    return parts


def _dashed(dashes: str) -> str:
    return f' stroke-dasharray="{dashes}"' if dashes else ""
