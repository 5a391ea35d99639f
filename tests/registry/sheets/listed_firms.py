"""A list of firms as an office writes it, for sheets of every kind."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from registry.credit_code import complete

SheetMaker = Callable[..., Path]
Repacker = Callable[[Path, Callable[[str, bytes], bytes], dict[str, bytes]], Path]
CODES = [complete("91500112", f"MA5X{number:04d}") for number in range(6)]
HEADINGS = ("企业名称", "统一社会信用代码", "发证日期", "所属区县")
FIRMS = [
    (f"重庆山城{number}号科技有限公司", code, date(2023, 10, 16 + number), "渝北区")
    for number, code in enumerate(CODES)
]


def unchanged(_name: str, data: bytes) -> bytes:
    return data
