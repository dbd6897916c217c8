"""What the program does not do, so that nothing has to be kept from doing it."""

from __future__ import annotations

import ast

import pytest

from tests.habits.code import MODULES
from tests.habits.test_floors import imported

# A call by its name as it is written, and where it may stand all the same.
DANGEROUS = {
    "eval": (), "exec": (), "__import__": (), "os.system": (), "os.popen": (), "render_template_string": (),
    "pickle.loads": (), "pickle.load": (), "marshal.loads": (), "hashlib.md5": (), "hashlib.sha1": (),
    "subprocess.run": ("tribute.services.backup",), "subprocess.Popen": (), "subprocess.call": (),
}  # fmt: skip
# What reads XML that others wrote, asks other hosts, guesses at randomness, or brings objects back to life.
ABSENT = {"requests", "httpx", "urllib3", "aiohttp", "pickle", "marshal", "shelve", "lxml", "defusedxml", "xmlrpc",
          "ldap", "ftplib"}  # fmt: skip
FOR_SAMPLES = {"tribute.services.synthetic", "tribute.services.corpus"}  # made-up tributes, the same every time
GUESSABLE = "random"  # the library's own randomness can be foretold; `secrets` cannot


@pytest.mark.parametrize("module", MODULES)
def test_nothing_is_run_that_was_read(module: str) -> None:
    for node in ast.walk(MODULES[module]):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            assert module in DANGEROUS.get(name, (module,)), f"{module}:{node.lineno} calls {name}"
            shell = [word for word in node.keywords if word.arg == "shell"]
            assert not shell, f"{module}:{node.lineno} hands a command to a shell"


@pytest.mark.parametrize("module", MODULES)
def test_nobody_is_asked_and_nothing_is_parsed_that_could_harm(module: str) -> None:
    found = set(imported(MODULES[module]))
    assert not {name.split(".")[0] for name in found} & ABSENT
    assert not {name for name in found if name.startswith(("urllib.request", "http.client"))}
    parses = [n for n in ast.walk(MODULES[module]) if isinstance(n, ast.Call)
              and ast.unparse(n.func) in ("ET.parse", "ET.fromstring", "ET.XML", "ET.iterparse")]  # fmt: skip
    assert not parses, "XML is written here and never read"


def test_what_must_not_be_guessed_is_not_made_by_what_can_be_foretold() -> None:
    using = {module for module, tree in MODULES.items() if GUESSABLE in set(imported(tree))}
    assert using <= FOR_SAMPLES
