"""The shape of the code: imports lead one way and stand on top, modules and functions stay short."""

import ast
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("conditions", "specialists", "directory")
LONGEST_MODULE = 400
LONGEST_FUNCTION = 40
# Each line may import from itself and from the lines above it. What is not named here is held by the rule on circles.
LAYERS = (
    ("enums", "names", "html"),
    ("slugs", "models"),
    ("workflow", "queries", "facets", "pictures"),
    ("filters", "forms", "admin_tools", "admin", "listing"),
    ("views",),
    ("urls",),
)
RANKS = {name: rank for rank, names in enumerate(LAYERS) for name in names}


def modules(app: str) -> dict[str, ast.Module]:
    """Dotted name → syntax tree, migrations left out."""
    paths = [path for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]
    return {module_name(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def all_modules() -> dict[str, ast.Module]:
    return {name: tree for app in APPS for name, tree in modules(app).items()}


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module and name the code imports, wherever it does, as dotted names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def without_type_checking(tree: ast.Module) -> ast.Module:
    """The module as it runs: what only type checkers import makes no circle."""

    def is_for_types(node: ast.stmt) -> bool:
        return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"

    return ast.Module([node for node in tree.body if not is_for_types(node)], [])


def imported_modules(tree: ast.AST, known: dict[str, ast.Module]) -> set[str]:
    """The project's own modules among the imports: ``a.b.name`` is the module ``a.b.name``, or else ``a.b``."""
    found = set()
    for name in imports(tree):
        candidates = (name, name.rpartition(".")[0])
        found.update([module for module in candidates if module in known][:1])
    return found


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def rank(module: str) -> int | None:
    app, _, rest = module.partition(".")
    return RANKS.get(rest.split(".")[0]) if app in ("conditions", "specialists") else None


def test_imports_are_found_in_every_form_and_place() -> None:
    tree = ast.parse(
        dedent("""
            import specialists.models as m
            from specialists import links, queries
            if True:
                from directory import views
            def function():
                from specialists.enums import Sort
        """)
    )

    assert list(imports(tree)) == [
        "specialists.models",
        "specialists.links",
        "specialists.queries",
        "directory.views",
        "specialists.enums.Sort",
    ]


@pytest.mark.parametrize(
    ("app", "forbidden"), [("conditions", "specialists"), ("conditions", "directory"), ("specialists", "directory")]
)
def test_app_never_imports_an_app_built_upon_it(app: str, forbidden: str) -> None:
    found = [
        (module, name)
        for module, tree in modules(app).items()
        for name in imports(tree)
        if name.split(".")[0] == forbidden
    ]

    assert found == []


def test_specialists_build_upon_conditions() -> None:
    names = {name for tree in modules("specialists").values() for name in imports(tree)}

    assert "conditions.models.Condition" in names


def test_layers_import_downwards_only() -> None:
    known = all_modules()

    upward = [
        (module, imported)
        for module, tree in known.items()
        for imported in imported_modules(without_type_checking(tree), known)
        if (above := rank(imported)) is not None and (own := rank(module)) is not None and above > own
    ]

    assert upward == []


def test_modules_import_in_no_circle() -> None:
    known = all_modules()
    remaining = {
        module: imported_modules(without_type_checking(tree), known) - {module} for module, tree in known.items()
    }
    assert remaining["specialists.views"] >= {"specialists.models", "specialists.listing"}

    # Take away what imports nothing that remains, until nothing is left or only circles are.
    while free := [module for module, imported in remaining.items() if not imported & remaining.keys()]:
        for module in free:
            del remaining[module]

    assert remaining == {}


def test_imports_stand_on_top() -> None:
    # gunicorn reads its settings, which name this module, before Django is set up.
    known = {module: tree for module, tree in all_modules().items() if module != "directory.preload"}

    inline = [
        (module, function.name, node.lineno)
        for module, tree in known.items()
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert inline == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        module
        for module, tree in all_modules().items()
        if len(tree.body) > 1
        and ast.get_docstring(tree) is None
        and module.rpartition(".")[2] not in ("urls", "apps")
        and "management" not in module
    ]

    assert silent == []


def test_modules_are_short() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts
    }

    assert {path: length for path, length in lengths.items() if length > LONGEST_MODULE} == {}
    assert len(lengths) > 50


def test_functions_are_short() -> None:
    lengths = {
        f"{module}.{function.name}:{function.lineno}": (function.end_lineno or 0) - function.lineno + 1
        for module, tree in all_modules().items()
        for function in functions(tree)
    }

    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}
    assert len(lengths) > 200
