"""The search `q` over firms: what finds whom, in which order, and that pages hold each firm once."""

import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

import companies.search
from companies.models import Company, CompanyName, SearchText, Seat
from companies.search import Search
from registry import credit_code
from tests.samples import DAY, saved

ON = "2026-03-31"
LIST = f"/api/v1/companies/?valid_on={ON}&lang=en"

# By name: Chinese, English, a former name.
FIRMS: dict[str, tuple[str, str, str]] = {
    "light": ("重庆桉光科技有限公司", "Chongqing Anguang Light-Works Co., Ltd.", ""),
    "river": ("桉江（重庆）智能科技有限公司", "River Intelligence", "重庆旧江软件有限公司"),
    "longlife": ("重庆市长寿区桉寿药业有限公司", "", ""),
    "letters": ("重庆ABC桉字精密机械有限公司", "ABC Precision", ""),
    "plain": ("桉光", "", ""),
    "renamed": ("两江新桉芯片有限公司", "Università di Prova", "重庆桉光科技有限责任公司"),
    "traditional": ("重慶桉慶軟件有限公司", "", ""),
}
CODES = {name: credit_code.complete("91500106", f"M{8_100_000 + place}") for place, name in enumerate(FIRMS)}
NAMES = {code: name for name, code in CODES.items()}


@pytest.fixture
def firms(db: None) -> dict[str, Company]:
    return make_firms()


def make_firms() -> dict[str, Company]:
    made = {}
    for name, (name_zh, name_en, former) in FIRMS.items():
        made[name] = firm = saved(Company, uscc=CODES[name])
        saved(Seat, company=firm)
        if former:
            saved(CompanyName, company=firm, name_zh=former, valid_from=DAY.replace(year=2015), valid_until=DAY)
        saved(CompanyName, company=firm, name_zh=name_zh, name_en=name_en, valid_from=DAY)
    return made


def found(client: Client, q: str, **given: str) -> list[str]:
    """Those of the firms above that are found, in the order of the answer."""
    response = client.get(LIST, {"q": q, "limit": "500", **given})
    assert response.status_code == 200, response.content
    return [NAMES[row["uscc"]] for row in response.json()["data"] if row["uscc"] in NAMES]


ALL = sorted(FIRMS)
FOUND = [
    ("桉光", "plain;light;renamed"),
    ("重庆桉光科技有限公司", "light"),
    ("重慶桉光", "light;renamed"),
    ("重庆桉庆", "traditional"),
    ("旧江", "river"),
    ("桉江(重庆)", "river"),
    ("桉江【重庆】", "river"),
    ("安江", ""),
    ("江", "river;renamed"),
    ("軟", "river;traditional"),
    ("light-works", "light"),
    ("LIGHT works", "light"),
    ("universita", "renamed"),
    ("Università", "renamed"),
    ("ＡＢＣ", "letters"),
    ("abc", "letters"),
    ("anguang", "light;plain;renamed"),
    ("an guang", "light;plain;renamed"),
    ("changshou", "longlife"),
    ("zhangshou", "longlife"),
    ("cqagkj", "light;renamed"),
    ("chongqingabc", "letters"),
    ("桉光 cqag", "light;renamed"),
    ("桉江 旧江", "river"),
    ("旧江 两江", ""),
    ("桉光 light", "light"),
    (CODES["river"], "river"),
    (CODES["river"].lower(), "river"),
    (f"{CODES['river'][:8]} {CODES['river'][8:]}", "river"),
    (CODES["river"][8:17].lower(), "river"),
    ("".join(chr(ord(c) + 0xFEE0) for c in CODES["river"]), "river"),
    (f"桉江 {CODES['river'][8:14]}", "river"),
    ("重庆,桉光", ""),
    (CODES["river"][0], ";".join(FIRMS)),
    ("桉光 9", "light;plain;renamed"),
    ("桉光 M8", "light;plain;renamed"),
    ("桉 01", ";".join(name for name, code in CODES.items() if "01" in code)),
    ("桉 06", ";".join(name for name, code in CODES.items() if "06" in code)),
    *((f"桉 {code[-2:]}", ";".join(other for other in FIRMS if code[-2:] in CODES[other])) for code in CODES.values()),
]


@pytest.mark.parametrize(("q", "expected"), FOUND)
def test_a_firm_is_found_by_every_spelling_of_its_names(
    client: Client, firms: dict[str, Company], q: str, expected: str
) -> None:
    assert sorted(found(client, q)) == sorted(filter(None, expected.split(";")))


@pytest.mark.parametrize(
    "q", ["chongqing", "chong qing", "CHÓNG QÌNG", "zhongqing", "zhong qing", "重庆", "重慶", "cq"]
)
def test_chongqing_is_found_by_every_reading_of_its_name(client: Client, firms: dict[str, Company], q: str) -> None:
    # Their present or former name holds 重庆.
    assert set(found(client, q)) == set(FIRMS) - {"plain"}


@pytest.mark.parametrize(
    ("q", "code"),
    [
        ("...", "no_letter"),
        ("（）", "no_letter"),
        ("_", "no_letter"),
        ("x" * 201, "too_long"),
        ("a " * 21, "too_many_words"),
        (" ", "empty_parameter"),
        ("a\0", "bad_character"),
    ],
)
def test_what_cannot_be_looked_for_is_refused(client: Client, db: None, q: str, code: str) -> None:
    response = client.get(LIST, {"q": q})
    assert (response.status_code, [e["code"] for e in response.json()["errors"]]) == (400, [code])
    assert response.json()["errors"][0]["parameter"] == "q"


def test_the_order_of_relevance_needs_something_to_be_relevant_to(client: Client, db: None) -> None:
    response = client.get(LIST, {"order": "relevance"})
    assert (response.status_code, response.json()["errors"][0]["nearest"]) == (400, "q")


def test_the_best_names_come_first(client: Client, db: None) -> None:
    named = {
        "whole": ("桉芯", "", ""),
        "begins": ("桉芯科技有限公司", "", ""),
        "holds": ("重庆桉芯有限公司", "", ""),
        "spelled": ("安新有限公司", "Anxin Works", ""),
        "former": ("重庆别名有限公司", "", "桉芯旧名有限公司"),
    }
    for place, (name, (name_zh, name_en, former)) in enumerate(reversed(named.items())):
        uscc = credit_code.complete("91500106", f"M{8_200_000 + place}")
        NAMES[uscc] = name
        firm = saved(Company, uscc=uscc)
        saved(Seat, company=firm)
        if former:
            saved(CompanyName, company=firm, name_zh=former, valid_from=DAY.replace(year=2015), valid_until=DAY)
        saved(CompanyName, company=firm, name_zh=name_zh, name_en=name_en, valid_from=DAY)
    assert found(client, "桉芯") == ["whole", "begins", "holds", "former"]
    assert found(client, "anxin") == ["whole", "begins", "spelled", "holds", "former"]
    assert found(client, "桉芯", order="-relevance") == ["former", "holds", "begins", "whole"]
    assert found(client, "桉芯", order="uscc") == ["former", "holds", "begins", "whole"]
    assert found(client, uscc) == ["whole"]


def test_a_search_is_one_of_the_filters(client: Client, firms: dict[str, Company]) -> None:
    """It narrows figures as it narrows the list, and the day decides which name shows, not which is found."""
    figure = client.get(f"/api/v1/statistics/firms/?valid_on={ON}&q=桉光").json()
    assert figure["total"] == len(found(client, "桉光")) == 3
    assert found(client, "旧江", valid_on="2014-01-01", seated="any") == ["river"]
    assert client.get(LIST, {"q": "桉光"}).json()["meta"]["filters"]["q"] == "桉光"


PIECES = [*"重庆桉光科技江", "重庆", "有限公司", "桉光", "江智", "chong", "an", "a", "kj", "qk", "9150", "科技 重庆"]
"""Of every frequency among the firms below."""


def make_many(count: int) -> list[str]:
    """Firms whose names share words, with ties of the pinyin; one in seven without a name on the day, some renamed."""
    chance = random.Random(7)
    words = ["桉光", "桉江", "安光", "重庆", "科技", "江智", "药业", "光"]
    codes = [credit_code.complete("91500106", f"M{8_300_000 + number}") for number in range(count)]
    firms = Company.objects.bulk_create([Company(uscc=code) for code in codes])
    Seat.objects.bulk_create([Seat(company=firm, valid_from=DAY) for firm in firms])
    names = []
    for number, firm in enumerate(firms):
        ended = DAY if number % 3 == 0 else None
        names.append(CompanyName(company=firm, valid_from="2015-01-01", valid_until=ended))
        if number % 7 and ended:
            names.append(CompanyName(company=firm, valid_from=ended))
    for name in names:
        name.name_zh = "".join(chance.sample(words, chance.randint(1, 4))) + chance.choice(["", "有限公司"])
        name.set_keys()
    CompanyName.objects.bulk_create(names)
    return codes


def walk(client: Client, limit: int, **given: str) -> Iterator[dict[str, Any]]:
    response = client.get(LIST, {"limit": str(limit), **given})
    while True:
        assert response.status_code == 200, response.content
        yield response.json()
        if (following := response.json()["next"]) is None:
            return
        response = client.get(following)


def codes_of(pages: Iterator[dict[str, Any]]) -> list[str]:
    return [row["uscc"] for page in pages for row in page["data"]]


# The ways in which a search is answered, by the limits that lead to them.
WAYS = {
    companies.search.RANKED: (5_000, 1_000),
    companies.search.BEGINNING_FIRST: (0, 1_000),
    companies.search.BY_NAME: (0, 0),
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    few, beginning = WAYS[request.param]
    monkeypatch.setattr(companies.search, "FEW", few)
    monkeypatch.setattr(companies.search, "FEW_BEGINNING", beginning)
    return str(request.param)


def holds(text: SearchText, word: str) -> bool:
    """Whether the word finds the firm, told from the names; those of this test have no English."""
    names = text.company.names.all()
    if len(word) > 2 or not word.isascii():
        return word in text.written or word in text.spelled
    return any(f" {word}" in f" {name.pinyin}" or (len(word) == 2 and word in name.initials) for name in names)


def test_the_way_does_not_change_who_is_found(client: Client, db: None, way: str) -> None:
    make_many(40)
    texts = SearchText.objects.select_related("company").prefetch_related("company__names")
    for q in PIECES:
        expected = {text.company.uscc for text in texts if all(holds(text, word) for word in q.split())}
        assert sorted(codes_of(walk(client, 500, q=q))) == sorted(expected), q
        assert Search(q).ordered in (way, companies.search.RANKED, companies.search.BEGINNING_FIRST), q


@pytest.mark.parametrize("order", ["", "-relevance", "name"])
def test_pages_of_a_search_hold_each_firm_once(client: Client, db: None, way: str, order: str) -> None:
    make_many(40)
    given = {"order": order} if order else {}
    for q, limit in (("重庆", 7), ("桉光", 1), ("guang", 5)):
        whole = codes_of(walk(client, 500, q=q, **given))
        assert len(whole) == len(set(whole)) > 7, q
        assert codes_of(walk(client, limit, q=q, **given)) == whole, q


def test_a_search_keeps_its_way_while_others_write(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of matches passes the limit between two pages, in either direction."""
    untouched = set(make_many(40))
    for before, after in ((1_000, 0), (0, 1_000)):
        monkeypatch.setattr(companies.search, "FEW", before)
        pages = walk(client, 7, q="光")
        seen = [row["uscc"] for row in next(pages)["data"]]
        monkeypatch.setattr(companies.search, "FEW", after)
        seen += codes_of(pages)
        monkeypatch.setattr(companies.search, "FEW", before)
        assert seen == codes_of(walk(client, 500, q="光"))
        assert set(seen) <= untouched


@pytest.mark.parametrize("few", [5_000, 0])
def test_two_hundred_pieces_find_what_like_finds(db: None, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(companies.search, "FEW", few)
    make_many(80)
    chance = random.Random(11)
    names = list(CompanyName.objects.values_list("name_zh", flat=True))
    for _number in range(200):
        name = chance.choice(names)
        start, length = chance.randrange(len(name)), chance.randint(1, 4)
        piece = name[start : start + length]
        like = CompanyName.objects.filter(name_zh__contains=piece).values_list("company__uscc", flat=True)
        found_here = Search(piece).narrow(Company.objects.all()).values_list("uscc", flat=True)
        assert sorted(found_here) == sorted(set(like)), piece


SHORT = [
    ("gk", "light;renamed"),
    ("ag", "light;plain;renamed"),
    ("bc", "letters"),
    ("gu", "light;plain;renamed"),
    ("un", "renamed"),
    ("ct", ""),  # inside of “Intelligence” no, nor of a syllable
    ("ua", ""),
    ("l", "light;renamed"),
    ("b", "letters"),
]


@pytest.mark.parametrize(("q", "expected"), SHORT)
def test_two_letters_are_found_anywhere_in_initials_and_where_words_begin(
    client: Client, firms: dict[str, Company], q: str, expected: str
) -> None:
    assert sorted(found(client, q)) == sorted(filter(None, expected.split(";")))


def test_initials_that_begin_so_come_first(client: Client, firms: dict[str, Company]) -> None:
    assert found(client, "ag") == ["plain", "light", "renamed"]
    assert found(client, "lj")[0] == "renamed"


def test_whatever_writes_a_name_the_search_follows(client: Client, firms: dict[str, Company]) -> None:
    firm = firms["plain"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE companies_companyname SET name_en = 'Beacon' WHERE company_id = %s", [firm.pk])
    assert found(client, "beacon") == ["plain"]
    firm.names.all().delete()
    assert found(client, "桉光") == ["light", "renamed"]
    assert found(client, firm.uscc) == ["plain"]
    code = credit_code.complete("91500107", "M8400000")
    Company.objects.filter(pk=firm.pk).update(uscc=code)
    assert client.get(LIST, {"q": code}).json()["data"][0]["uscc"] == code
    CompanyName.objects.filter(company=firms["light"]).update(company=firm)
    assert found(client, "light works") == []
    assert SearchText.objects.get(company=firm).written.split("\n")[1:3] == [
        "重庆桉光科技有限公司",
        "cqagkjyxgs a an c ch co g go gu j ji k ke li lt q qi s si x xi y yo",
    ]
    firms["river"].delete()
    assert not SearchText.objects.filter(written__contains="旧江").exists()


def rewrite_by_update(name: CompanyName) -> None:
    CompanyName.objects.filter(pk=name.pk).update(name_zh="重庆别名有限公司")


def rewrite_by_sql(name: CompanyName) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE companies_companyname SET name_zh = '别' WHERE id = %s", [name.pk])


def write_in_bulk(name: CompanyName) -> None:
    other = CompanyName(company=name.company, name_zh="别", pinyin="bie", valid_from="2010-01-01", valid_until=DAY)
    CompanyName.objects.bulk_create([other])


@pytest.mark.parametrize("write", [rewrite_by_update, rewrite_by_sql, write_in_bulk])
def test_a_name_with_the_keys_of_another_is_refused(
    firms: dict[str, Company], write: Callable[[CompanyName], None]
) -> None:
    name = firms["light"].names.get()
    with pytest.raises(IntegrityError, match="companies_companyname_keys_fit"), transaction.atomic():
        write(name)
    name.name_zh = "重庆别名有限公司"
    name.set_keys()
    keys = {"pinyin": name.pinyin, "initials": name.initials, "keys_of": name.keys_of}
    assert CompanyName.objects.filter(pk=name.pk).update(name_zh=name.name_zh, **keys) == 1


def test_of_two_who_name_a_firm_at_once_neither_name_is_lost(committed_db: str) -> None:
    firm = saved(Company)
    started, finish = threading.Event(), threading.Event()

    def first() -> None:
        try:
            with transaction.atomic():
                saved(CompanyName, company=firm, name_zh="桉先", valid_until="2025-01-01")
                started.set()
                finish.wait(10)
        finally:
            connection.close()

    def second() -> None:
        try:
            started.wait(10)
            threading.Timer(0.3, finish.set).start()  # the second is waiting for the firm by then
            saved(CompanyName, company=firm, name_zh="桉后", valid_from="2025-01-01")
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for work in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert SearchText.objects.get(company=firm).written.split("\n")[1::2] == ["桉先", "桉后", ""]
