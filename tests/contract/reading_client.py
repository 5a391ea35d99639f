"""Runs beside a generated client: reads and writes through it and prints what it was told, as JSON."""

# mypy: ignore-errors

import datetime
import json
import sys

sys.path.insert(0, sys.argv[1])

from register_client import AuthenticatedClient, Client
from register_client.api.certifications import certifications_create
from register_client.api.companies import (
    companies_batch,
    companies_create,
    companies_list,
    companies_uscc_change,
    companies_uscc_end,
    companies_uscc_read,
)
from register_client.api.statistics import statistics_high_tech_firms_read
from register_client.api.targets import targets_code_read
from register_client.models import (
    BatchBody,
    CertificationBody,
    CompanyBody,
    CompanyChangeBody,
    CompanyEndBody,
)
from register_client.models.companies_list_lang import CompaniesListLang
from register_client.models.companies_uscc_read_lang import CompaniesUsccReadLang
from register_client.models.statistics_high_tech_firms_read_group_by_item import (
    StatisticsHighTechFirmsReadGroupByItem as GroupBy,
)

DAY = datetime.date(2026, 6, 30)
_folder, address, key, bodies = sys.argv[1:5]
BODIES = json.loads(bodies)

client = Client(base_url=address)
page = companies_list.sync(client=client, valid_on=DAY, limit=2, lang=CompaniesListLang.EN)
one = companies_uscc_read.sync("91500106M80000026L", client=client, valid_on=DAY, lang=CompaniesUsccReadLang.EN)
figure = statistics_high_tech_firms_read.sync(client=client, valid_on=DAY, group_by=[GroupBy.DISTRICT])
target = targets_code_read.sync("high-tech-2030", client=client, valid_on=DAY)
problem = companies_list.sync(client=client, district=["no-such-district"])

writer = AuthenticatedClient(base_url=address, token=key)
body = CompanyBody.from_dict(BODIES["companies_create"])
firm = body.uscc
made = companies_create.sync_detailed(client=writer, body=body, idempotency_key="one")
again = companies_create.sync_detailed(client=writer, body=body, idempotency_key="one")
twice = companies_create.sync(client=writer, body=body)
changed = companies_uscc_change.sync_detailed(
    firm,
    client=writer,
    body=CompanyChangeBody.from_dict(BODIES["companies_uscc_change"]),
    if_match=made.headers["ETag"],
)
stale = companies_uscc_change.sync(
    firm, client=writer, body=CompanyChangeBody(website="https://late.example"), if_match=made.headers["ETag"]
)
certified = certifications_create.sync(client=writer, body=CertificationBody.from_dict(BODIES["certifications_create"]))
batch = companies_batch.sync(client=writer, body=BatchBody.from_dict(BODIES["companies_batch"]))
tag = companies_uscc_read.sync_detailed(firm, client=writer).headers["ETag"]
ended = companies_uscc_end.sync(
    firm, client=writer, body=CompanyEndBody.from_dict(BODIES["companies_uscc_end"]), if_match=tag
)
read = {
    "names": [firm.name for firm in page.data],
    "one": one.data.name,
    "total": figure.total,
    "groups": [group.key["district"] for group in figure.groups],
    "target": target.data.code,
    "problem": problem.errors[0].code,
    "written": [made.status_code, again.headers["Idempotency-Replayed"], again.parsed.data.uscc == firm],
    "twice": twice.code,
    "capital": changed.parsed.data.registered_capital,
    "stale": stale.code,
    "certificate": certified.data.number,
    "batch": [item.status for item in batch.data],
    "ended": str(ended.data.dissolved_on),
}
print(json.dumps(read))
