"""Bars as SVG: lengths by the logarithm, since what is compared spans decades; readable in light and in dark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH, LEFT, RIGHT = 800, 370, 100  # of the picture, of the names, of the numbers
ROW, THICK, TOP, BOTTOM = 24, 14, 52, 30
HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {{height}}" role="img" aria-labelledby="t d" '
    'font-family="system-ui, sans-serif" font-size="13">'
)
STYLE = """
.paper { fill: #faf7f2 } .ink { fill: #1d1b19 } .soft { fill: #5f5a52 } .grid { stroke: #d8d2c7 }
.own { fill: #a3162b } .limit { fill: #6f6a62 } .peer { fill: #a8701c } .mark { stroke: #1d1b19; stroke-dasharray: 4 3 }
@media (prefers-color-scheme: dark) {
.paper { fill: #191715 } .ink { fill: #f1ece4 } .soft { fill: #b3aca1 } .grid { stroke: #3a3631 }
.own { fill: #e8627a } .limit { fill: #9a948a } .peer { fill: #d9a551 } .mark { stroke: #f1ece4 }
}
"""


@dataclass(frozen=True)
class Bar:
    """One of them: its name, its number, that number in words, and whose it is: own, limit or peer."""

    name: str
    value: float
    told: str
    whose: str = "own"


def drawn(title: str, description: str, bars: Sequence[Bar], mark: float | None = None) -> str:
    """The picture; `mark` is a number that a dashed line stands at."""
    height = TOP + ROW * len(bars) + BOTTOM
    values = [bar.value for bar in bars] + ([mark] if mark else [])
    low, high = floor(log10(min(values))), max(ceil(log10(max(values))), floor(log10(min(values))) + 1)
    scale = Scale(low, high)
    return "\n".join([
        HEAD.format(height=height),
        f'<title id="t">{escape(title)}</title>', f'<desc id="d">{escape(description)}</desc>',
        f"<style>{STYLE}</style>", f'<rect class="paper" width="{WIDTH}" height="{height}" rx="8"/>',
        f'<text class="ink" x="16" y="28" font-size="16" font-weight="600">{escape(title)}</text>',
        *_decades(scale, height), *_rows(bars, scale),
        *([f'<path class="mark" d="M{scale.at(mark)} {TOP - 6}V{height - BOTTOM}"/>'] if mark else []),
        "</svg>\n",
    ])  # fmt: skip


@dataclass(frozen=True)
class Scale:
    """From one power of ten to another."""

    low: int
    high: int

    def at(self, value: float) -> float:
        """Where a number stands."""
        share = (log10(value) - self.low) / (self.high - self.low)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _decades(scale: Scale, height: int) -> Iterator[str]:
    bottom = height - BOTTOM
    for power in range(scale.low, scale.high + 1):
        at, said = scale.at(10.0**power), f"{10.0**power:,.15g}"
        yield f'<path class="grid" d="M{at} {TOP - 6}V{bottom}"/>'
        yield f'<text class="soft" x="{at}" y="{bottom + 18}" text-anchor="middle" font-size="11">{said}</text>'


def _rows(bars: Sequence[Bar], scale: Scale) -> Iterator[str]:
    for number, bar in enumerate(bars):
        top = TOP + ROW * number
        width = max(1.0, round(scale.at(bar.value) - LEFT, 1))
        middle = f'y="{top + THICK - 2}"'
        yield f'<text class="ink" x="{LEFT - 10}" {middle} text-anchor="end">{escape(bar.name)}</text>'
        yield f'<rect class="{bar.whose}" x="{LEFT}" y="{top}" width="{width}" height="{THICK}" rx="2"/>'
        yield f'<text class="ink" x="{LEFT + width + 8}" {middle}>{escape(bar.told)}</text>'
