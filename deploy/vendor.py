"""Bring the front-end packages into static/vendor, so that the portal never asks another server.

Run by a developer with npm at hand: ``python deploy/vendor.py``. Every version and checksum ends in
static/vendor/VERSIONS.json. Two things are changed on the way in, because the portal needs them:
``sourceMappingURL`` lines go (hashed collectstatic fails on the missing map), and pictures that
Bootstrap carries as ``data:`` addresses become files (the content policy allows only our own address).
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
TESTS = ROOT / "hbs_portal" / "tests" / "vendor"

PACKAGES = {
    "bootstrap": "5.3.9",
    "chart.js": "4.6.1",
    "bootstrap-icons": "1.13.2",
    "@fontsource/be-vietnam-pro": "5.2.8",
    "axe-core": "4.14.1",
}
FILES = {
    "bootstrap": {
        "dist/css/bootstrap.min.css": VENDOR / "bootstrap" / "bootstrap.min.css",
        "dist/js/bootstrap.bundle.min.js": VENDOR / "bootstrap" / "bootstrap.bundle.min.js",
        "LICENSE": VENDOR / "bootstrap" / "LICENSE",
    },
    "chart.js": {
        "dist/chart.umd.min.js": VENDOR / "chartjs" / "chart.umd.min.js",
        "LICENSE.md": VENDOR / "chartjs" / "LICENSE.md",
    },
    "@fontsource/be-vietnam-pro": {
        "LICENSE": VENDOR / "be-vietnam-pro" / "LICENSE",
        **{
            f"files/be-vietnam-pro-{subset}-{weight}-normal.woff2": VENDOR
            / "be-vietnam-pro"
            / f"{subset}-{weight}.woff2"
            for subset in ("latin", "latin-ext", "vietnamese")
            for weight in (400, 500, 600, 700)
        },
    },
    "bootstrap-icons": {"LICENSE": VENDOR / "icons.LICENSE"},
    "axe-core": {"axe.min.js": TESTS / "axe.min.js"},
}
ICONS = Path(__file__).with_name("icons.txt").read_text(encoding="utf-8").split()

SOURCE_MAP = re.compile(rb"\n?(?://|/\*)[#@]\s*sourceMappingURL=[^\n*]*(?:\*/)?")
DATA_PICTURE = re.compile(r"""url\((["'])data:image/svg\+xml,(.*?)\1\)""")


def unpack(name: str, version: str, folder: Path) -> Path:
    """Fetch one package with ``npm pack`` into ``folder``; return the folder that holds its files."""
    packed = subprocess.run(  # noqa: S603
        ["npm", "pack", f"{name}@{version}", "--silent"],  # noqa: S607
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()[-1]
    target = folder / packed.removesuffix(".tgz")
    with tarfile.open(folder / packed) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def pictures_to_files(css: str, folder: Path) -> str:
    """Write each embedded SVG of ``css`` into ``folder``/img and return the CSS that points there."""
    (folder / "img").mkdir(parents=True, exist_ok=True)

    def to_file(found: re.Match[str]) -> str:
        picture = unquote(found[2])
        name = f"{hashlib.sha256(picture.encode()).hexdigest()[:10]}.svg"
        (folder / "img" / name).write_text(picture, encoding="utf-8")
        return f'url("img/{name}")'

    return DATA_PICTURE.sub(to_file, css)


def place(source: Path, target: Path) -> None:
    """Copy one file of a package to its place, mended as the module says."""
    target.parent.mkdir(parents=True, exist_ok=True)
    content = source.read_bytes()
    if target.suffix in {".css", ".js"}:
        content = SOURCE_MAP.sub(b"", content)
    if target.suffix == ".css":
        content = pictures_to_files(content.decode(), target.parent).encode()
    target.write_bytes(content)


def build_sprite(icons: Path) -> str:
    """Join the chosen icons into one SVG of ``<symbol id="name">``."""
    symbols = []
    for name in sorted(set(ICONS)):
        text = (icons / f"{name}.svg").read_text(encoding="utf-8")
        body = re.search(r"<svg[^>]*>(.*)</svg>", text, re.DOTALL)
        if body is None:
            raise ValueError(f"Not an SVG: {name}")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{body[1].strip()}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def record() -> None:
    """Write versions and SHA-256 of every file that was brought in."""
    files = [path for path in sorted(VENDOR.rglob("*")) if path.is_file() and path.name != "VERSIONS.json"]
    files.append(TESTS / "axe.min.js")
    sums = {str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    text = json.dumps({"packages": PACKAGES, "sha256": sums}, indent=2, ensure_ascii=False)
    (VENDOR / "VERSIONS.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Fetch everything anew."""
    with tempfile.TemporaryDirectory() as temporary:
        for name, version in PACKAGES.items():
            package = unpack(name, version, Path(temporary))
            for source, target in FILES[name].items():
                place(package / source, target)
            if name == "bootstrap-icons":
                (VENDOR / "icons.svg").write_text(build_sprite(package / "icons"), encoding="utf-8")
    record()


if __name__ == "__main__":
    main()
