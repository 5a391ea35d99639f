"""The tables of versions: one for each model, with its columns, and never rewritten."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from registry.history.tables import follow
from registry.models import Entry, Hub
from tests.history_rows import MODELS, by_model, columns, rows, seal, sealed_sample
from tests.samples import saved

# Models without versions, and why.
UNTRACKED = {
    "registry.User": "log-ins and passwords are no facts of the register",
    "registry.ChangeSet": "is the history itself: who changed what, when and why",
    "registry.PartnerKey": "leave to call is no fact of the register, and never changes once it is made",
    "registry.KeyUse": "counts answers",
    "registry.KeptAnswer": "an answer that is given again for a day",
    "registry.RequestCount": "counts requests of the last minute",
    "incubators.KeyGrant": "belongs to a key, and never changes",
    "registry.PersonalDataReading": "is a book of its own: appended to, never changed",
    "registry.Clock": "is the history itself: the number of the last change",
    "companies.CompanyChange": "is derived from the versions, by trigger",
    "companies.CompanyState": "is derived from firms and their facts, by trigger",
    "companies.CertificationState": "is derived with the states of firms",
    "companies.FinancingState": "is derived with the states of firms",
    "companies.ResidencyState": "is derived with the states of firms",
    "companies.SearchText": "is derived from code and names, by trigger",
    "companies.Upload": "keeps its own moments, and names the change-sets of what it wrote",
    "companies.UploadRow": "is what a file was found to hold, judged anew each time",
    "companies.Notice": "is a list as it was published; what became of its firms is in their versions",
    "companies.NoticeLine": "is a line as it was published; which firm it means is found anew",
    "companies.FinancingTable": "is released once and never changes",
    "companies.FinancingTableCell": "is released once and never changes",
}
BOOKKEEPING = {"recorded", "changeset_id", "closed_by"}
TRIGGERS = {"stamp", "note_insert", "note_update", "note_delete", "refuse_truncate"}


# --- What is refused


REWRITING = (
    "UPDATE {table} SET version = 9",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "INSERT INTO {table} SELECT * FROM {table}",
)


@by_model
def test_versions_are_append_only(db: None, model: type[Entry]) -> None:
    for statement in REWRITING:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows(statement.format(table=f"history.{model._meta.db_table}"))


@pytest.mark.parametrize("statement", [text.replace("version = 9", "sequence = 9") for text in REWRITING])
@pytest.mark.parametrize("table", ["registry_changeset", "registry_clock"])
def test_who_and_when_are_append_only(db: None, table: str, statement: str) -> None:
    sealed_sample(Hub)
    cascade = " CASCADE" if "TRUNCATE" in statement else ""
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows(statement.format(table=table) + cascade)


@by_model
def test_a_table_with_versions_is_not_truncated(db: None, model: type[Entry]) -> None:
    with pytest.raises(DatabaseError, match="keeps versions and is not truncated"), transaction.atomic():
        rows(f"TRUNCATE {model._meta.db_table} CASCADE")


@by_model
def test_the_id_of_an_entry_never_changes(db: None, model: type[Entry]) -> None:
    entry = saved(model)
    with pytest.raises(DatabaseError, match="id of an entry never changes"), transaction.atomic():
        rows(f"UPDATE {model._meta.db_table} SET id = id + 1000000 WHERE id = %s", entry.pk)


# --- The tables


def test_every_model_has_versions_or_a_reason() -> None:
    all_models = {
        model
        for label in ("registry", "incubators", "companies")
        for model in apps.get_app_config(label).get_models()
        if not model._meta.proxy
    }
    assert {model._meta.label for model in all_models - set(MODELS)} == set(UNTRACKED)


@by_model
def test_versions_have_the_columns_of_the_table(db: None, model: type[Entry]) -> None:
    table = model._meta.db_table
    of_versions = columns("history", table)
    assert of_versions.keys() >= BOOKKEEPING
    assert {name: type_ for name, type_ in of_versions.items() if name not in BOOKKEEPING} == columns("public", table)


@by_model
def test_every_trigger_is_there_and_fires(db: None, model: type[Entry]) -> None:
    statement = "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND NOT tgisinternal AND tgenabled = 'O'"
    of_table = {row["tgname"] for row in rows(statement, f"public.{model._meta.db_table}")}
    of_versions = {row["tgname"] for row in rows(statement, f"history.{model._meta.db_table}")}
    assert of_table >= TRIGGERS
    assert of_versions == {"refuse_rewriting"}


def test_versions_follow_a_changed_table(db: None) -> None:
    old = sealed_sample(Hub)
    rows("ALTER TABLE registry_hub ADD COLUMN rank integer NOT NULL DEFAULT 3")
    rows("ALTER TABLE registry_hub ALTER COLUMN name_it TYPE varchar(300)")
    rows("ALTER TABLE registry_hub DROP COLUMN source")
    with connection.cursor() as cursor:
        follow(cursor, "registry_hub", is_tracked=True)
    of_view = "SELECT attname FROM pg_attribute WHERE attrelid = 'known.registry_hub'::regclass ORDER BY attnum"
    assert {"rank", "name_it", "source"} & {row["attname"] for row in rows(of_view)} == {"rank", "name_it"}
    rows("UPDATE registry_hub SET name_it = %s WHERE id = %s", "x" * 300, old.pk)
    seal()
    found = rows(
        "SELECT rank, length(name_it) AS length, source FROM history.registry_hub WHERE id = %s ORDER BY recorded",
        old.pk,
    )
    assert found == [{"rank": 3, "length": 0, "source": ""}, {"rank": 3, "length": 300, "source": None}]
