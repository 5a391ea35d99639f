"""Names of synthetic firms, as frequent in their parts as those of a Chinese city's firms are.

Nearly all end in 有限公司 and most hold 重庆; the firm's own word has two to four characters out of GB 2312's 3,755
common ones, a few favourites far more often than the rest. The words are dealt by chance: they mean nobody.
"""

import datetime
import hashlib
import random
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

FAVOURITES = "华盛鑫信达宏源天金兴安泰恒瑞德中博远联新创智云科海龙辉力美佳诚锐康凯腾星航宇伟明东嘉渝川江山巴南北"
FIELD_WORDS = (
    "科技 信息技术 商贸 智能科技 机械制造 电子科技 网络科技 生物科技 环保科技 新材料 建筑工程 汽车零部件 医疗器械 "
    "软件 数据科技 文化传播 农业发展 新能源 物流 精密机械 仪器仪表 自动化设备 半导体 生物医药 检测技术 工业设计 "
    "模具 光电 通信设备 航空科技 摩托车配件 石墨烯 量子科技 超声医疗 页岩气 中药材"
)
FIELDS = FIELD_WORDS.split()
FORMS = (
    ("重庆{word}{field}有限公司", 55),
    ("重庆市{word}{field}有限公司", 12),
    ("重庆{word}{field}有限责任公司", 6),
    ("{word}（重庆）{field}有限公司", 7),
    ("{word}{field}（重庆）有限公司", 4),
    ("重庆{word}{field}股份有限公司", 4),
    ("重庆{word}{field}集团有限公司", 2),
    ("{word}{field}有限公司", 9),
    ("重庆{word}研究院", 1),
)
LENGTHS = ((2, 62), (3, 26), (4, 12))


class Words:
    """Own words of firms, dealt by seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        common = [chr_of(row, cell) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)]
        rest = [character for character in common if character and character not in FAVOURITES]
        self.chance.shuffle(rest)
        self.characters = [*FAVOURITES, *rest]

    def character(self) -> str:
        """The k-th as often as 1/k: how characters of names are spread, roughly."""
        return self.characters[int(len(self.characters) ** self.chance.random()) - 1]

    def word(self) -> str:
        (length,) = self.chance.choices([n for n, _ in LENGTHS], [weight for _, weight in LENGTHS])
        return "".join(self.character() for _ in range(length))

    def parts(self) -> list[str]:
        """A name in parts, each of which is spelled by itself: the own word by character."""
        (form,) = self.chance.choices([form for form, _ in FORMS], [weight for _, weight in FORMS])
        field = FIELDS[min(int(self.chance.expovariate(1) * len(FIELDS) / 4), len(FIELDS) - 1)]
        marked = form.replace("{word}", "|{word}|").replace("{field}", "|{field}|")
        word = self.word()
        split = [list(word) if part == "{word}" else [part.format(field=field)] for part in marked.split("|") if part]
        return [part for parts in split for part in parts]


def chr_of(row: int, cell: int) -> str:
    return bytes((row, cell)).decode("gb2312", errors="ignore")


@lru_cache(maxsize=10_000)
def spelled(part: str) -> tuple[str, str]:
    from registry.names import pinyin_initials, pinyin_key

    return pinyin_key(part), pinyin_initials(part)


def keys_by_parts(parts: list[str]) -> dict[str, str]:
    """What `CompanyName.set_keys` fills, put together from parts that repeat."""
    found = [spelled(part) for part in parts]
    return {
        "pinyin": " ".join(key for key, _ in found if key),
        "initials": "".join(start for _, start in found),
        "keys_of": hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest(),
    }


def keyed_columns() -> list[str]:
    """The columns that the model's own `set_keys` fills."""
    from companies.models import CompanyName

    blank, keyed = CompanyName(name_zh="重庆a", name_en="b"), CompanyName(name_zh="重庆a", name_en="b")
    keyed.set_keys()
    fields = [field.attname for field in CompanyName._meta.concrete_fields]
    return [name for name in fields if getattr(blank, name) != getattr(keyed, name)]


def keys_of(parts: list[str], name_en: str, columns: list[str]) -> list[Any]:
    """The derived columns of a name: by parts where these are known, else by the model, ten times as slow."""
    keys = keys_by_parts(parts)
    if set(columns) <= set(keys):
        return [keys[column] for column in columns]
    from companies.models import CompanyName

    name = CompanyName(name_zh="".join(parts), name_en=name_en)
    name.set_keys()
    return [getattr(name, column) for column in columns]


Row = tuple[Any, ...]
COLUMNS = ("version", "company_id", "name_zh", "name_en", "valid_from", "valid_until")


def rows(firms: list[tuple[int, datetime.date, datetime.date]], seed: int, columns: list[str]) -> Iterator[Row]:
    """Rows of COLUMNS and the derived ones: one name for most firms, two or three for one in five.

    `firms` are (id, day of establishment, today): names follow on each other without a gap.
    """
    words = Words(seed)
    for firm, begun, today in firms:
        days = sorted({begun, *renamings(words.chance, begun, today)})
        for valid_from, valid_until in zip(days, [*days[1:], None], strict=True):
            parts = words.parts()
            is_known_abroad = words.chance.random() < 0.25
            name_en = f"{spelled(parts[-2])[0].replace(' ', '').title()} Co., Ltd." if is_known_abroad else ""
            keys = keys_of(parts, name_en, columns)
            yield (1, firm, "".join(parts), name_en, valid_from, valid_until, *keys)


def renamings(chance: random.Random, begun: datetime.date, today: datetime.date) -> list[datetime.date]:
    number = chance.choices((0, 1, 2), (80, 16, 4))[0]
    span = (today - begun).days
    return [begun + datetime.timedelta(days=chance.randrange(1, span)) for _ in range(number) if span > 1]
