#!/usr/bin/env python3
"""Make static/build from static/css, js, fonts, img and vendor: joined, named by content, compressed beforehand.

    build.py            make static/build again (needs no Node)
    build.py --check    say whether static/build is what the sources give; exit 1 when it is not
    build.py --fonts    subset the fonts from the npm packages first (after `npm ci`), then build
    build.py --pictures draw the two PNG pictures with Chromium first, then build

The same sources give the same bytes, so a build can be committed and checked.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

import brotli

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
BUILD = "build"
# Joined files: address -> the list of its parts, in order, or its one source.
BUNDLES = {
    "css/site.css": "css/site.list",
    "css/desk.css": "css/desk.css",
    "js/site.js": "js/site.list",
    "js/desk.js": "js/desk.list",
}
COPIED = ("fonts/*.woff2", "img/*.svg", "img/*.png", "vendor/*.js")
SQUEEZED = {".css", ".js", ".svg", ".json"}
URL = re.compile(r"url\((['\"]?)\.\./([^)'\"#?]+)\1\)")
Files = dict[str, bytes]


def hashed(name: str, content: bytes) -> str:
    """css/site.css -> css/site.1a2b3c4d.css"""
    stem, dot, end = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:8]}{dot}{end}"


def listed(static: Path, source: str) -> list[Path]:
    """The parts of a bundle: a .list names one file a line, # begins a remark."""
    path = static / source
    if path.suffix != ".list":
        return [path]
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [path.parent / line for line in lines if line]


def thin_css(text: str) -> str:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return "".join(f"{line.strip()}\n" for line in text.splitlines() if line.strip())


def thin_js(text: str) -> str:
    """Without indentation and lines of remarks; a text over several lines would be changed, so it is refused."""
    lines = [line.strip() for line in text.splitlines()]
    if any(line.count("`") % 2 for line in lines):
        raise SystemExit("A JavaScript text in backticks must end on its own line.")
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


def with_addresses(text: str, names: dict[str, str]) -> str:
    """url(../img/a.svg) -> url(../img/a.1a2b3c4d.svg); a file that is not there stops the build."""

    def address(found: re.Match[str]) -> str:
        if found[2] not in names:
            raise SystemExit(f"The CSS names {found[2]}, which is not among the assets.")
        return f"url(../{names[found[2]]})"

    return URL.sub(address, text)


def joined(static: Path, source: str, names: dict[str, str]) -> bytes:
    text = "".join(part.read_text(encoding="utf-8") for part in listed(static, source))
    thin = thin_js(text) if source.startswith("js/") else with_addresses(thin_css(text), names)
    return thin.encode()


def collect(static: Path) -> tuple[Files, dict[str, str]]:
    """Every file of the build by its hashed name, and the manifest."""
    files: Files = {}
    names: dict[str, str] = {}

    def add(name: str, content: bytes) -> None:
        names[name] = hashed(name, content)
        files[names[name]] = content

    for pattern in COPIED:
        for path in sorted(static.glob(pattern)):
            add(path.relative_to(static).as_posix(), path.read_bytes())
    for name, source in BUNDLES.items():
        add(name, joined(static, source, names))
    files["manifest.json"] = (json.dumps(dict(sorted(names.items())), indent=1) + "\n").encode()
    return files, names


def squeezed(name: str, content: bytes) -> Files:
    """The compressed forms that save bytes, with no time of making inside."""
    if Path(name).suffix not in SQUEEZED or name == "manifest.json":
        return {}
    forms = {f"{name}.br": brotli.compress(content), f"{name}.gz": gzip.compress(content, 9, mtime=0)}
    return {form: body for form, body in forms.items() if len(body) < len(content)}


def made(static: Path) -> Files:
    plain, _ = collect(static)
    forms = [squeezed(name, content) for name, content in plain.items()]
    return plain | {name: body for form in forms for name, body in form.items()}


def unpacked(name: str, content: bytes) -> bytes:
    """What a compressed file says: another zlib may write other bytes for the same text."""
    if name.endswith(".br"):
        return bytes(brotli.decompress(content))
    return gzip.decompress(content) if name.endswith(".gz") else content


def committed(build: Path) -> Files:
    return {p.relative_to(build).as_posix(): p.read_bytes() for p in build.rglob("*") if p.is_file()}


def differences(static: Path) -> list[str]:
    want, have = made(static), committed(static / BUILD)
    missing = [f"missing: {name}" for name in sorted(want.keys() - have.keys())]
    extra = [f"left over: {name}" for name in sorted(have.keys() - want.keys())]
    both = sorted(want.keys() & have.keys())
    other = [f"differs: {name}" for name in both if unpacked(name, want[name]) != unpacked(name, have[name])]
    return missing + extra + other


def write(static: Path) -> Files:
    """Replace the whole build, so that nothing old is left over."""
    files = made(static)
    shutil.rmtree(static / BUILD, ignore_errors=True)
    for name, content in files.items():
        path = static / BUILD / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return files


def check(static: Path) -> int:
    found = differences(static)
    for line in found:
        print(line, file=sys.stderr)
    if found:
        print("static/build is not what its sources give: run deploy/assets/build.py", file=sys.stderr)
    return 1 if found else 0


def sources_again(static: Path, *, with_fonts: bool, with_pictures: bool) -> None:
    """Imported only here: the plain build needs neither fontTools nor Chromium."""
    sys.path.insert(0, str(ROOT))
    if with_fonts:
        from deploy.assets import fonts

        fonts.make_all(static / "fonts")
    if with_pictures:
        from deploy.assets import pictures

        pictures.draw_all(static / "img")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--fonts", action="store_true")
    parser.add_argument("--pictures", action="store_true")
    parser.add_argument("--static", type=Path, default=STATIC, help="the folder of the sources")
    chosen = parser.parse_args()
    if chosen.check:
        return check(chosen.static)
    sources_again(chosen.static, with_fonts=chosen.fonts, with_pictures=chosen.pictures)
    files = write(chosen.static)
    print(f"static/build: {len(files)} files, {sum(map(len, files.values())) // 1024} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
