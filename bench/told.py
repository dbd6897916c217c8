"""What was measured of reading and writing, as tables and bars; where something failed, that stands in its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.anniversary import OF_CAPACITY, Day
from bench.bars import Bar, drawn
from bench.footprint import Footprint
from bench.loads import Figure, Key
from bench.stages import COMMENTS, SIZES

SLOWEST = 50  # milliseconds that 99 of 100 answers of the anniversary stay within
LIMITS = ("nginx", "raw", "front", "bare")


@dataclass
class Measured:
    """What a run found."""

    sizes: Sequence[int] = SIZES
    figures: Mapping[Key, list[Figure]] = field(default_factory=dict)
    footprints: Mapping[str, Footprint] = field(default_factory=dict)
    days: Mapping[str, Day] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        """What is measured, in words and in order."""
        most = f"{self.sizes[-1]:,} tributes"
        return {
            "nginx": "nginx, the page's bytes as a file", "front": "nginx with its cache, before the site",
            "raw": "the page out of memory, on the site's server", "kept": "the page, kept",
            "unchanged": "the page, unchanged (304)",
            **{f"page {size}": f"the page, not kept, {size:,} tributes" for size in self.sizes},
            "wall": f"the wall, not kept, {most}", "search": f"search, {most}",
            "queue": f"the desk's queue, {most}", "bare": "a bare POST, on the disk",
            "post": "a tribute sent, 300 letters",
            **{f"isso {number}": f"Isso, 25 of {number:,} comments" for number in COMMENTS},
        }  # fmt: skip

    def of(self, what: str, engine: str) -> list[Figure]:
        """The rounds of something on a database, or of what has none."""
        return self.figures.get(Key(what, engine)) or self.figures.get(Key(what)) or []


@dataclass(frozen=True)
class Target:
    """How something should stand to something else, by answers a second."""

    told: str
    above: str
    below: str
    bound: float
    at_least: bool = True


def targets(sizes: Sequence[int]) -> list[Target]:
    """Those of reading and writing."""
    flat = [Target(f"the page, not kept: time at {size:,} tributes over that at {sizes[0]:,}", f"page {sizes[0]}",
                   f"page {size}", 1.2, at_least=False) for size in sizes[1:]]  # fmt: skip
    return [
        Target("the page, kept, over the page out of memory on the same server", "kept", "raw", 0.9),
        Target("the page, kept, over nginx with the same bytes as a file", "kept", "nginx", 0.35),
        Target("nginx with its cache before the site, over nginx with the file", "front", "nginx", 0.9),
        *flat,
        Target("a tribute sent, checked, weighed, on the disk, over a bare POST on the disk", "post", "bare", 0.4),
    ]  # fmt: skip


def reached(value: float, bound: float, *, at_least: bool) -> str:
    """A number beside its target: where it is missed, by how much."""
    is_met = value >= bound if at_least else value <= bound
    told, missed = f"{value:,.0f}" if value >= 100 else f"{value:.3g}", abs(value / bound - 1) * 100
    if is_met:
        return told
    if value >= 2 * bound:
        return f"**{told}**, {value / bound:.0f} times the target"
    return f"**{told}**, missed by {missed:.{0 if missed >= 1 else 1}f} %"


def ratio(above: Sequence[Figure], below: Sequence[Figure]) -> float | None:
    """The median of what each round gives; none where something failed or was left out."""
    if not above or not below or any(figure.failed for figure in (*above, *below)):
        return None
    return median(one.rate / other.rate for one, other in zip(above, below, strict=True))


def table_of_targets(measured: Measured) -> Iterator[str]:
    """Each target with what was reached."""
    engines = list(measured.days)
    yield f"| what | target | {' | '.join(engines)} |"
    yield "| --- | --- |" + " --- |" * len(engines)
    for target in targets(measured.sizes):
        cells = []
        for engine in engines:
            found = ratio(measured.of(target.above, engine), measured.of(target.below, engine))
            cells.append("" if found is None else reached(found, target.bound, at_least=target.at_least))
        yield _row(target.told, f"{'≥' if target.at_least else '≤'} {target.bound}", *cells)
    prints = list(measured.footprints.values())
    starts = [reached(each.start / each.bare_start, 1.5, at_least=False) for each in prints]
    yield _row("start, over a bare import of the same libraries", "≤ 1.5", *starts)
    sizes = [reached(each.memory / each.bare_memory, 1.3, at_least=False) for each in prints]
    yield _row("memory of the server (PSS), over the same", "≤ 1.3", *sizes)
    days = measured.days.values()
    slow = [reached(each.all.share(0.99), SLOWEST, at_least=False) for each in days]
    yield _row(f"the anniversary at {OF_CAPACITY} of capacity: 99 of 100, milliseconds", f"≤ {SLOWEST}", *slow)
    failed = [f"{len(each.failures)}: {each.failures[0]}" if each.failures else "none" for each in days]
    yield _row("the anniversary: errors", "none", *failed)


def table_of_figures(measured: Measured) -> Iterator[str]:
    """Everything that was asked for, beside nginx."""
    yield "| what | database | of nginx | a second | CPU, µs | PostgreSQL's CPU, µs |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for what, engine, figures in _ordered(measured):
        name, share = measured.names[what], ratio(figures, measured.of("nginx", ""))
        failed, answers = (sum(getattr(each, said) for each in figures) for said in ("failed", "answers"))
        if failed:
            yield _row(name, engine, "", f"**{failed:,} of {answers:,} failed**", "", "")
            continue
        beside = f"{median(each.database for each in figures):,.0f}" if engine == "PostgreSQL" else ""
        cpu, rate = (median(getattr(each, said) for each in figures) for said in ("cpu", "rate"))
        yield _row(name, engine, "" if share is None else f"{share:.2g}", f"{rate:,.0f}", f"{cpu:,.0f}", beside)


def table_of_days(measured: Measured) -> Iterator[str]:
    """The anniversary, by what people came for."""
    yield "| database | what | answers | median | 99 of 100 | longest, milliseconds |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for engine, day in measured.days.items():
        for kind, times in day.took.items():
            shares = [f"{times.share(part):.1f}" for part in (0.5, 0.99, 1)]
            yield _row(engine, KINDS[kind], f"{len(times.all):,}", *shares)


KINDS = {
    "read": "reading", "search": "searching", "submit": "sending a tribute", "decide": "deciding",
}  # fmt: skip


def pictures(measured: Measured) -> Iterator[tuple[str, str]]:
    """The bars, each with the name of its file."""
    bars = []
    for what, engine, figures in _ordered(measured):
        whose = "limit" if what in LIMITS else "peer" if what.startswith("isso") else "own"
        if not any(each.failed for each in figures):
            rate, name = median(each.rate for each in figures), measured.names[what]
            bars.append(Bar(f"{name} · {engine}" if engine else name, rate, f"{rate:,.0f}", whose))
    said = "Answers a second, by a logarithmic scale"
    yield "bench-serving.svg", drawn(said, "; ".join(f"{bar.name}: {bar.told}" for bar in bars), bars)
    waits = [Bar(f"{KINDS[kind]}, {name} · {engine}", times.share(part), f"{times.share(part):.1f} ms")
             for engine, day in measured.days.items() for kind, times in day.took.items()
             for name, part in (("median", 0.5), ("99 of 100", 0.99))]  # fmt: skip
    said = f"The anniversary: milliseconds; the dashed line is the target, {SLOWEST}"
    yield "bench-anniversary.svg", drawn(said, "; ".join(f"{bar.name}: {bar.told}" for bar in waits), waits, SLOWEST)


def _ordered(measured: Measured) -> Iterator[tuple[str, str, list[Figure]]]:
    for what in measured.names:
        for key, figures in measured.figures.items():
            if key.what == what:
                yield what, key.engine, figures


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
