"""The columns that uploaded sheets use, by every heading met so far. A new heading is one more word here."""

import re
import unicodedata
from types import MappingProxyType

# Key: Chinese headings between spaces, then English ones between bars. A plan lists columns in this order.
HEADINGS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "sequence": (
            "序号 行号 项次 序",
            "No|No.|#",
        ),
        "name": (
            "企业名称 公司名称 单位名称 机构名称 学校名称 名称 企业全称 公司全称 单位全称 企业 公司 "
            "申报企业 申报单位 申请单位 申请企业 企业中文名称 中文名称 现名称 现用名 拟认定企业名称 "
            "认定企业名称",
            "Name|Company|Company Name|Enterprise|Enterprise Name|Firm|Firm Name|Organization|Organisation",
        ),
        "former_name": (
            "曾用名 曾用名称 原名称 原企业名称 原单位名称 原公司名称 更名前名称 变更前名称 变更前企业名称",
            "Former Name|Previous Name|Old Name",
        ),
        "renamed_on": (
            "更名日期 更名时间 名称变更日期 名称变更时间 企业更名日期",
            "Renamed On|Date of Renaming",
        ),
        "name_en": (
            "英文名称 英文名 企业英文名称 企业名称英文 公司名称英文 单位名称英文 名称英文",
            "English Name|Name EN|Name in English",
        ),
        "uscc": (
            "统一社会信用代码 信用代码 社会信用代码 统一信用代码 统一代码 纳税人识别号 纳税识别号 "
            "税号 机构代码 统一社会信用代码证号 信用代码/纳税人识别号 统一社会信用代码/组织机构代码",
            "USCC|Credit Code|Unified Social Credit Code|Social Credit Code|Tax ID|Taxpayer ID",
        ),
        "certificate_number": (
            "证书编号 证书号 证书号码 证书编码 认定证书编号 资质编号",
            "Certificate Number|Certificate No|Certificate No.",
        ),
        "issued_on": (
            "发证日期 发证时间 证书日期 认定日期 认定时间 颁发日期 颁证日期 颁证时间 证书颁发日期 "
            "证书发证日期 批准日期",
            "Issued On|Issue Date|Date of Issue|Issued|Certified On",
        ),
        "valid_until": (
            "有效期至 到期日期 到期时间 到期日 有效期截止日期 有效期止 证书有效期至 证书到期日期 截止日期 失效日期",
            "Valid Until|Valid To|Expiry Date|Expires On|Expiration Date",
        ),
        "certification_kind": (
            "资质类型 认定类型 资质类别 资质名称 证书类型 证书名称 认定类别 企业资质",
            "Certification|Certification Kind|Certification Type|Certificate Type",
        ),
        "technology_field": (
            "技术领域 所属技术领域 高新技术领域 所属高新技术领域 高新领域 国家重点支持的高新技术领域 技术领域一级",
            "Technology Field|Technical Field|Technology Area",
        ),
        "district": (
            "所属区县 区县 所在区 所在区县 注册地 注册区县 注册地区 区县名称 行政区 行政区划 所属区域 "
            "所属地区 所属区 所在地区 属地",
            "District|County|District/County",
        ),
        "reporting_unit": (
            "归口单位 推荐单位 归口/推荐单位 推荐/归口单位 报送单位 归口管理单位 归口管理部门 "
            "归口部门 推荐部门 上报单位 统计归口",
            "Reporting Unit|Recommending Unit|Recommended By",
        ),
        "industry": (
            "行业 所属行业 行业类别 行业分类 行业代码 行业名称 国民经济行业 所属国民经济行业 行业门类",
            "Industry|Sector",
        ),
        "strategic_field": (
            "产业领域 战略领域 重点产业 重点产业领域 所属产业领域 所属产业 产业集群",
            "Strategic Field|Industrial Field",
        ),
        "established_on": (
            "成立日期 注册日期 成立时间 注册时间 设立日期 创立日期 工商注册日期 注册成立日期 工商注册时间",
            "Established On|Established|Date of Establishment|Founded|Founded On|Registration Date|Incorporated On",
        ),
        "registered_capital": (
            "注册资本 注册资金 注册资本金",
            "Registered Capital|Capital",
        ),
        "incubator": (
            "孵化器 所属孵化器 入驻载体 孵化器名称 所在孵化器 入驻孵化器 孵化载体 所属载体 载体名称 孵化载体名称",
            "Incubator|Incubator Name",
        ),
        "entered_on": (
            "入驻日期 入孵时间 入孵日期 入驻时间 入园时间 入园日期 进驻时间",
            "Entered On|Entry Date|Move-in Date",
        ),
        "left_on": (
            "离开日期 退出日期 退出时间 毕业时间 毕业日期 出孵时间 出孵日期 迁出日期 离园时间 离园日期 退孵时间",
            "Left On|Exit Date|Leaving Date|Graduated On",
        ),
        "university": (
            "高校 所属高校 依托高校 合作高校 关联高校 毗邻高校 环大学 大学",
            "University",
        ),
        "address": (
            "地址 注册地址 通讯地址 通信地址 经营地址 办公地址 详细地址 联系地址 住所",
            "Address|Registered Address",
        ),
        "contact_name": (
            "联系人 联系人姓名 负责人 经办人 企业联系人",
            "Contact|Contact Name|Contact Person",
        ),
        "contact_phone": (
            "联系电话 电话 手机 手机号 手机号码 联系方式 联系人电话 联系人手机 联系手机 电话号码",
            "Phone|Contact Phone|Telephone|Mobile|Tel",
        ),
        "contact_email": (
            "邮箱 电子邮箱 电子邮件 联系邮箱 联系人邮箱",
            "Email|E-mail|Contact Email",
        ),
        "employees": (
            "员工数 职工人数 从业人数 员工人数 职工总数 职工数 从业人员数 从业人员 从业人员人数 人数 参保人数 员工总数",
            "Employees|Number of Employees|Headcount|Staff",
        ),
    }
)
KEYS = tuple(HEADINGS)
# A table without one of these names no firm.
IDENTIFYING = frozenset({"name", "former_name", "name_en", "uscc", "certificate_number"})

# Read as their key only where no other column has a better claim to it.
_YIELDING_WORDS = (
    "名称 企业 公司 负责人 经办人 手机 手机号 手机号码 联系方式 注册地 人数 参保人数 高校 大学 "
    "通讯地址 通信地址 办公地址 经营地址 联系地址 认定日期 认定时间 批准日期 截止日期 "
    "证书名称 资质名称 行业代码 行业门类 机构代码"
)

_BRACKETED = re.compile(r"[(\[{【〔〈《「]([^()\[\]{}【】〔〕〈〉《》「」]*)[)\]}】〕〉》」]")
_ORDINAL = re.compile(r"^(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})[.、．]\s*")
_OWNER = re.compile(r"^(?:高新技术企业|申报企业|申报单位|高企|企业|公司|单位|证书|firm|company)")
_UNIT = re.compile(r"(?:人民币|单位[::]?|[,、/:])*(亿元|万元|元|亿|万)(?:人民币)?$")
# Words in brackets that make another thing of a heading: 企业名称(母公司) is not the firm's name.
_ANOTHER_THING = re.compile(r"[原旧曾拟]|变更前|更名前|母公司|子公司|上级|法人|关联|former|previous|old|parent")
_ENGLISH = re.compile(r"英文|english|^en$")
_UNITS = {"元": "元", "万元": "万元", "万": "万元", "亿元": "亿元", "亿": "亿元"}


LONGEST_HEADING = 200
"""What is longer is a text; no more of it is looked at, for it may fill a whole sheet."""


def fold(heading: str) -> str:
    """One form for spellings that mean the same heading: narrow, lower case, no spaces, breaks or marks."""
    narrow = unicodedata.normalize("NFKC", heading[:LONGEST_HEADING])
    kept = "".join(letter for letter in narrow if unicodedata.category(letter)[0] not in "ZC")
    return kept.replace("_", "").replace("-", "").casefold().strip("*★※:、,。")


def _words(listed: tuple[str, str]) -> list[str]:
    chinese, english = listed
    return [*chinese.split(), *english.split("|")]


_KEY_OF = {fold(word): key for key, listed in HEADINGS.items() for word in [*_words(listed), key]}
_YIELDING = frozenset(map(fold, _YIELDING_WORDS.split()))


def recognise(heading: str) -> tuple[str | None, str]:
    """The key that a heading stands for, and its unit in brackets (元, 万元, 亿元 or nothing)."""
    folded = _ORDINAL.sub("", fold(heading))
    remarks = _BRACKETED.findall(folded)
    plain = fold(_BRACKETED.sub("", folded))
    unit = next((_UNITS[found[1]] for remark in remarks if (found := _UNIT.search(remark))), "")
    if any(_ENGLISH.search(remark) for remark in remarks):
        plain += "英文"
    elif any(_ANOTHER_THING.search(remark) for remark in remarks):
        return _KEY_OF.get(folded), unit
    key = _key_of_plain(plain)
    if key is None and (found := _UNIT.search(plain)):
        key, unit = _key_of_plain(plain[: found.start()]), _UNITS[found[1]]
    return key, unit


def _key_of_plain(plain: str) -> str | None:
    return _KEY_OF.get(plain) or _KEY_OF.get(_OWNER.sub("", plain, count=1))


def is_yielding(heading: str) -> bool:
    return fold(_BRACKETED.sub("", fold(heading))) in _YIELDING
