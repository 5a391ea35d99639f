"""Runs beside a generated client: reads through it and prints what it read, as JSON."""

# mypy: ignore-errors

import datetime
import json
import sys

sys.path.insert(0, sys.argv[1])

from register_client import Client
from register_client.api.companies import companies_list, companies_uscc_read
from register_client.api.statistics import statistics_high_tech_firms_read
from register_client.api.targets import targets_code_read
from register_client.models.companies_list_lang import CompaniesListLang
from register_client.models.companies_uscc_read_lang import CompaniesUsccReadLang
from register_client.models.statistics_high_tech_firms_read_group_by_item import (
    StatisticsHighTechFirmsReadGroupByItem as GroupBy,
)

DAY = datetime.date(2026, 6, 30)

client = Client(base_url=sys.argv[2])
page = companies_list.sync(client=client, valid_on=DAY, limit=2, lang=CompaniesListLang.EN)
one = companies_uscc_read.sync("91500106M80000026L", client=client, valid_on=DAY, lang=CompaniesUsccReadLang.EN)
figure = statistics_high_tech_firms_read.sync(client=client, valid_on=DAY, group_by=[GroupBy.DISTRICT])
target = targets_code_read.sync("high-tech-2030", client=client, valid_on=DAY)
problem = companies_list.sync(client=client, district=["no-such-district"])
read = {
    "names": [firm.name for firm in page.data],
    "one": one.data.name,
    "total": figure.total,
    "groups": [group.key["district"] for group in figure.groups],
    "target": target.data.code,
    "problem": problem.errors[0].code,
}
print(json.dumps(read))
