"""The code base holds itself to docs/architecture.md: arrows, sizes, one entrance for writes, no dead templates."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
#: What each room may import; everything that stands to its left.
ARROWS = {
    "hbs_portal.lib": set(),
    "accounts": {"hbs_portal.lib"},
    "campaigns": {"hbs_portal.lib", "accounts"},
    "training": {"hbs_portal.lib", "accounts", "campaigns"},
    "reports": {"hbs_portal.lib", "accounts", "campaigns", "training"},
}
APPS = ("accounts", "campaigns", "training", "reports")
PRIVATE_MODULES = ("views", "forms", "urls", "tasks")
LIMIT_LINES, MEDIAN_LINES, P90_LINES, VIEW_LINES = 400, 8, 30, 20


def sources(*folders: str) -> list[Path]:
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return [path for path in paths if "migrations" not in path.parts and "tests" not in path.parts]


def room_of(module: str) -> str | None:
    """The room that a module belongs to; hbs_portal without lib is the roof, which nobody may import."""
    if module == "hbs_portal.lib" or module.startswith("hbs_portal.lib."):
        return "hbs_portal.lib"
    head = module.split(".", maxsplit=1)[0]
    return head if head in (*APPS, "hbs_portal") else None


def imports_of(path: Path) -> list[str]:
    """Every module a file imports, inside functions too."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found


@pytest.mark.parametrize("room", ARROWS)
def test_imports_go_one_way_only(room):
    wrong = [
        f"{path.relative_to(ROOT)}: {module}"
        for path in sources(room.replace(".", "/"))
        for module in imports_of(path)
        if room_of(module) not in (None, room, *ARROWS[room])
    ]
    assert wrong == []


@pytest.mark.parametrize("app", APPS)
def test_nobody_imports_another_apps_views_forms_urls_or_tasks(app):
    wrong = [
        f"{path.relative_to(ROOT)}: {module}"
        for path in sources(app)
        for module in imports_of(path)
        if room_of(module) in APPS
        and room_of(module) != app
        and any(part in PRIVATE_MODULES for part in module.split(".")[1:2])
    ]
    assert wrong == []


def functions() -> list[tuple[int, str]]:
    found = []
    for path in sources("hbs_portal", *APPS):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                found.append((node.end_lineno - node.lineno + 1, f"{path.relative_to(ROOT)}:{node.name}"))
    return sorted(found)


def test_functions_are_small():
    sizes = [size for size, _ in functions()]
    assert sizes[len(sizes) // 2] <= MEDIAN_LINES
    assert sizes[int(len(sizes) * 0.9)] <= P90_LINES


def test_no_file_passes_four_hundred_lines():
    long = {str(p.relative_to(ROOT)): n for p in sources("hbs_portal", *APPS) if (n := len(p.open().readlines())) > 400}
    assert long == {}


def views() -> list[tuple[str, ast.FunctionDef]]:
    """Functions that answer a request, in every app's views."""
    found = []
    for path in sources(*APPS):
        if "views" not in path.relative_to(ROOT).with_suffix("").parts:
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.args.args and node.args.args[0].arg == "request":
                found.append((f"{path.relative_to(ROOT)}:{node.name}", node))
    return found


def test_views_are_at_most_twenty_lines():
    long = [name for name, node in views() if node.end_lineno - node.lineno + 1 > VIEW_LINES]
    assert long == []


def test_views_neither_query_nor_save():
    """Objects come through visible_to(user) and get_object_or_404; everything else is a service or a selector."""
    forbidden = re.compile(r"\.(save|delete|bulk_create|create|update|aggregate|annotate)\(")
    wrong = [name for name, node in views() if forbidden.search(ast.unparse(node))]
    assert wrong == []


def test_every_template_is_used():
    texts = [p.read_text(encoding="utf-8") for p in (*sources("hbs_portal", *APPS), *ROOT.glob("templates/**/*.html"))]
    everything = "\n".join([*texts, (ROOT / "hbs_portal" / "settings.py").read_text(encoding="utf-8")])
    handlers = {"400.html", "403.html", "404.html", "500.html"}
    names = [str(path.relative_to(ROOT / "templates")) for path in ROOT.glob("templates/**/*.html")]
    unused = [name for name in names if name not in handlers and f'"{name}"' not in everything]
    assert unused == []


def test_no_module_hides_behind_a_vague_name():
    vague = {"utils", "helpers", "common", "misc", "signals"}
    assert [str(path) for path in sources("hbs_portal", *APPS) if path.stem in vague] == []


@pytest.mark.django_db
def test_the_migrations_are_complete_and_named_by_hand():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    automatic = [path.name for app in APPS for path in (ROOT / app / "migrations").glob("*_auto_*.py")]
    assert automatic == []
