"""Who may import whom: data moves one way, and what is pure stays pure."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "hanicrawler"

PURE = {"items", "site"}
COMPONENTS = PURE | {
    "normalize",
    "storage",
    "archives",
    "pipelines",
    "middlewares",
    "extensions",
}
MAY_IMPORT = {
    "site": set(),
    "items": {"site"},
    "pages": PURE,
    "normalize": PURE,
    "storage": PURE,
    "archives": PURE,
    "replay": PURE | {"pages", "normalize", "storage", "archives"},
    "pipelines": COMPONENTS,
    "middlewares": COMPONENTS,
    "extensions": COMPONENTS | {"settings"},
    "spiders": PURE | {"pages", "normalize", "storage", "archives", "middlewares"},
    "commands": COMPONENTS | {"spiders"},
    "ask": PURE | {"normalize", "storage"},
    "export": PURE | {"normalize", "storage", "ask"},
    "web": PURE | {"normalize", "storage", "ask"},
    "cli": PURE
    | {
        "storage",
        "pages",
        "normalize",
        "archives",
        "replay",
        "pipelines",
        "replica",
        "ask",
        "export",
        "web",
    },
    "settings": set(),
}
NEVER = {
    "site": {"scrapy", "sqlalchemy", "selectolax"},
    "items": {"scrapy", "sqlalchemy", "selectolax"},
    "pages": {"scrapy", "sqlalchemy"},
    "normalize": {"scrapy", "sqlalchemy"},
    "storage": {"scrapy", "selectolax"},
    "archives": {"scrapy", "sqlalchemy", "selectolax"},
    "replay": {"scrapy", "sqlalchemy", "selectolax"},
    "spiders": {"sqlalchemy", "selectolax"},
    "pipelines": {"selectolax"},
    "ask": {"scrapy", "sqlalchemy", "selectolax"},
    "export": {"scrapy", "sqlalchemy", "selectolax"},
    "web": {"scrapy", "sqlalchemy", "selectolax"},
    "cli": {"sqlalchemy"},
}


def imports(file: Path) -> Iterator[str]:
    """Yield what a module imports at run time; names for annotations are no dependency."""
    tree = ast.parse(file.read_text("utf-8"))
    for block in [node for node in ast.walk(tree) if isinstance(node, ast.If)]:
        if isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING":
            block.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{file}: import by the whole name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_what_lies_before_it(room: str) -> None:
    files = [PACKAGE / f"{room}.py"] if (PACKAGE / f"{room}.py").exists() else []
    for file in files or (PACKAGE / room).rglob("*.py"):
        for name in imports(file):
            top, _, rest = name.partition(".")
            assert top not in NEVER.get(room, set()), f"{file} imports {name}"
            other = rest.partition(".")[0]
            if (
                top == "hanicrawler"
                and (PACKAGE / other).with_suffix(".py").exists() | (PACKAGE / other).is_dir()
            ):
                assert other in MAY_IMPORT[room] | {room}, f"{file} imports {name}"


def test_every_room_has_its_rule() -> None:
    rooms = {path.stem for path in PACKAGE.iterdir() if path.is_dir() or path.suffix == ".py"}

    assert rooms - {"__init__", "__pycache__", "py"} <= set(MAY_IMPORT) | {"replica", "migrations"}
