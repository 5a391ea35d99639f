"""Writes `docs/reference/` from the declarations and the API's document. A test compares what is committed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import URLPattern
from django.utils import translation

from companies.statistics.metrics import METRICS
from config.endpoints import urlpatterns
from config.openapi.pages import objects_page, operations_page
from registry.access import field_class
from registry.api.views import RegisterView

APPS = ("registry", "incubators", "companies")
FOLDER = Path(settings.BASE_DIR) / "docs" / "reference"


def view_of(pattern: URLPattern) -> type[RegisterView]:
    view: type[RegisterView] = pattern.callback.view_class  # type: ignore[attr-defined]
    return view


def first_line(text: str | None) -> str:
    return (text or "").strip().splitlines()[0] if text else ""


def parameters_page() -> Iterator[str]:
    yield "# Endpoints and their parameters\n"
    yield "Written by `manage.py write_reference_docs`. Any other parameter is refused with 400.\n"
    for pattern in urlpatterns:
        view = view_of(pattern)
        yield f"## `/api/v1/{pattern.pattern}`\n"
        yield f"{first_line(view.__doc__)}\n"
        yield "| parameter | meaning | when not given |\n|---|---|---|"
        for parameter in view.parameters():
            yield f"| `{parameter.name}` | {parameter.description} | {parameter.default or ''} |"
        yield ""


def metrics_page() -> Iterator[str]:
    yield "# Metrics\n"
    yield "Written by `manage.py write_reference_docs`; the API serves the same words at `/api/v1/statistics/`.\n"
    for metric in METRICS:
        yield f"## `{metric.code}`: {metric.name}\n"
        yield f"{metric.words()} Definition {metric.version}.\n"
        measure = "flow (`from`, `to`)" if metric.is_flow else "stock (`valid_on`)"
        yield f"- unit: {metric.unit}; {measure}; by {metric.basis.replace('_', ' ')}"
        yield f"- formula: `{metric.formula}`"
        yield "- grouped by: " + ", ".join(
            f"`{dimension.name}`{' (several values an entry)' if dimension.is_multi_valued else ''}"
            for dimension in metric.dimensions
        )
        yield "- filtered by: " + ", ".join(f"`{parameter.name}`" for parameter in metric.filters()) + "\n"


def fields_page() -> Iterator[str]:
    yield "# Fields\n"
    yield "Written by `manage.py write_reference_docs`. The class says who reads a field: everyone (public), partners"
    yield "with a key for it, staff in whose scope the entry is (internal), or the same for personal data.\n"
    for model in apps.get_models():
        if model._meta.app_label in APPS:
            yield f"## {model.__name__}\n"
            yield f"{first_line(model.__doc__)}\n"
            yield "| field | meaning | class |\n|---|---|---|"
            for field in model._meta.concrete_fields:
                label: Any = field.verbose_name
                yield f"| `{field.name}` | {label} | {field_class(model, field.name).value} |"
            yield ""


PAGES = {
    "parameters.md": parameters_page,
    "metrics.md": metrics_page,
    "fields.md": fields_page,
    "operations.md": operations_page,
    "objects.md": objects_page,
}


def page(name: str) -> str:
    with translation.override("en"):
        return "\n".join(PAGES[name]()).rstrip() + "\n"


class Command(BaseCommand):
    help = "Write docs/reference/ from the declarations of endpoints, metrics and models."

    def handle(self, *args: Any, **options: Any) -> None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name in PAGES:
            (FOLDER / name).write_text(page(name), encoding="utf-8")
            self.stdout.write(f"docs/reference/{name}")
