"""Whole sets as files: the same in every format, proved by the checkpoint, resumed by ranges, nothing withdrawn."""

import csv
import datetime
import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.test import Client
from pyarrow import parquet

from companies.models import Company, CompanyName, Financing
from incubators.keys import make_key
from registry.exports.building import columns_of, publish
from registry.exports.sets import MANIFEST, SETS_KEPT, ExportSet, published
from registry.feed.types import Circle, feed_types
from registry.history import acting
from registry.history.acting import seal_now
from registry.models import Hub, Partner, University
from tests.api.test_privacy import CANARY, sing
from tests.samples import saved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration", "own_folder")]
ADDRESS = "/api/v1/exports/"
Entries = dict[tuple[str, int], Any]


@pytest.fixture
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.EXPORTS_FOLDER = str(tmp_path)


@pytest.fixture
def partner() -> Client:
    key = make_key(label="dump", partner=saved(Partner), reads_partner_fields=True)[1]
    return Client(headers={"authorization": f"Bearer {key}"})


def content(response: Any) -> bytes:
    return b"".join(response) if response.streaming else response.content


def written(**values: Any) -> None:
    """A commit, as far as the feed is concerned."""
    with acting():
        Company.objects.filter(pk=Company.objects.public().order_by("pk")[0].pk).update(**values)
        seal_now()


def withdraw(firm: Company) -> None:
    with acting():
        Company.objects.filter(pk=firm.pk).update(is_published=False)
        seal_now()


def whole(made: ExportSet) -> Entries:
    with gzip.open(made.folder / "register.jsonl.gz") as file:
        events = [json.loads(line) for line in file]
    assert {event["op"] for event in events} == {"create"}
    return {(event["type"], event["id"]): event["data"] for event in events}


def follow(client: Client, entries: Entries, after: int) -> Entries:
    """What a client has that began with a set and goes on by the feed."""
    address = f"/api/v1/changes/?after={after}&limit=7"
    while address:
        page = client.get(address).json()
        for event in page["data"]:
            if event["op"] == "delete":
                entries.pop((event["type"], event["id"]), None)
            else:
                entries[event["type"], event["id"]] = event["data"]
        address = page["next"]
    return entries


@pytest.mark.parametrize("circle", list(Circle))
def test_a_client_goes_on_from_a_set_and_ends_with_what_a_fresh_set_holds(
    client: Client, partner: Client, circle: Circle
) -> None:
    caller = partner if circle is Circle.PARTNER else client
    first = publish(circle)
    written(website="https://later.example/")
    withdraw(Company.objects.public().order_by("-pk")[0])
    with acting():
        University.objects.filter(pk=saved(University, code="4150099990").pk).delete()
        saved(Hub)
        seal_now()
    second = publish(circle)
    assert second.sequence > first.sequence
    assert whole(first) != whole(second)
    assert follow(caller, whole(first), first.sequence) == whole(second)
    proof = caller.get(f"/api/v1/changes/checkpoint/?at={second.sequence}").json()["data"]
    assert proof == [{"type": one.type, "count": one.count, "digest": one.digest} for one in second.types]


def test_every_type_holds_the_same_entries_in_every_format() -> None:
    made = publish(Circle.PARTNER)
    known = whole(made)
    for type_ in feed_types():
        names = [column.name for column in columns_of(type_, Circle.PARTNER)]
        entries = {
            key: {name: as_text(value) for name, value in data.items()}
            for (type_name, key), data in known.items()
            if type_name == type_.name
        }
        assert {name for data in entries.values() for name in data} <= set(names)
        for form in ("csv", "xlsx", "parquet", "jsonl"):
            told = made.file(f"{type_.name}.{form}")
            assert told is not None and told.rows == len(entries), (type_.name, form)
            rows = read(made.folder / told.name, form, names)
            found = {int(row["id"]): {name: row[name] for name in names[2:]} for row in rows}
            assert found.keys() == entries.keys(), (type_.name, form)
            assert found == entries, (type_.name, form)


def read(path: Path, form: str, names: list[str]) -> list[dict[str, str]]:
    if form == "jsonl":
        events = [json.loads(line) for line in path.open()]
        return [{"id": str(e["id"])} | {name: as_text(value) for name, value in e["data"].items()} for e in events]
    if form == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [{name: as_text(plain(text)) for name, text in row.items()} for row in csv.DictReader(file)]
    if form == "parquet":
        return [{name: as_text(value) for name, value in row.items()} for row in parquet.read_table(path).to_pylist()]
    sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    lines = list(sheet.iter_rows(values_only=True))
    return [dict(zip(names, map(as_text, line), strict=True)) for line in lines[1:]]


def plain(text: str) -> str:
    """As a reader takes it who strips what protects a cell from a spreadsheet."""
    return text[1:] if text[:2] in ("'=", "'+", "'-", "'@") else text.rstrip("\t")


def as_text(value: Any) -> str:
    """One text for what each format has of a value: moments and numbers are written in several ways."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.tzinfo is None else value.isoformat()
    text = str(value)
    is_number = text.replace(".", "", 1).lstrip("-").isdigit() and "." in text
    return (text.rstrip("0").rstrip(".") or "0") if is_number else text


def test_a_manifest_tells_the_digest_of_every_file_and_each_file_its_own(client: Client) -> None:
    made = publish(Circle.PUBLIC)
    (told,) = client.get(ADDRESS).json()["data"]
    assert client.get(told["url"]).json()["data"] == told
    assert {file["name"] for file in told["files"]} == {one.name for one in made.folder.iterdir()} - {MANIFEST}
    for file in told["files"]:
        response = client.get(file["url"])
        body = content(response)
        assert (len(body), hashlib.sha256(body).hexdigest()) == (file["bytes"], file["sha256"]), file["name"]
        assert response["Content-Disposition"] == f'attachment; filename="{file["name"]}"'
        assert response["ETag"] == f'"{file["sha256"][:32]}"'
        assert client.get(file["url"], headers={"if-none-match": response["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-0", 0, 1), ("bytes=10-19", 10, 20), ("bytes=30-", 30, None), ("bytes=-5", -5, None)],
)
def test_a_part_of_a_file_is_that_part(client: Client, asked: str, start: int, end: int | None) -> None:
    address = f"{ADDRESS}{publish(Circle.PUBLIC).sequence}/district.csv"
    all_of_it = content(client.get(address))
    response = client.get(address, headers={"range": asked})
    assert (response.status_code, content(response)) == (206, all_of_it[start:end])
    first = start % len(all_of_it)
    assert response["Content-Range"] == f"bytes {first}-{(end or len(all_of_it)) - 1}/{len(all_of_it)}"
    assert int(response["Content-Length"]) == len(all_of_it[start:end])


def test_what_is_no_single_range_of_this_file_gives_the_whole_file_or_a_refusal(client: Client) -> None:
    address = f"{ADDRESS}{publish(Circle.PUBLIC).sequence}/district.csv"
    all_of_it = content(client.get(address))
    for asked in ("bytes=0-1,4-5", "bytes=9-3", "lines=0-3", "bytes=-"):
        assert content(client.get(address, headers={"range": asked})) == all_of_it, asked
    other = client.get(address, headers={"range": "bytes=0-3", "if-range": '"another"'})
    assert (other.status_code, content(other)) == (200, all_of_it)
    for asked in (f"bytes={len(all_of_it)}-", "bytes=-0"):
        beyond = client.get(address, headers={"range": asked})
        assert (beyond.status_code, beyond.json()["code"]) == (416, "range_not_satisfiable"), asked


def test_a_set_is_for_its_circle_alone(client: Client, partner: Client) -> None:
    hidden = Financing.objects.filter(company__in=Company.objects.public())[0]
    with acting():
        Financing.objects.filter(pk=hidden.pk).update(confidentiality="partners")
        seal_now()
    made = publish(Circle.PARTNER)
    assert ("financing", hidden.pk) in whole(made)
    address = f"{ADDRESS}{made.sequence}/financing.jsonl"
    assert (client.get(address).status_code, client.get(ADDRESS).json()["data"]) == (404, [])
    assert partner.get(address).status_code == 200
    assert ("financing", hidden.pk) not in whole(publish(Circle.PUBLIC))
    assert client.get(address).status_code == 200
    assert f'"id":{hidden.pk},' not in content(client.get(address)).decode()


def test_a_set_with_a_firm_that_was_withdrawn_is_given_no_more(client: Client) -> None:
    firm = Company.objects.public().order_by("pk")[0]
    address = f"{ADDRESS}{publish(Circle.PUBLIC).sequence}/company.jsonl"
    assert firm.uscc in content(client.get(address)).decode()
    withdraw(firm)
    response = client.get(address)
    assert (response.status_code, response.json()["code"]) == (410, "export_withdrawn")
    assert client.get(ADDRESS).json()["data"] == []
    fresh = publish(Circle.PUBLIC)
    assert [one["sequence"] for one in client.get(ADDRESS).json()["data"]] == [fresh.sequence]
    assert firm.uscc not in (fresh.folder / "company.jsonl").read_text()


def test_a_set_stays_while_others_write_and_is_built_once_for_a_number(client: Client) -> None:
    made = publish(Circle.PUBLIC)
    assert publish(Circle.PUBLIC) == made
    written(website="https://later.example/")
    assert client.get(f"{ADDRESS}{made.sequence}/").status_code == 200


def test_nothing_that_is_not_public_is_in_any_file() -> None:
    sing()
    for circle in Circle:
        made = publish(circle)
        files = {file.stem: file.read_text() for file in made.folder.glob("*.jsonl")}
        assert set(files) == {type_.name for type_ in feed_types() if circle in type_.shown}
        assert [name for name, text in files.items() if CANARY in text or "73737373" in text] == []
        told = ["annual_report"] if circle is Circle.PARTNER else []  # jobs, which are meant for partners
        assert [name for name, text in files.items() if "737373" in text] == told
        hidden = Company.objects.exclude(pk__in=Company.objects.public()).values_list("pk", flat=True)
        assert set(hidden) and not {key for kind, key in whole(made) if kind == "company"} & set(hidden)
        names = CompanyName.objects.filter(company__in=hidden).values_list("pk", flat=True)
        assert not {key for kind, key in whole(made) if kind == "company_name"} & set(names)


def test_the_command_publishes_for_everyone_and_for_partners_and_keeps_a_week(capsys: Any) -> None:
    for turn in range(SETS_KEPT + 1):
        written(website=f"https://turn-{turn}.example/")
        call_command("publish_exports", circle=["public"])
    sets = [one.sequence for one in published(Circle.PUBLIC)]
    assert len(sets) == SETS_KEPT and sets == sorted(sets, reverse=True)
    call_command("publish_exports")
    assert len(list(published(Circle.PARTNER))) == 1
    assert "partner: " in capsys.readouterr().out


def test_what_a_builder_left_that_was_killed_is_no_set(client: Client, settings: Any) -> None:
    left = Path(settings.EXPORTS_FOLDER) / "public" / "building"
    left.mkdir(parents=True)
    (left / "company.csv").write_text("half")
    assert client.get(ADDRESS).json()["data"] == []
    made = publish(Circle.PUBLIC)
    assert not left.exists()
    assert (made.folder / "company.csv").read_bytes()[:5] != b"half"


def test_a_set_of_a_register_before_it_was_restored_is_none_of_it(client: Client) -> None:
    made = publish(Circle.PUBLIC)
    told = json.loads((made.folder / MANIFEST).read_text())
    (made.folder / MANIFEST).write_text(json.dumps(told | {"recorded_at": "2020-01-01T00:00:00+08:00"}))
    assert client.get(f"{ADDRESS}{made.sequence}/").status_code == 404
    assert publish(Circle.PUBLIC).recorded_at == made.recorded_at
    assert client.get(f"{ADDRESS}{made.sequence}/").status_code == 200
