"""The scope matrix of writing: whatever is sent, rows of incubator B stay as they are, and A's stay A's."""

import datetime
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.urls import reverse

from companies.models import AnnualReport, Company, CompanyName, Residency, Seat
from incubators.models import Incubator, StaffMembership
from registry.credit_code import complete
from registry.days import today
from registry.models import Hub, Role, User
from tests.companies.admin_forms import added, as_shown, errors_of
from tests.samples import saved
from tests.scope.cast import World, as_, digest, person
from tests.scope.crawl import name_of

WRITERS = ("manager_a", "editor_a", "former_b", "auditor")


def page(model: Any, name: str, *arguments: object) -> str:
    return reverse(f"{name_of(model)}_{name}", args=arguments)


def own_admins(rows: list[Any]) -> list[Any]:
    return [row for row in rows if type(row) in admin.site._registry]


def forms_of_b(cast: World) -> dict[Any, dict[str, Any]]:
    client = as_(cast, "registrar")
    return {row: as_shown(client.get(page(type(row), "change", row.pk))) for row in own_admins(cast.b.rows)}


def everything(*left_out: str) -> dict[str, str]:
    """The digest of every table but the named ones and what belongs to the session."""
    left = {"django_session", "registry_personaldatareading", "django_content_type", *left_out}
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'history')")
        for schema, table in cursor.fetchall():
            if table not in left:
                cursor.execute(f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM {schema}."{table}" t')
                [found[f"{schema}.{table}"]] = cursor.fetchone() or [""]
    return found


# --- Rows of another incubator
@pytest.mark.parametrize("name", WRITERS)
def test_nothing_that_is_sent_changes_deletes_or_adds_to_another_incubator(cast: World, name: str) -> None:
    forms, before, client = forms_of_b(cast), everything(), as_(cast, name)
    for row, sent in forms.items():
        model = type(row)
        changed = sent | {"change_reason": "mine", "internal_notes": "mine", "contact_name": "mine", "number": "mine"}
        attempts = (
            (page(model, "change", row.pk), changed),
            (page(model, "change", row.pk), changed | {"_saveasnew": "1"}),
            (page(model, "delete", row.pk), {"post": "yes"}),
            (page(model, "changelist"), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}),
            (
                page(model, "changelist"),
                {"action": "delete_selected", "select_across": "1", "_selected_action": [row.pk]},
            ),
        )
        for address, body in attempts:
            assert client.post(address, body).status_code in (200, 302, 403, 404), address
        if model is User:
            client.post(reverse("admin:registry_user_one_time_password", args=[row.pk]))
    assert everything() == before


@pytest.mark.parametrize("name", ["manager_a", "editor_a"])
def test_no_new_fact_is_hung_on_another_incubators_firm_or_host(cast: World, name: str) -> None:
    """Forms of A's own rows, with the keys of B put in."""
    before, b = digest(cast.b.rows), cast.b
    counts = {model: model._base_manager.count() for model in {type(row) for row in cast.a.rows}}
    keys = {"company": b.firm.pk, "incubator": b.host.pk}
    registrar, client = as_(cast, "registrar"), as_(cast, name)
    for row in own_admins(cast.a.rows):
        sent = as_shown(registrar.get(page(type(row), "change", row.pk)))
        foreign = {key: value for key, value in keys.items() if key in sent}
        foreign |= {
            key: keys[end] for key in sent for end in keys if key.endswith(f"-{end}") and "__prefix__" not in key
        }
        for address in (page(type(row), "change", row.pk), page(type(row), "add")):
            if foreign:
                assert client.post(address, sent | foreign).status_code in (200, 403), (address, foreign)
    assert digest(b.rows) == before
    assert {model: model._base_manager.count() for model in counts} == counts
    for row in cast.a.rows:
        assert digest([row]) == digest([type(row)._base_manager.get(pk=row.pk)])
    assert not Residency.objects.filter(company=b.firm, incubator=cast.a.host).exists()
    assert not Residency.objects.filter(company=cast.a.firm, incubator=b.host).exists()


@pytest.mark.parametrize("prefix", ["seats", "certifications", "residencies", "names", "reports"])
def test_a_row_of_another_firm_put_into_the_own_firms_page_is_not_touched(cast: World, prefix: str) -> None:
    client = as_(cast, "editor_a")
    address = page(Company, "change", cast.a.firm.pk)
    sent = as_shown(client.get(address))
    model = {"seats": Seat, "names": CompanyName, "residencies": Residency}.get(prefix)
    theirs = (
        cast.b.of(model)[0]
        if model
        else next(
            row
            for row in cast.b.rows
            if type(row).__name__ == {"certifications": "Certification"}.get(prefix, "AnnualReport")
        )
    )
    if f"{prefix}-0-id" not in sent:
        prefix = next(key.removesuffix("-0-id") for key in sent if key.endswith("-0-id") and prefix[:5] in key)
    before = digest([theirs])
    for more in ({}, {f"{prefix}-0-DELETE": "on"}):
        client.post(address, sent | {f"{prefix}-0-id": theirs.pk} | more)
    assert digest([theirs]) == before


# --- What leaves
def test_a_firm_is_entered_with_a_stay_and_not_without_one(cast: World) -> None:
    client, code = as_(cast, "editor_a"), complete("91500000", "MA5U7771")
    sent = as_shown(client.get(page(Company, "add"))) | {"uscc": code, "is_published": "on"}
    sent |= {"names-0-name_zh": "重庆新办软件有限公司", "names-0-valid_from": "2026-01-01"}
    assert "would not belong to your incubator" in errors_of(client.post(page(Company, "add"), sent))
    assert not Company.objects.filter(uscc=code).exists()
    theirs = added(sent, "residencies", incubator=cast.b.host.pk, entered_on="2026-01-01")
    assert client.post(page(Company, "add"), theirs).status_code == 200
    assert not Company.objects.filter(uscc=code).exists()
    mine = added(sent, "residencies", incubator=cast.a.host.pk, entered_on="2026-01-01")
    answer = client.post(page(Company, "add"), mine)
    assert answer.status_code == 302, errors_of(answer)
    assert Company.objects.get(uscc=code).residencies.get().incubator == cast.a.host


def test_a_stay_may_be_ended_and_a_firm_graduated_however_long_ago(cast: World) -> None:
    client, stay = as_(cast, "editor_a"), cast.a.of(Residency)[0]
    address = page(Residency, "change", stay.pk)
    sent = as_shown(client.get(address)) | {"left_on": "2025-01-01", "outcome": "graduated", "ground": "revenue"}
    assert client.post(address, sent).status_code == 302
    stay.refresh_from_db()
    assert stay.outcome == "graduated"
    assert client.post(address, as_shown(as_(cast, "registrar").get(address)) | {"left_on": ""}).status_code == 403
    assert client.get(page(Company, "change", stay.company_id)).status_code == 200  # stays readable


def test_a_stay_is_neither_deleted_nor_given_to_another_host(cast: World) -> None:
    stay, client = cast.a.of(Residency)[0], as_(cast, "editor_a")
    before = digest([stay])
    client.post(page(Residency, "delete", stay.pk), {"post": "yes"})
    client.post(
        page(Residency, "changelist"), {"action": "delete_selected", "_selected_action": [stay.pk], "post": "yes"}
    )
    firm = page(Company, "change", stay.company_id)
    for change in ({"residencies-0-DELETE": "on"}, {"residencies-0-incubator": cast.b.host.pk}):
        client.post(firm, as_shown(client.get(firm)) | change)
    assert digest([stay]) == before


def test_firms_are_deleted_by_registrars_alone(cast: World) -> None:
    address = page(Company, "delete", cast.a.firm.pk)
    assert as_(cast, "registrar").get(address).status_code == 200
    for name in ("editor_a", "manager_a"):
        assert as_(cast, name).get(address).status_code == 403
        assert as_(cast, name).post(address, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(("days", "may_write"), [(0, True), (89, True), (90, False), (400, False)])
def test_a_firm_that_left_is_writable_for_ninety_days_and_readable_after(
    cast: World, days: int, may_write: bool
) -> None:
    stay, client = cast.a.of(Residency)[0], as_(cast, "editor_a")
    Residency.objects.filter(pk=stay.pk).update(left_on=today() - datetime.timedelta(days=days))
    address = page(Company, "change", stay.company_id)
    sent = as_shown(as_(cast, "registrar").get(address)) | {"website": "https://late.example/"}
    assert client.get(address).status_code == 200
    assert client.post(address, sent).status_code == (302 if may_write else 403)
    assert Company.objects.filter(pk=stay.company_id, website="https://late.example/").exists() is may_write


def test_an_old_stay_on_a_firms_page_is_shown_and_not_changed(cast: World) -> None:
    """The firm came back: its first stay, long over, is no longer the incubator's to rewrite."""
    firm, client = cast.a.firm, as_(cast, "editor_a")
    Residency.objects.filter(company=firm).update(entered_on="2020-01-01", left_on="2021-01-01")
    Residency.objects.create(company=firm, incubator=cast.a.host, entered_on="2025-01-01")
    address = page(Company, "change", firm.pk)
    sent = as_shown(client.get(address))
    answer = client.post(address, sent | {"residencies-0-left_on": "2022-01-01", "residencies-0-DELETE": "on"})
    assert answer.status_code == 302
    assert [str(day) for day in firm.residencies.values_list("left_on", flat=True)] == ["2021-01-01", "None"]


def test_cells_of_a_list_are_written_for_own_firms_alone(cast: World) -> None:
    """A firm that left long ago stays in the list, its cells closed; one of B is not even found."""
    client, (old, own) = as_(cast, "editor_a"), cast.a.of(Company)
    Residency.objects.filter(company=old).update(left_on="2024-06-01")
    address = page(Company, "changelist")
    formset = client.get(address).context["cl"].formset
    closed = {form.instance.pk: form.fields["hub"].disabled for form in formset.forms}
    assert closed == {old.pk: True, own.pk: False}
    hub = saved(Hub)
    tokens = {form.instance.pk: form["made_from"].value() for form in formset.forms}
    before = digest([old, cast.b.firm])
    for pk in (old.pk, own.pk, cast.b.firm.pk):
        row = {"form-0-id": pk, "form-0-hub": hub.pk, "form-0-is_published": "on"}
        row |= {"form-0-made_from": tokens.get(pk, tokens[own.pk]), "form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1}
        client.post(address, row | {"_save": "1"})
    assert digest([old, cast.b.firm]) == before
    assert Company.objects.get(pk=own.pk).hub == hub
    assert as_(cast, "auditor").get(address).context["cl"].formset is None


def test_a_collision_names_no_person_and_no_row_of_another_incubator(cast: World) -> None:
    """B's editor changed a firm of A while it was B's: that of A reads of the kind of person only."""
    firm = cast.a.firm
    Residency.objects.filter(company=firm).update(left_on=today())
    Residency.objects.create(company=firm, incubator=cast.b.host, entered_on=today())
    client, address = as_(cast, "editor_a"), page(Company, "change", firm.pk)
    sent = as_shown(client.get(address))
    heir = cast.b.of(Company)[1]
    theirs = as_(cast, "editor_b")
    answer = theirs.post(address, as_shown(theirs.get(address)) | {"website": "https://b.example/"})
    assert answer.status_code == 302, errors_of(answer)
    Company.objects.filter(pk=firm.pk).update(successor=heir, dissolved_on="2025-01-01")
    told = client.post(address, sent | {"website": "https://a.example/"}).content.decode()
    assert "https://b.example/" in told and "another incubator" in told
    assert "editor_b" not in told and heir.uscc not in told
    assert Company.objects.get(pk=firm.pk).successor == heir


# --- What survives
def test_a_value_that_may_not_be_seen_survives_a_save(cast: World) -> None:
    heir, firm = cast.b.of(Company)[1], cast.a.firm
    Company.objects.filter(pk=firm.pk).update(successor=heir, dissolved_on="2025-01-01")
    client, address = as_(cast, "editor_a"), page(Company, "change", firm.pk)
    sent = as_shown(client.get(address))
    assert "successor" not in sent
    assert client.post(address, sent | {"website": "https://x.example/", "successor": ""}).status_code == 302
    firm.refresh_from_db()
    assert (firm.successor, firm.website) == (heir, "https://x.example/")


@pytest.mark.parametrize("name", ["registrar", "manager_a", "editor_a"])
def test_a_save_without_a_change_leaves_the_database_as_it_was(cast: World, name: str) -> None:
    client, before, saved = as_(cast, name), everything(), 0
    for row in own_admins([*cast.a.rows, *(cast.b.rows if name == "registrar" else [])]):
        address = page(type(row), "change", row.pk)
        answer = client.get(address)
        if answer.status_code == 200 and answer.context["has_change_permission"]:
            posted = client.post(address, as_shown(answer))
            assert posted.status_code == 302, (address, errors_of(posted))
            saved += 1
    assert saved >= 8
    assert everything() == before


def test_staff_change_their_own(cast: World) -> None:
    """The positive control of writing."""
    client, firm = as_(cast, "editor_a"), cast.a.firm
    address = page(Company, "change", firm.pk)
    sent = as_shown(client.get(address)) | {"website": "https://mine.example/"}
    sent = added(sent, next(key for key in sent if "report" in key).split("-")[0], year="2025", jobs="7")
    answer = client.post(address, sent)
    assert answer.status_code == 302, errors_of(answer)
    firm.refresh_from_db()
    assert firm.website == "https://mine.example/"
    assert AnnualReport.objects.filter(company=firm, year=2025, jobs=7).exists()


def test_staff_do_not_write_what_only_registrars_do(cast: World) -> None:
    client, before = as_(cast, "manager_a"), everything()
    for row in cast.a.of(Incubator):
        sent = as_shown(as_(cast, "registrar").get(page(Incubator, "change", row.pk)))
        answer = client.post(
            page(Incubator, "change", row.pk), sent | {"code": "other", "is_invented": "on", "mark": "V"}
        )
        assert answer.status_code == 302, errors_of(answer)
    for label in ("registry_district", "registry_hub", "companies_certificationkind"):
        assert client.get(reverse(f"admin:{label}_add")).status_code == 403
    assert everything() == before


# --- Accounts
def test_a_manager_makes_and_ends_accounts_of_the_own_incubator(cast: World) -> None:
    client = as_(cast, "manager_a")
    sent = as_shown(client.get(page(User, "add"))) | {"username": "newcomer", "last_name": "陈"}
    refused = client.post(page(User, "add"), sent)
    assert "incubator" in str(refused.context["errors"])
    for host, made in ((cast.b.host, False), (cast.a.host, True)):
        mine = {
            "memberships-0-incubator": host.pk,
            "memberships-0-role": "editor",
            "memberships-0-valid_from": "2026-01-01",
        }
        answer = client.post(page(User, "add"), sent | mine | {"role": "registrar", "is_superuser": "on"})
        assert answer.status_code == 200
        assert User.objects.filter(username="newcomer").exists() is made
    newcomer = User.objects.get(username="newcomer")
    assert (newcomer.role, newcomer.is_superuser, newcomer.must_change_password) == (Role.STAFF, False, True)
    change = page(User, "change", newcomer.pk)
    sent = as_shown(client.get(change))
    sent.pop("is_active")
    answer = client.post(change, sent)
    assert answer.status_code == 302, errors_of(answer)
    assert not User.objects.get(pk=newcomer.pk).is_active


def test_a_manager_takes_over_no_account_that_is_not_theirs_alone(cast: World) -> None:
    """One who works for both, a registrar with a membership, and one of B: read at most, and never reset."""
    both, above = person("both"), person("above", Role.REGISTRAR)
    for user, host in ((both, cast.a.host), (both, cast.b.host), (above, cast.a.host)):
        StaffMembership.objects.create(user=user, incubator=host, valid_from="2026-01-01")
    client = as_(cast, "manager_a")
    for user in (both, above, cast.people["editor_b"]):
        before = digest([user])
        assert client.post(reverse("admin:registry_user_one_time_password", args=[user.pk])).status_code in (
            302,
            403,
            404,
        )
        assert client.post(page(User, "change", user.pk), {"username": "taken"}).status_code in (302, 403, 404)
        assert digest([user]) == before
    # Nor is a person of B hired by putting the key into a form.
    address = page(Incubator, "change", cast.a.host.pk)
    sent = as_shown(client.get(address))
    sent = added(sent, "memberships", user=cast.people["editor_b"].pk, role="editor", valid_from="2026-01-01")
    assert client.post(address, sent).status_code == 200
    assert not StaffMembership.objects.filter(user=cast.people["editor_b"], incubator=cast.a.host).exists()


def test_an_editor_manages_nobody(cast: World) -> None:
    client = as_(cast, "editor_a")
    for address in (page(User, "changelist"), page(User, "add")):
        assert client.get(address).status_code == 403
    own = cast.a.of(User)[0]
    assert client.post(reverse("admin:registry_user_one_time_password", args=[own.pk])).status_code in (302, 403, 404)
    assert not User.objects.get(pk=own.pk).must_change_password
