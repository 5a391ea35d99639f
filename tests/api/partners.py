"""Programmes that write over the API, and what they send."""

import datetime
import json
from typing import Any

from django.test import Client

from companies.models import Company, CompanyName, Residency
from incubators.models import Incubator
from registry.models import User
from tests.samples import saved, uscc

BASE = "/api/v1/"


class Caller:
    """A programme with a key, or a person in a browser."""

    def __init__(self, key_text: str | None = None, user: User | None = None) -> None:
        self.client = Client(headers={"accept-language": "en"})
        self.headers = {} if key_text is None else {"authorization": f"Bearer {key_text}"}
        if user is not None:
            self.client.force_login(user)

    def send(self, method: str, address: str, body: Any = None, **headers: str) -> Any:
        content = body if isinstance(body, str | bytes) else json.dumps(body, default=str)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        rest: Any = {} if body is None else {"data": content, "content_type": "application/json"}
        return self.client.generic(method, BASE + address, headers=self.headers | named, **rest)

    def tag(self, address: str) -> str:
        answer = self.client.get(BASE + address, headers=self.headers)
        assert answer.status_code == 200, answer.content
        return str(answer["ETag"])


def new_firm(number: int = 900, **given: Any) -> dict[str, Any]:
    return {
        "uscc": uscc(number),
        "names": [{"name_zh": f"重庆新企{number}科技有限公司", "valid_from": "2020-01-01"}],
        "seats": [{"district": "500106", "valid_from": "2020-01-01"}],
        "residencies": [{"incubator": "host-a", "entered_on": "2021-01-01"}],
        **given,
    }


def resident(host: Incubator, **given: Any) -> Company:
    firm: Company = saved(Company, **given)
    saved(Residency, company=firm, incubator=host, entered_on=datetime.date(2024, 1, 1))
    saved(CompanyName, company=firm, name_zh=f"重庆旧企{firm.pk}有限公司", valid_from=datetime.date(2020, 1, 1))
    return firm


def errors(answer: Any) -> dict[str, str]:
    return {one.get("pointer", one.get("parameter", "")): one["code"] for one in answer.json()["errors"]}
