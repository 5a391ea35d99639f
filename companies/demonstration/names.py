"""Plausible names that nobody bears: words of three characters that no dictionary holds."""

from dataclasses import dataclass
from functools import cache
from math import gcd

from companies.demonstration.dealing import Chance
from registry.names import pinyin_key

FIRST = "岚沐珞屿澈霁缙翊樾琅骞铎泓祺璟曦汀桉珩舸澍翀珣玥祎稷昶筱铄镕芃茗菁蔚蓁蕴衡谡赟邈郁鄢钰铠锴隽霈韫颢骁"
SECOND = "珂渺嵘钿沅珵栩婵翎澔峤芮泠槿珀暄笙珺崧瀚妍姝娴宓屹岑峥嶷庾弈彧忻恺悦惟愫懿抒昕晗晞晟暻朔杪柘栎梓棣榛"
THIRD = "澄湄琰棠潆烨珑芷璞霖琚菡淞瑛沨弦筠漪瑄莳桢楠榕樘檀歆毓沁泫洵浔涟淇淳渊湛溪滢漾潼澜濯灏炜焓煊熠璇璐璨"

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
# How the parts of a name stand together, and how often. 重, 长 and 朝 are read in two ways each.
FORMS = (
    ("重庆{word}{field}有限公司", 90),
    ("重庆市{word}{field}有限责任公司", 20),
    ("{word}（重庆）{field}有限公司", 30),
    ("{word}{field}（重庆）有限公司", 20),
    ("重庆{word}{field}股份有限公司", 18),
    ("重庆{word}{field}集团有限公司", 8),
    ("重庆{letters}{word}{field}有限公司", 8),
    ("{letters}{word}（重庆）{field}有限责任公司", 4),
    ("渝{word}{field}有限公司", 6),
    ("重庆长寿{word}{field}有限公司", 4),
    ("重庆朝阳{word}{field}有限公司", 3),
    ("重庆两江{word}{field}研究院有限公司", 4),
    ("重慶{word}實業有限公司", 2),
)
LETTERS = "BCDFGHJKLMNPQRSTVWXYZ"


@dataclass(frozen=True)
class InventedName:
    zh: str
    en: str


class Namer:
    """Gives names, never the same word twice: it walks through all words in an order of its own for each seed."""

    SIZE = len(FIRST) * len(SECOND) * len(THIRD)

    def __init__(self, seed: int) -> None:
        self._next = Chance(seed, "names").randrange(self.SIZE)
        self._step = self._coprime_step(seed)

    def company(self, chance: Chance, field_code: str, has_english: bool = False) -> InventedName:
        word = self.word()
        zh, en = chance.choice(BY_FIELD.get(field_code, GENERAL))
        form = chance.choices([form for form, _ in FORMS], [weight for _, weight in FORMS])[0]
        letters = "".join(chance.sample(LETTERS, 3)) if "{letters}" in form else ""
        english = f"{letters} {_latin(word)} {en} (Chongqing) Co., Ltd.".lstrip() if has_english else ""
        return InventedName(form.format(word=word, field=zh, letters=letters), english)

    def elsewhere(self, chance: Chance, province: str, field_code: str) -> InventedName:
        """What the firm was called before it came from another province."""
        place = province.removesuffix("省").removesuffix("市")
        zh, _en = chance.choice(BY_FIELD.get(field_code, GENERAL))
        return InventedName(f"{place}{self.word()}{zh}有限公司", "")

    def sole_trader(self, chance: Chance, district: str) -> InventedName:
        return InventedName(f"{district}{self.word()}{chance.choice(('工作室', '技术服务部', '设计部'))}", "")

    def word(self) -> str:
        self._next = (self._next + self._step) % self.SIZE
        rest, third = divmod(self._next, len(THIRD))
        first, second = divmod(rest, len(SECOND))
        return FIRST[first] + SECOND[second] + THIRD[third]

    def _coprime_step(self, seed: int) -> int:
        """A step that meets every word before it meets one again."""
        chance = Chance(seed, "step of names")
        while gcd(step := chance.randrange(self.SIZE // 4, self.SIZE), self.SIZE) != 1:
            pass
        return step


def _latin(word: str) -> str:
    return "".join(_syllable(character) for character in word).capitalize()


@cache
def _syllable(character: str) -> str:
    return pinyin_key(character)
