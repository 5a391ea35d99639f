"""The list of firms that the importers read: CSV, a row a firm, with its name, seat and certificate.

Codes are valid, in a pattern that no organisation has. Each importer gets firms of its own, so that all are new.
"""

import csv
import datetime
from collections.abc import Iterator
from pathlib import Path

from benchmarks import size_names

HEADINGS = {
    "uscc": "统一社会信用代码",
    "name": "企业名称",
    "established_on": "成立日期",
    "registered_capital": "注册资本(万元)",
    "district": "区县",
    "address": "地址",
    "certificate_number": "证书编号",
    "issued_on": "发证日期",
}
DISTRICTS = ("500103", "500106", "500107", "500108", "500109")
BEGUN, ISSUED = datetime.date(2015, 1, 5), datetime.date(2024, 10, 16)


def firms(rows: int, series: int) -> Iterator[dict[str, str]]:
    """Rows by the keys of HEADINGS; another `series` (0 to 999), other firms."""
    from registry.credit_code import complete

    words = size_names.Words(series)
    for number in range(rows):
        yield {
            "uscc": complete("91500199", f"{series:03d}{number:05d}"),
            "name": f"{''.join(words.parts())}{series}之{number}",
            "established_on": (BEGUN + datetime.timedelta(days=number % 3000)).isoformat(),
            "registered_capital": f"{100 + number % 900}.5",
            "district": DISTRICTS[number % len(DISTRICTS)],
            "address": f"测试路{number}号",
            "certificate_number": f"BENCH{series:04d}{number:06d}",
            "issued_on": (ISSUED + datetime.timedelta(days=number % 300)).isoformat(),
        }


def write(path: Path, rows: int, series: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS.values())
        writer.writerows(row.values() for row in firms(rows, series))
