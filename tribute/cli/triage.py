"""triage evaluate."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import click

from tribute.cli.tools import reading
from tribute.domain import text
from tribute.extensions import now
from tribute.services import evaluation
from tribute.services.evaluation import Judged, Score


@click.group()
def triage() -> None:
    """What orders the queue."""


@triage.command()
@click.option(
    "--side", type=click.Choice(evaluation.SIDES), default=evaluation.SIDES[0], show_default=True,
    help="Which of the labelled texts.",
)  # fmt: skip
@click.option(
    "--csv", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write each text with its verdict."
)
def evaluate(side: str, file: Path | None) -> None:
    """Judge the labelled texts: precision and recall of each verdict, by language and by target."""
    texts = evaluation.labelled(side)
    with reading() as session:
        judged = evaluation.judge(session, texts, now())
    click.echo(f"{len(texts)} labelled texts, {side}")
    click.echo("\n".join(table(evaluation.scores(judged))))
    if file is not None:
        write(file, judged)


def table(scores: Iterable[Score]) -> list[str]:
    """The scores as a table in Markdown."""
    head = ["| verdict | among | texts | recall | precision |", "| --- | --- | --- | --- | --- |"]
    return head + [
        f"| {each.verdict} | {each.among} | {each.texts} | {each.recall:.2f} | {each.precision:.2f} |"
        for each in scores
    ]


def write(file: Path, judged: list[Judged]) -> None:
    """Each text with what it should be and what it was taken for; no cell is read as a formula."""
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["template", "language", "target", "should be", "verdict", "signals", "text"])
        for labelled, weighed in judged:
            signals = "; ".join(" ".join((signal.name, *signal.told)) for signal in weighed.signals)
            cells = (labelled.template, labelled.language, labelled.target, labelled.verdict, weighed.verdict, signals,
                     labelled.text)  # fmt: skip
            rows.writerow([text.cell(cell) for cell in cells])
