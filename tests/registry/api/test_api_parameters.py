"""What comes in by the query string: the rows of the table of silent wrong answers, and of server errors."""

import datetime
from urllib.parse import quote

import pytest
from django.test import Client

from registry.models import District, User, Zone

pytestmark = pytest.mark.django_db

REFUSED = [
    ("distrct=500103", "distrct", "unknown_parameter", "district"),
    ("District=500103", "District", "unknown_parameter", "district"),
    ("name__icontains=x", "name__icontains", "unknown_parameter", None),
    ("=x", "", "unknown_parameter", None),
    ("fields=usernam", "fields", "unknown_member", "username"),
    ("expand=username", "expand", "unknown_parameter", "explain"),
    ("format=json", "format", "unknown_parameter", None),
    ("page=2", "page", "unknown_parameter", None),
    ("_=1", "_", "unknown_parameter", None),
    ("ＬＩＭＩＴ=5", "ＬＩＭＩＴ", "unknown_parameter", "limit"),
    ("a%00b=1", "a\\u0000b", "unknown_parameter", None),
    ("active=true&active=true", "active", "repeated_parameter", None),
    ("role=staff&role=registrar", "role", "repeated_parameter", None),
    ("active=", "active", "empty_parameter", None),
    ("q=%20%20", "q", "empty_parameter", None),
    ("q=%E2%80%8B", "q", "empty_parameter", None),  # a zero-width space
    ("q", "q", "empty_parameter", None),
    ("active=maybe", "active", "not_a_boolean", None),
    ("active=True", "active", "not_a_boolean", "true"),
    ("active=1", "active", "not_a_boolean", None),
    ("role=staf", "role", "unknown_choice", "staff"),
    ("role=staff,,registrar", "role", "empty_value", None),
    ("role=staff,staff", "role", "repeated_value", None),
    ("mood=glad,sad", "mood", "unknown_choice", "glad"),
    ("role=" + ",".join(f"r{i}" for i in range(101)), "role", "too_many_values", None),
    ("order=zzz", "order", "unknown_order", None),
    ("order=nam", "order", "unknown_order", "name"),
    ("order=-nam", "order", "unknown_order", "-name"),
    ("order=name,id", "order", "unknown_order", "name"),
    ("order=password", "order", "unknown_order", None),
    ("order=distance", "order", "order_needs", "near"),
    ("limit=abc", "limit", "not_a_number", None),
    ("limit=-5", "limit", "out_of_range", None),
    ("limit=0", "limit", "out_of_range", None),
    ("limit=501", "limit", "out_of_range", None),
    ("limit=1000000000", "limit", "out_of_range", None),
    (f"limit={10**20}", "limit", "not_a_number", None),
    ("limit=%EF%BC%91%EF%BC%90", "limit", "not_a_number", None),  # full-width 10
    ("limit=010", "limit", "not_a_number", None),
    ("limit=-0", "limit", "not_a_number", None),
    ("amount=01.5", "amount", "not_a_number", None),
    ("limit=1e1", "limit", "not_a_number", None),
    ("limit=%2B5", "limit", "not_a_number", None),
    ("amount=1e-1000000", "amount", "not_a_number", None),
    ("amount=-1e1000000", "amount", "not_a_number", None),
    ("amount=NaN", "amount", "not_a_number", None),
    ("amount=10.01", "amount", "out_of_range", None),
    ("valid_on=yesterday", "valid_on", "not_a_day", None),
    ("valid_on=0000-01-01", "valid_on", "not_a_day", None),
    ("valid_on=0001-01-01", "valid_on", "not_a_day", None),
    ("valid_on=10000-01-01", "valid_on", "not_a_day", None),
    ("valid_on=2025-02-29", "valid_on", "not_a_day", None),
    ("valid_on=20250228", "valid_on", "not_a_day", None),
    ("joined_to=2025-13-01", "joined_to", "not_a_day", None),
    ("updated_since=0001-01-01T00:00:00Z", "updated_since", "out_of_range", None),
    ("updated_since=2025-01-01T00:00:00%2B23:59", "updated_since", "out_of_range", None),
    ("updated_since=2025-01-01T00:00:00%2B24:00", "updated_since", "not_a_moment", None),
    ("updated_since=2025-01-01T00:00:00", "updated_since", "not_a_moment", None),
    ("updated_since=2025-01-01T00:00:00+08:00", "updated_since", "not_a_moment", None),  # + is a blank
    ("known_at=2025-01-01T00:00:00", "known_at", "not_a_moment", None),
    ("known_at=2025-01-01", "known_at", "not_a_moment", "2025-01-01T15:59:59Z"),
    ("known_at=2150-01-01T00:00:00Z", "known_at", "not_yet_known", None),
    ("near=29.5,106.5", "near", "not_a_place", None),
    ("near=91,106.5,3", "near", "out_of_range", None),
    ("near=29.5,106.5,0", "near", "out_of_range", None),
    ("near=nan,106.5,3", "near", "not_a_number", None),
    ("count=yes", "count", "unknown_choice", None),
    ("lang=fr", "lang", "unknown_choice", None),
    ("q=a%00b", "q", "bad_character", None),
    ("q=%ED%A0%80", "q", "bad_character", None),  # half of a surrogate pair
    ("q=" + "x" * 2001, "q", "too_long", None),
    ("q=" + "x" * 201, "q", "too_long", None),
    ("q=" + "a+" * 99, "q", "too_many_words", None),
    ("cursor=zzz", "cursor", "bad_cursor", None),
    ("cursor=%00", "cursor", "bad_character", None),
    (f"cursor={10**20}", "cursor", "bad_cursor", None),
]


@pytest.mark.parametrize(("query", "name", "code", "nearest"), REFUSED, ids=[row[0][:40] for row in REFUSED])
def test_what_cannot_be_read_is_refused_by_name(
    throwaway: Client, query: str, name: str, code: str, nearest: object
) -> None:
    response = throwaway.get(f"/api/v1/people/?{query}", headers={"Accept-Language": "en"})
    assert response.status_code == 400, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    (mistake,) = response.json()["errors"]
    assert (mistake["parameter"], mistake["code"]) == (name, code)
    if nearest is ...:
        assert mistake["nearest"]
    else:
        assert mistake.get("nearest") == nearest
    assert name.strip() in response.json()["detail"]


def test_every_mistake_is_named_at_once(throwaway: Client) -> None:
    problem = throwaway.get("/api/v1/people/?distrct=1&limit=abc&active=").json()
    assert [mistake["parameter"] for mistake in problem["errors"]] == ["distrct", "active", "limit"]


def test_a_detail_refuses_parameters_too(throwaway: Client) -> None:
    User.objects.create(username="ada")
    for query in ("limit=5", "valid_on=zzz", "known_at=2150-01-01T00:00:00Z", "x=1"):
        assert throwaway.get(f"/api/v1/people/ada/?{query}").status_code == 400, query
    assert throwaway.head("/api/v1/people/?x=1").status_code == 400
    assert throwaway.options("/api/v1/people/?x=1").status_code == 400


def names(client: Client, query: str) -> set[str]:
    response = client.get(f"/api/v1/people/?{query}")
    assert response.status_code == 200, response.content
    return {person["username"] for person in response.json()["data"]}


def test_filters_keep_and_drop(throwaway: Client) -> None:
    User.objects.create(username="ada, countess", role="registrar", is_active=False)
    User.objects.create(username="bob", last_login=datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC))
    assert names(throwaway, "active=false") == {"ada, countess"}
    assert names(throwaway, "active=true") == {"bob"}
    assert names(throwaway, "role=staff,registrar") == {"ada, countess", "bob"}
    assert names(throwaway, "role=staff") == {"bob"}
    assert names(throwaway, "q=" + quote("a, c")) == {"ada, countess"}
    assert names(throwaway, "joined_to=2020-01-01") == set()
    assert names(throwaway, "updated_since=2025-01-01T08:00:00%2B08:00") == {"bob"}
    assert names(throwaway, "updated_since=2025-01-01T00:00:00.000001Z") == set()


@pytest.fixture
def districts() -> None:
    zone = Zone.objects.create(code="test-zone", name_zh="测试")
    day = datetime.date(2016, 6, 8)
    heir = District.objects.create(code="XTEST155", name_zh="甲区", zone=zone, valid_from=day)
    District.objects.create(code="XTEST155", name_zh="古区", zone=zone, valid_until=datetime.date(2000, 1, 1))
    District.objects.create(code="XTEST228", name_zh="甲县", zone=zone, valid_until=day, successor=heir)


@pytest.mark.usefixtures("districts")
def test_codes_are_taken_on_their_days(throwaway: Client) -> None:
    User.objects.create(username="of-XTEST155")
    User.objects.create(username="of-XTEST228")
    assert names(throwaway, "district=XTEST155") == {"of-XTEST155"}
    assert names(throwaway, "district=XTEST155&valid_on=2016-06-08") == {"of-XTEST155"}
    assert names(throwaway, "district=XTEST228&valid_on=2016-06-07") == {"of-XTEST228"}
    assert names(throwaway, "district=XTEST155,XTEST228&valid_on=1999-12-31") == {"of-XTEST155", "of-XTEST228"}


@pytest.mark.usefixtures("districts")
@pytest.mark.parametrize(
    ("query", "code", "nearest"),
    [
        ("district=XTEST229", "unknown_code", "XTEST228"),
        ("district=XTEST155,xtest155", "unknown_code", "XTEST155"),
        ("district=XTEST228", "code_not_in_force", "XTEST155"),
        ("district=XTEST228&valid_on=2016-06-08", "code_not_in_force", "XTEST155"),
        ("district=XTEST155&valid_on=2010-01-01", "code_not_in_force", None),
    ],
)
def test_a_code_that_does_not_hold_on_the_day_is_refused(
    throwaway: Client, query: str, code: str, nearest: str | None
) -> None:
    response = throwaway.get(f"/api/v1/people/?{query}&lang=en")
    assert response.status_code == 400
    (mistake,) = response.json()["errors"]
    assert (mistake["parameter"], mistake["code"], mistake.get("nearest")) == ("district", code, nearest)
    assert nearest is None or nearest in mistake["detail"]
