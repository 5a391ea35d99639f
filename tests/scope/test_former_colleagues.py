"""Who left an incubator and works elsewhere is out of its manager's sight; one without work can be given work again."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from incubators.models import Incubator, StaffMembership
from registry.days import today
from registry.models import Role, User
from tests.companies.admin_forms import added, as_shown, errors_of
from tests.scope.cast import SINCE, World, as_, person

SUGGESTIONS = "/admin/autocomplete/?app_label=incubators&model_name=staffmembership&field_name=user&term=zhou"
LIST = "/admin/registry/user/"


def colleague(cast: World, *, elsewhere: bool, ended: bool = True) -> User:
    """Zhou, who worked for A until last week, or still does; `elsewhere`: and for B since."""
    zhou, last_week = person("zhou.colleague"), today() - datetime.timedelta(days=7)
    StaffMembership.objects.create(
        user=zhou, incubator=cast.a.host, valid_from=SINCE, valid_until=last_week if ended else None
    )
    if elsewhere:
        StaffMembership.objects.create(user=zhou, incubator=cast.b.host, valid_from=last_week)
    User.objects.filter(pk=zhou.pk).update(email="zhou@x.example")
    return zhou


def page_of(row: User | Incubator) -> str:
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


def places_that_tell(client: Client, cast: World, zhou: User) -> set[str]:
    addresses = {"list": LIST, "page": page_of(zhou), "suggestions": SUGGESTIONS, "host": page_of(cast.a.host)}
    return {place for place, address in addresses.items() if "zhou.colleague" in client.get(address).content.decode()}


def test_who_works_elsewhere_now_is_out_of_sight(cast: World) -> None:
    zhou = colleague(cast, elsewhere=True)
    assert places_that_tell(as_(cast, "manager_a"), cast, zhou) == set()
    assert places_that_tell(as_(cast, "registrar"), cast, zhou) == {"list", "page", "suggestions", "host"}
    StaffMembership.objects.create(
        user=cast.people["stranger"], incubator=cast.b.host, role="manager", valid_from=SINCE
    )
    assert {"list", "page"} <= places_that_tell(as_(cast, "stranger"), cast, zhou)


def test_another_role_is_other_work(cast: World) -> None:
    zhou = colleague(cast, elsewhere=False)
    User.objects.filter(pk=zhou.pk).update(role=Role.AUDITOR)
    assert places_that_tell(as_(cast, "manager_a"), cast, zhou) == set()


def test_a_former_colleague_takes_no_column_from_the_others(cast: World) -> None:
    colleague(cast, elsewhere=True)
    client, address = as_(cast, "manager_a"), page_of(cast.a.host)
    own = cast.a.of(User)[0]
    sent = as_shown(client.get(address))
    assert str(own.pk) in {value for name, value in sent.items() if name.endswith("-user")}
    sent = added(sent, "memberships", user=cast.people["manager_a"].pk, role="editor", valid_from="2021-01-01")
    sent |= {f"memberships-{int(sent['memberships-TOTAL_FORMS']) - 1}-valid_until": "2021-12-31"}
    answer = client.post(address, sent)
    assert answer.status_code == 302, errors_of(answer)
    assert StaffMembership.objects.filter(incubator=cast.a.host, user__username="zhou.colleague").count() == 1


def test_who_works_nowhere_is_given_work_again(cast: World) -> None:
    zhou = colleague(cast, elsewhere=False)
    client = as_(cast, "manager_a")
    assert places_that_tell(client, cast, zhou) == {"list", "page", "suggestions", "host"}
    sent = as_shown(client.get(page_of(zhou)))
    sent = added(sent, "memberships", incubator=cast.a.host.pk, role="editor", valid_from=today().isoformat())
    answer = client.post(page_of(zhou), sent)
    assert answer.status_code == 302, errors_of(answer)
    assert StaffMembership.objects.on(today()).filter(user=zhou, incubator=cast.a.host).exists()


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_manager_ends_the_work_of_one_who_then_is_out_of_sight(cast: World, elsewhere: bool) -> None:
    zhou = colleague(cast, elsewhere=elsewhere, ended=False)
    client, address = as_(cast, "manager_a"), page_of(cast.a.host)
    sent = as_shown(client.get(address))
    [row] = [
        name.removesuffix("-user") for name, value in sent.items() if name.endswith("-user") and value == str(zhou.pk)
    ]
    answer = client.post(address, sent | {f"{row}-valid_until": (today() - datetime.timedelta(days=1)).isoformat()})
    assert answer.status_code == 302, errors_of(answer)
    assert ("list" in places_that_tell(client, cast, zhou)) is not elsewhere
