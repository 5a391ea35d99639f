"""No refusal and no line of the log tells what its caller may not read, nor a key, nor what was sent along."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from companies.models import Certification, Company, CompanyName, Financing, Residency
from incubators.keys import make_key
from incubators.models import Incubator
from registry.models import Partner
from tests.api.addresses import ENDPOINTS, WRITES
from tests.api.asked_well import filters_of
from tests.api.partners import Caller, new_firm
from tests.api.test_privacy import CANARY, sing
from tests.samples import saved, uscc

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

LISTS = ("certifications", "residencies", "financings")
SECRET, SOUNDS_ALIKE = "重庆金丝雀秘制科技有限公司", "重庆金丝雀蜜制科技有限公司"
PHONE = "13812345678"


@pytest.fixture
def strange() -> dict[str, Any]:
    """Rows of another incubator, of a firm that is not published."""
    sing()
    host = saved(Incubator, code="other-house")
    firm = saved(Company, uscc=uscc(777), is_published=False, contact_phone=PHONE, contact_name=CANARY)
    name = saved(CompanyName, company=firm, name_zh=SECRET, valid_from="2020-01-01")
    stay = saved(Residency, company=firm, incubator=host, entered_on="2024-01-01")
    certificate = saved(Certification, company=firm, number="GR-CANARY-7F3A")
    financing = saved(Financing, company=firm, reference=CANARY)
    return {"company": firm, "name": name, "residencies": stay, "certifications": certificate, "financings": financing}


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Every line that any logger of the register or of Django writes, but for statements, which a test alone logs."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Kept()
    names = ("django.request", "django.security", "django.server", "registry", "incubators", "companies", "config")
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield lines
    for name, level in levels.items():
        logging.getLogger(name).removeHandler(handler)
        logging.getLogger(name).setLevel(level)


def callers() -> dict[str, tuple[Caller, str]]:
    """Each with the text of its key."""
    own = saved(Incubator, code="own-house")
    kinds: dict[str, dict[str, Any]] = {
        "reads": {},
        "partner": {"partner": Partner.objects.order_by("code")[0], "reads_partner_fields": True},
        "writes": {
            "incubators": [own],
            "partner": Partner.objects.order_by("code")[1],
            "records_financings": True,
        },
    }
    texts = {name: make_key(label=name, **given)[1] for name, given in kinds.items()}
    return {"nobody": (Caller(), ""), **{name: (Caller(text), text) for name, text in texts.items()}}


def bodies(route: str, strange: dict[str, Any]) -> list[Any]:
    """What could make a refusal tell of the firm that is not the caller's."""
    code = strange["company"].uscc
    own = [{"incubator": "own-house", "entered_on": "2025-01-01"}]
    twin = new_firm(778, names=[{"name_zh": SOUNDS_ALIKE, "valid_from": "2020-01-01"}], residencies=own)
    same = new_firm(777, residencies=own)
    firm = {"company": code, "kind": "high_tech", "number": "GR-CANARY-7F3A", "issued_on": "2024-01-01"}
    stay = {"company": code, "incubator": "other-house", "entered_on": "2025-01-01"}
    money = {"company": code, "instrument": "KVL", "agreed_on": "2025-01-01", "reference": CANARY}
    if route.endswith("batch-get/"):
        return [{"uscc": [code]}]
    if route.endswith("batch/"):
        items = [{"op": "create", **twin}, {"op": "create", **same}, {"op": "update", "uscc": code}]
        return [{"atomic": atomic, "items": items} for atomic in (True, False)]
    return [twin, same, firm, stay, money, {}, {"website": "nonsense"}, {"incubator": "other-house"}]


def test_no_refusal_and_no_log_tells_what_is_hidden(strange: dict[str, Any], logged: list[str]) -> None:
    secrets = (SECRET, CANARY, PHONE, "73737373", "GR-CANARY")
    told: list[tuple[str, ...]] = []
    statuses: set[int] = set()
    known = callers()
    keys = [key.partition(".")[2] for _caller, key in known.values() if key]
    for who, (caller, key) in known.items():
        for endpoint, method in WRITES:
            kind = endpoint.route.split("/")[0]
            path = endpoint.route.replace("<str:uscc>", strange["company"].uscc)
            path = path.replace("<int:id>", str(strange[kind].pk) if kind in strange else "1")
            for body in bodies(endpoint.route, strange):
                sent = str(body)
                answer = caller.send(method.upper(), path, body, if_match='"1.x"')
                statuses.add(answer.status_code)
                text = answer.content.decode()
                told += [(who, method, path, one) for one in secrets if one in text and one not in sent]
                told += [(who, method, path, "key")] * bool(key and key.partition(".")[2] in text)
        for endpoint in ENDPOINTS:
            for name in [*filters_of(endpoint), "valid_on", "surprise"]:
                answer = caller.client.get(f"{endpoint.url()}&{name}=%00nonsense", headers=caller.headers)
                told += [(who, endpoint.route, name, one) for one in secrets if one in answer.content.decode()]
        for path in (f"companies/{strange['company'].uscc}/", *(f"{k}/{strange[k].pk}/" for k in LISTS)):
            answer = caller.send("GET", path)
            statuses.add(answer.status_code)
            told += [(who, path, one) for one in secrets if one in answer.content.decode()]
    assert told == []
    assert statuses >= {400, 401, 403, 404, 409} and 500 not in statuses, statuses
    assert [one for one in (*secrets, *keys) if any(one in line for line in logged)] == []
    assert any("Bad Request" in line for line in logged) and any("Not Found" in line for line in logged)
