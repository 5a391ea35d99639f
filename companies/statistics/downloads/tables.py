"""The answers about a metric as flat tables: one row a group, a point, a part, a period, a firm.

Rows are those of the JSON answer, columns are named and described as its members are. The total is never a row, so that
what is summed up counts once; it stands beside each row, as do metric, unit, clocks, filters and flags.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from companies.statistics.answers import AmountField, ClocksSerializer, of_metric
from companies.statistics.metrics import Metric
from companies.statistics.over_time import answers as over_time
from companies.statistics.projection import answers as projection
from registry.downloads.flattening import BETWEEN, Flat, datatype_of
from registry.downloads.notes import text_of
from registry.downloads.tables import Column, Datatype, Row
from registry.downloads.titles import title_of_member

CONTEXT = (
    *("total", "opening", "closing", "metric", "target", "unit", "valid_on", "from", "to"),
    *("known_at", "known_from", "known_to", "part", "filters", "flags"),
)
Shape = serializers.Serializer[Any]
Rows = tuple[Sequence[Column], Iterable[Row]]


def of_figure(metric: Metric, names: Sequence[str], answer: Mapping[str, Any]) -> Rows:
    """One row a group: the code and the label of each dimension, the value. Without dimensions one row."""
    groups = answer.get("groups", [{"value": answer["total"]}])
    rows = ([*_of_key(group, names), group["value"]] for group in groups)
    columns = [*dimension_columns(names), value_column(metric)]
    return _in_context(of_metric(metric)().fields, answer, columns, rows)


def _of_key(group: Mapping[str, Any], names: Sequence[str]) -> list[Any]:
    return [value for name in names for value in (str(group["key"][name]), group["label"][name])]


def dimension_columns(names: Iterable[str]) -> list[Column]:
    """For each dimension its code (or year, or `unknown`) and its label."""
    found = []
    for name in names:
        title = title_of_member(name)
        words = _("The code, or the year, of the dimension; `unknown` where there is none.")
        found.append(Column(name, title, Datatype.TEXT, words))
        label = f"{title} · {title_of_member('name')}"
        found.append(Column(f"{name}_label", label, Datatype.TEXT, _("Its name in the asked language.")))
    return found


def value_column(metric: Metric) -> Column:
    title = _("%(name)s (%(unit)s)") % {"name": metric.name, "unit": metric.unit}
    kind = Datatype.DECIMAL if metric.sums else Datatype.INTEGER
    return Column("value", title, kind, _("The figure of the row, in the unit of the metric."))


def of_series(metric: Metric, names: Sequence[str], answer: Mapping[str, Any]) -> Rows:
    """One row a day, or with groups one row a day and group, with the total of the day beside it."""
    days = Column("day", title_of_member("day"), Datatype.DAY, _("The day of the stock."))
    points, fields = answer["points"], over_time.SeriesSerializer().fields
    if not names:
        rows = ([point["day"], point["value"]] for point in points)
        return _in_context(fields, answer, [days, value_column(metric)], rows)
    totals = Column("total", title_of_member("total"), Datatype.INTEGER, _("The stock of all groups on the day."))
    columns = [days, *dimension_columns(names), value_column(metric), totals]
    by_day = (
        [point["day"], *_of_key(group, names), group["values"][place], point["value"]]
        for place, point in enumerate(points)
        for group in answer["groups"]
    )
    return _in_context(fields, answer, columns, by_day)


def of_bridge(answer: Mapping[str, Any]) -> Rows:
    """The opening stock, then one row a part: the values add up to the closing stock."""
    flat = Flat(over_time.BridgePartSerializer())
    opening = dict.fromkeys(over_time.BridgePartSerializer().fields) | {
        "key": "opening",
        "label": title_of_member("opening"),
        "value": answer["opening"],
    }
    rows = flat.rows([opening, *answer["parts"]])
    told = {name: member for name, member in answer.items() if name != "opening"}
    return _in_context(over_time.BridgeSerializer().fields, told, flat.columns, rows)


def of_firms(shape: Shape, firm: Shape, answer: Mapping[str, Any], firms: Sequence[Mapping[str, Any]]) -> Rows:
    """One row a firm that joined or left; the shapes are those of the answer and of its firms."""
    flat = Flat(firm)
    return _in_context(shape.fields, answer, flat.columns, flat.rows(firms))


def of_cliff(answer: Mapping[str, Any]) -> Rows:
    """One row a period."""
    flat = Flat(projection.CliffBucketSerializer())
    return _in_context(projection.CliffSerializer().fields, answer, flat.columns, flat.rows(answer["buckets"]))


def of_projection(answer: Mapping[str, Any]) -> Rows:
    """One row a projected year."""
    flat = Flat(projection.ProjectedStockSerializer())
    fields = {**ClocksSerializer().fields, **projection.ProjectionSerializer().fields}
    return _in_context(fields, answer, flat.columns, flat.rows(answer["path"]))


def _in_context(
    fields: Mapping[str, Any], answer: Mapping[str, Any], columns: Sequence[Column], rows: Iterable[Row]
) -> Rows:
    """With what is the same in each row in columns of its own, last; `fields` are those of the answer."""
    own = {column.name for column in columns}
    names = [name for name in CONTEXT if name in answer and name not in own]
    said = [_said(name, answer[name]) for name in names]
    return [*columns, *(_context_column(name, fields[name]) for name in names)], ([*row, *said] for row in rows)


def blank(shape: Shape) -> dict[str, Any]:
    """An answer of the shape that says nothing."""
    return {name: [] if hasattr(field, "child") else None for name, field in shape.fields.items()}


def _said(name: str, value: Any) -> Any:
    if name == "flags":
        return BETWEEN.join(flag["code"] for flag in value)
    return text_of(name, value) if isinstance(value, Mapping) else value


def _context_column(name: str, field: Any) -> Column:
    kind = Datatype.DECIMAL if isinstance(field, AmountField) else datatype_of(field)
    return Column(name, title_of_member(name), kind, str(field.help_text or ""), is_context=True)
