"""Parquet with real types; what is said of the whole table stands in the file's own metadata."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any

from registry.downloads.tables import Column, Datatype, Row, Table

ROWS_A_GROUP = 10_000
TIME_ZONE = "Asia/Shanghai"
READ: dict[Datatype, Callable[[str], Any]] = {
    Datatype.DAY: datetime.date.fromisoformat,
    Datatype.MOMENT: datetime.datetime.fromisoformat,
    Datatype.DECIMAL: Decimal,
    Datatype.TEXT: str,
}


def write_parquet(table: Table, file: IO[bytes]) -> None:
    import pyarrow as arrow  # here: a worker that writes no such file shall not hold it
    from pyarrow import parquet

    schema = arrow.schema([_field(arrow, column) for column in table.columns])
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for rows in _groups(table):
            columns = [_values(column, [row[place] for row in rows]) for place, column in enumerate(table.columns)]
            arrays = [arrow.array(found, field.type) for found, field in zip(columns, schema, strict=True)]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))
        writer.add_key_value_metadata({note.name: note.text for note in table.notes()})


def _groups(table: Table) -> Iterator[list[Row]]:
    rows = chain.from_iterable(table.batches)
    while group := list(islice(rows, ROWS_A_GROUP)):
        yield group


def _values(column: Column, values: list[Any]) -> list[Any]:
    read = READ.get(column.datatype)
    return values if read is None else [None if value is None else read(value) for value in values]


def _field(arrow: Any, column: Column) -> Any:
    types = {
        Datatype.TEXT: arrow.string,
        Datatype.INTEGER: arrow.int64,
        Datatype.NUMBER: arrow.float64,
        Datatype.DAY: arrow.date32,
        Datatype.BOOLEAN: arrow.bool_,
        Datatype.MOMENT: lambda: arrow.timestamp("us", TIME_ZONE),
        Datatype.DECIMAL: lambda: arrow.decimal128(*column.digits),
    }
    told = {"title": str(column.title), "description": str(column.description)}
    return arrow.field(
        column.name, types[column.datatype](), metadata={name: text for name, text in told.items() if text}
    )
