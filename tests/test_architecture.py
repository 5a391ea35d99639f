"""The arrows of the house: registry <- incubators <- companies <- config. None points up, none makes a circle."""

import ast
import os
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
FLOORS = ("registry", "incubators", "companies", "config")  # a floor may import those before it
MAY_READ_ENVIRONMENT = {Path("config/environment.py")}
SETTING_THE_DEFAULT = 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.serving")'


def modules(checkout: Path) -> Iterator[Path]:
    for floor in FLOORS:
        yield from sorted((checkout / floor).rglob("*.py"))


def name_of(path: Path, checkout: Path) -> str:
    parts = path.relative_to(checkout).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path, checkout: Path, *, also_for_types: bool = True) -> set[str]:
    """Dotted names of what a file imports, also within functions; relative ones spelled out."""
    package = path.relative_to(checkout).parent.parts
    found: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree if also_for_types else WithoutTypes().visit(tree)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            found.update({base} | {f"{base}.{alias.name}" for alias in node.names})
    return found


class WithoutTypes(ast.NodeTransformer):
    """Leaves out `if TYPE_CHECKING:`, which never runs."""

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        return node.orelse if ast.unparse(node.test).endswith("TYPE_CHECKING") else self.generic_visit(node)


def arrows_up(checkout: Path) -> list[str]:
    """`file imports name` for every import of a floor above the file's own."""
    return [
        f"{path.relative_to(checkout)} imports {name}"
        for path in modules(checkout)
        for name in sorted(imported(path, checkout))
        if name.split(".")[0] in FLOORS[FLOORS.index(path.relative_to(checkout).parts[0]) + 1 :]
    ]


def circle(checkout: Path) -> list[str]:
    """The modules of a circle of imports that run, or nothing. A part may name its own package: it is loaded first."""
    paths = {name_of(path, checkout): path for path in modules(checkout)}
    graph: dict[str, set[str]] = {}
    for name, path in paths.items():
        others = imported(path, checkout, also_for_types=False) & paths.keys() - {name}
        graph[name] = {other for other in others if not name.startswith(f"{other}.")}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def readers_of_the_environment(checkout: Path) -> list[str]:
    """Files that name the environment, but for WSGI's entry, which sets the default of the settings' name."""
    found = set()
    for path in modules(checkout):
        text = path.read_text(encoding="utf-8").replace(SETTING_THE_DEFAULT, "")
        names = {node.attr for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)}
        if names & {"environ", "environb", "getenv"} or "os.environ" in imported(path, checkout):
            found.add(str(path.relative_to(checkout)))
    return sorted(found - {str(path) for path in MAY_READ_ENVIRONMENT})


def test_no_import_points_up() -> None:
    assert arrows_up(CHECKOUT) == []


def test_no_imports_make_a_circle() -> None:
    assert circle(CHECKOUT) == []


def test_only_one_module_reads_the_environment() -> None:
    assert readers_of_the_environment(CHECKOUT) == []


@pytest.fixture
def crooked_house(tmp_path: Path) -> Path:
    """Every fault once: the tests above would see them."""
    files = {
        "registry/__init__.py": "",
        "registry/names.py": "def late():\n    from companies import views\n",
        "registry/one.py": "from registry import two\n",
        "registry/two.py": "from .one import something\n",
        "incubators/models.py": "import os\nprint(os.getenv('X'))\n",
        "companies/models.py": "import registry.names\nfrom incubators.models import Incubator\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_crooked_house_is_seen(crooked_house: Path) -> None:
    assert arrows_up(crooked_house) == [
        f"registry{os.sep}names.py imports companies",
        f"registry{os.sep}names.py imports companies.views",
    ]
    assert set(circle(crooked_house)) == {"registry.one", "registry.two"}
    assert readers_of_the_environment(crooked_house) == [f"incubators{os.sep}models.py"]
