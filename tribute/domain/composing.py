"""Writing the file of a text that was edited in the desk: what `domain.article` reads back as the same."""

from __future__ import annotations

import re
from typing import Any

import yaml

from tribute.domain.article import FORMATS, OF_ARTICLES, OF_PAGES, Text

_ODD_BREAKS = re.compile("[\x85\u2028\u2029]")  # YAML folds them with line breaks beside them, unless they are escaped
_BAR = re.compile(r"(?<!\\)\|")  # between the time and the event; one that belongs to the time is written \|


class _Dumper(yaml.SafeDumper):
    """Front matter as a person would write it: several lines as a block."""


def _text(dumper: _Dumper, said: str) -> yaml.ScalarNode:
    style = '"' if _ODD_BREAKS.search(said) else "|" if "\n" in said else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", said, style=style)


_Dumper.add_representer(str, _text)


def compose(said: Text, *, is_page: bool = False) -> str:
    """The whole file: front matter with what the text has, and its body."""
    known = OF_PAGES if is_page else OF_ARTICLES
    matter = {key: value for key in known if (value := _value(said, key))}
    head = yaml.dump(matter, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1_000_000)
    return f"---\n{head}---\n{said.body}\n"


def _value(said: Text, key: str) -> Any:
    if key == "format":
        return said.source_format if said.source_format != FORMATS[0] else ""
    if key == "timeline":
        return [{"when": when, "what": what} for when, what in said.timeline]
    return getattr(said, key)


def timeline_lines(timeline: list[tuple[str, str]]) -> str:
    """A timeline as it is typed: one entry a line, `when | what`."""
    return "\n".join(f"{when.replace('|', chr(92) + '|')} | {what}" for when, what in timeline)


def read_timeline(typed: str) -> tuple[list[tuple[str, str]], int]:
    """What was typed, entry by entry, and the number of the first line that is none; 0 where each is one."""
    entries, wrong = [], 0
    for number, line in enumerate(typed.split("\n"), start=1):
        if not line.strip():
            continue
        when, bar, what = _parted(line)
        entries.append((when, what))
        if not (bar and when and what):
            wrong = wrong or number
    return entries, wrong


def _parted(line: str) -> tuple[str, bool, str]:
    when, *rest = _BAR.split(line, maxsplit=1)
    tidy = " ".join(when.replace("\\|", "|").split())
    return tidy, bool(rest), " ".join(rest[0].split()) if rest else ""
