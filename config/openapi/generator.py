"""The whole OpenAPI document: what the views declare, with the words and the examples that stand over all of them."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator

from companies.statistics import answers as shapes
from companies.statistics.figures import FigureView
from companies.statistics.over_time.views import StandingView
from companies.statistics.target_answers import TargetProgressSerializer
from companies.statistics.views import MetricListView, TargetDetailView
from config.openapi import words
from config.openapi.bodies import BODIES
from config.openapi.examples import answers, parameter_example
from registry.api.languages import CATALOGUES
from registry.api.openapi.refusals import COMPONENTS, headers, responses
from registry.api.openapi.schema import Schema, members_of
from registry.views import CodeListView


class RegisterGenerator(SchemaGenerator):
    """SPECTACULAR_SETTINGS["DEFAULT_GENERATOR_CLASS"]. The document speaks the active language."""

    def create_view(self, callback: Any, method: str, request: Any = None) -> Any:
        view: Any = super().create_view(callback, method, request)  # type: ignore[no-untyped-call]
        kind = type(view)
        if issubclass(kind, FigureView):
            if not hasattr(kind, "answer_serializer"):
                view.answer_serializer = shapes.of_metric(view.metric)
            view.summary, view.description = str(view.metric.name), view.metric.words()
        elif issubclass(kind, StandingView):
            summary, description = words.OVER_TIME[kind.__name__]
            view.summary, view.description = str(summary % {"name": view.metric.name}), str(description)
        elif issubclass(kind, MetricListView):
            view.answer_serializer = shapes.MetricsSerializer
        elif issubclass(kind, TargetDetailView):
            view.serializer_class = TargetProgressSerializer
        elif issubclass(kind, CodeListView):
            name = view.queryset.model._meta.verbose_name_plural
            view.summary, view.description = str(words.CODE_LIST % {"name": name}), str(words.OF_A_CODE_LIST)
        return view

    def get_schema(self, request: Any = None, public: bool = False) -> Schema:
        document: Schema = super().get_schema(request, public)  # type: ignore[no-untyped-call]
        describe_document(document)
        for operation in operations_of(document):
            describe_operation(operation)
        for component, name, member in members_of(document):
            describe_member(component, name, member)
        link_operations(document)
        share_parameters(document)
        return document


def operations_of(document: Schema) -> list[Schema]:
    return [operation for methods in document["paths"].values() for operation in methods.values()]


def describe_document(document: Schema) -> None:
    # Said once for all: reading needs nobody's name. On each operation, generated clients would ask for one.
    document["security"] = [{}, {"cookieAuth": []}, {"keyAuth": []}]
    document["info"] |= {
        "title": str(words.TITLE),
        "description": "\n\n".join(str(paragraph) for paragraph in words.INTRODUCTION),
    }
    used = {
        tag for methods in document["paths"].values() for operation in methods.values() for tag in operation["tags"]
    }
    document["tags"] = [{"name": tag, "description": str(said)} for tag, said in words.TAGS.items() if tag in used]
    components = document["components"]
    components["responses"] = responses(_language())
    components["headers"] = headers()
    components["securitySchemes"]["cookieAuth"]["description"] = str(words.COOKIE)
    components["securitySchemes"]["keyAuth"]["description"] = str(words.KEY)


def _language() -> str:
    """The API's own name of the active language."""
    return next((name for name, catalogue in CATALOGUES.items() if catalogue == get_language()), "zh")


def describe_operation(operation: Schema) -> None:
    name = operation["operationId"]
    del operation["security"]
    if "409" in operation["responses"]:  # it writes
        operation["security"] = [{"cookieAuth": []}, {"keyAuth": []}]
    if name in words.OPERATIONS:
        operation["summary"], operation["description"] = (str(said) for said in words.OPERATIONS[name])
    if name in answers():
        operation["responses"]["200"]["content"]["application/json"]["example"] = answers()[name]
    if name in BODIES:
        operation["requestBody"]["content"]["application/json"]["example"] = BODIES[name]
    is_flow = any(parameter["name"] == "from" for parameter in operation["parameters"])
    for parameter in operation["parameters"]:
        value = parameter_example(parameter["name"], operation, parameter["schema"])
        if value is not None and not (is_flow and parameter["name"] == "valid_on"):  # a flow refuses any day
            parameter["example"] = value
        if parameter["name"] in ("from", "to", "known_from"):
            parameter["required"] = True


def describe_member(component: str, name: str, member: Schema) -> None:
    said = words.OWN_PROPERTIES.get(f"{component}.{name}") or words.EVERYWHERE.get(name)
    said = said or member.get("description") or words.PROPERTIES.get(name)
    if said:
        member["description"] = str(said)


def link_operations(document: Schema) -> None:
    """From a page to its entries, and from what was written to what can be done with it."""
    for path, methods in document["paths"].items():
        entry = next((other for other in document["paths"] if other.rsplit("{", 1)[0] == path and "{" in other), None)
        if entry is None or not entry.endswith("}/"):
            continue
        name = entry.rsplit("{", 1)[1].removesuffix("}/")
        if "list" in methods["get"]["operationId"]:
            told = methods["get"]["responses"]["200"]
            target = document["paths"][entry]["get"]["operationId"]
            told["links"] = {target: link(target, name, f"$response.body#/data/0/{name}", words.LINK_TO_ENTRY)}
        if "post" in methods and "201" in methods["post"]["responses"]:
            followers = [*document["paths"][entry].values(), document["paths"][f"{entry}end/"]["post"]]
            value = f"$response.body#/data/{name}"
            methods["post"]["responses"]["201"]["links"] = {
                one["operationId"]: link(one["operationId"], name, value, words.LINK_TO_WRITTEN) for one in followers
            }


def link(target: str, name: str, value: str, said: Any) -> Schema:
    made: Schema = {"operationId": target, "parameters": {name: value}, "description": str(said)}
    if not target.endswith("_read"):
        made["parameters"] |= {"If-Match": "$response.header.ETag"}
    return made


def share_parameters(document: Schema) -> None:
    """What several operations take alike stands once, in `components/parameters`."""
    used: dict[str, dict[str, list[tuple[Schema, int]]]] = {}
    for operation in operations_of(document):
        for place, parameter in enumerate(operation["parameters"]):
            alike = used.setdefault(parameter["name"], {}).setdefault(json.dumps(parameter, default=str), [])
            alike.append((operation, place))
    shared: Schema = {}
    for name, forms in used.items():
        for places in forms.values():
            if len(places) > 1:
                first = places[0][0]
                key = name if len(forms) == 1 else f"{first['operationId']}.{name}"
                shared[key] = first["parameters"][places[0][1]]
                for operation, place in places:
                    operation["parameters"][place] = {"$ref": f"{COMPONENTS}parameters/{key}"}
    document["components"]["parameters"] = dict(sorted(shared.items()))
