"""Plausible names that nobody bears: words of three characters that no dictionary holds."""

from dataclasses import dataclass

from companies.demonstration.dealing import Chance
from registry.names import pinyin_key

FIRST = "岚沐珞屿澈霁缙翊樾琅骞铎泓祺璟曦汀桉珩舸"
SECOND = "珂渺嵘钿沅珵栩婵翎澔峤芮泠槿珀暄笙珺崧瀚"
THIRD = "澄湄琰棠潆烨珑芷璞霖琚菡淞瑛沨弦筠漪瑄莳"

FieldWords = tuple[tuple[str, str], ...]
GENERAL: FieldWords = (
    ("科技", "Technology"),
    ("技术服务", "Technical Services"),
    ("工业设计", "Industrial Design"),
    ("检测技术", "Testing"),
)
BY_FIELD: dict[str, FieldWords] = {
    "F01": (("智能科技", "Intelligent Technology"), ("机器人", "Robotics"), ("智算科技", "Computing")),
    "F02": (("链信科技", "Ledger Technology"), ("数字存证", "Digital Records")),
    "F03": (("云计算", "Cloud Computing"), ("云服务", "Cloud Services")),
    "F04": (("大数据", "Big Data"), ("数据科技", "Data Technology"), ("软件", "Software")),
    "F05": (("空天信息", "Aerospace Information"), ("卫星应用", "Satellite Applications")),
    "F06": (("量子科技", "Quantum Technology"), ("光子技术", "Photonics")),
    "F07": (("生物医药", "Biopharma"), ("基因科技", "Gene Technology"), ("药业", "Pharmaceutical")),
    "F08": (("脑科学技术", "Brain Science"), ("类脑智能", "Neuromorphic")),
    "F09": (("医疗器械", "Medical Devices"), ("医学影像", "Medical Imaging")),
    "F10": (("智慧农业", "Smart Agriculture"), ("种业", "Seeds")),
    "F11": (("先进材料", "Advanced Materials"), ("复合材料", "Composites")),
    "F12": (("轻合金", "Light Alloys"), ("镁业科技", "Magnesium Technology")),
    "F13": (("石墨烯科技", "Graphene"), ("纳米材料", "Nanomaterials")),
    "F14": (("智能制造", "Smart Manufacturing"), ("精密机械", "Precision Machinery")),
    "F15": (("储能科技", "Energy Storage"), ("氢能科技", "Hydrogen"), ("新能源", "New Energy")),
    "F16": (("环保科技", "Environmental Technology"), ("碳捕集技术", "Carbon Capture")),
}
FORMS = (
    ("重庆{word}{field}有限公司", 9),
    ("重庆市{word}{field}有限责任公司", 2),
    ("{word}（重庆）{field}有限公司", 3),
    ("{word}{field}（重庆）有限公司", 2),
    ("重庆{word}{field}股份有限公司", 2),
    ("重庆{word}{field}集团有限公司", 1),
)


@dataclass(frozen=True)
class InventedName:
    zh: str
    en: str
    word: str


class Namer:
    """Gives names, never the same word twice."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def company(self, chance: Chance, field_code: str, field: tuple[str, str] | None = None) -> InventedName:
        word = self.word(chance)
        zh, en = field or chance.choice(BY_FIELD.get(field_code, GENERAL))
        form = chance.choices([form for form, _ in FORMS], [weight for _, weight in FORMS])[0]
        return InventedName(form.format(word=word, field=zh), f"{_latin(word)} {en} (Chongqing) Co., Ltd.", word)

    def elsewhere(self, chance: Chance, word: str, province: str, field_code: str) -> str:
        """What the firm was called before it came from another province."""
        place = province.removesuffix("省").removesuffix("市")
        return f"{place}{word}{chance.choice(BY_FIELD.get(field_code, GENERAL))[0]}有限公司"

    def sole_trader(self, chance: Chance, district: str) -> InventedName:
        word = self.word(chance)
        return InventedName(f"{district}{word}{chance.choice(('工作室', '技术服务部', '设计部'))}", "", word)

    def word(self, chance: Chance) -> str:
        while True:
            word = chance.choice(FIRST) + chance.choice(SECOND) + chance.choice(THIRD)
            if word not in self._given:
                self._given.add(word)
                return word


def _latin(word: str) -> str:
    return pinyin_key(word).replace(" ", "").capitalize()
