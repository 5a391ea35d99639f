"""Where a district's tile stands: columns from west to east, rows from north to south, near its centre.

Drawn by hand after the centres of the reference data; no boundaries are shown, so none can be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

ROWS = """
......  ......  ......  ......  ......  500229  ......  ......
......  ......  ......  ......  500154  ......  500238  ......
......  ......  ......  500155  500101  500235  500236  500237
500152  500117  ......  500231  500233  500240  ......  ......
500151  500109  500112  500105  500115  500230  ......  ......
500111  500106  500103  500108  500102  500156  500243  500114
500153  500120  500107  500104  500113  500119  500242  ......
......  500118  500116  500110  ......  ......  500241  ......
"""
IN_PLACE_OF = {"500157": "500112"}
"""A district on the place of one that it followed."""
PLACES = {
    code: (column, row)
    for row, line in enumerate(ROWS.split("\n")[1:-1])
    for column, code in enumerate(line.split())
    if code.isdigit()
}
COLUMNS = 8


def placed(codes: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Column and row of each district; one without a free place comes in rows below all others."""
    found: dict[str, tuple[int, int]] = {}
    others = []
    for code in codes:
        place = PLACES.get(IN_PLACE_OF.get(code, code))
        if place is None or place in found.values():
            others.append(code)
        else:
            found[code] = place
    below = max(row for _column, row in PLACES.values()) + 1
    return found | {code: (place % COLUMNS, below + place // COLUMNS) for place, code in enumerate(others)}


KIND = re.compile(r"新区$|(土家族|苗族)*自治县$|[区县]$| (District|County)$|^(Distretto|Contea) di ")
WITHIN = re.compile(r" (Tujia|Miao|New Area|Autonomous).*| \(.*\)$|^Contea autonoma .*? di |^.*? di ")


def short_name(name: str) -> str:
    """The name without what kind of district it is: 万州, Wanzhou."""
    short = KIND.sub("", WITHIN.sub("", name))
    return short if len(short) > 1 else name
