"""Every signal there is, in the order in which they are asked."""

from __future__ import annotations

from tribute.triage import arrival, bayes, names, repeats, wording
from tribute.triage.weighing import Finder

FINDERS: tuple[Finder, ...] = (
    wording.listed, wording.contact, wording.alphabets, wording.capitals,
    arrival.trap, arrival.time, arrival.address, arrival.work, arrival.history,
    names.find, repeats.find, bayes.find,
)  # fmt: skip
