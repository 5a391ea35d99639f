"""Two incubators with the same things, one row of every model each, and the people of every role.

Every text of incubator B sings: `canaryB` in public fields, `hiddenB` in all others; its draft `draftB` in both.
"""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.test import Client

from companies.models import Company, CompanyName, Financing, Upload
from incubators.models import Incubator, KeyGrant, StaffMembership
from registry import scope
from registry.access import FieldClass, field_class
from registry.history import acting
from registry.models import PartnerKey, Role, User
from registry.scope import declared_places
from tests.samples import saved

CANARY, HIDDEN, DRAFT = "canaryB", "hiddenB", "draftB"
SINCE = datetime.date(2024, 3, 1)
LOUD = {True: (CANARY, CANARY), False: (DRAFT, DRAFT)}


def scoped_models() -> list[type[models.Model]]:
    """The models whose rows belong to incubators."""
    return [model for model, place in declared_places().items() if place.incubator is not scope.NO_INCUBATOR]


@dataclass
class House:
    """One incubator with its rows, by model."""

    host: Incubator
    rows: list[models.Model] = field(default_factory=list)

    def of(self, model: type[models.Model]) -> list[Any]:
        return [row for row in self.rows if type(row) is model]

    @property
    def firm(self) -> Company:
        firm: Company = self.of(Company)[0]
        return firm


def build(word: str) -> House:
    """An incubator with a person, a published firm, a draft, and one fact of every kind for each firm."""
    person = saved(User, username=f"person-{word}", is_staff=True)
    house = House(saved(Incubator, name_zh=f"{word}孵化器"))
    key = saved(PartnerKey)
    house.rows += [house.host, person, key, saved(KeyGrant, key=key, incubator=house.host)]
    for is_published in (True, False):
        firm = saved(Company, is_published=is_published)
        owners = {"company": firm, "incubator": house.host, "user": person, "key": key}
        owners["financing"] = saved(Financing, company=firm)
        owners["upload"] = saved(Upload, user=person, incubator=house.host)
        house.rows += [firm, owners["financing"], owners["upload"]]
        for model in scoped_models():
            keys = {key.name for key in model._meta.concrete_fields if key.is_relation} & owners.keys()
            is_of_host = "incubator" in keys and "company" not in keys
            if keys and model not in (Financing, Upload, KeyGrant) and (is_published or not is_of_host):
                house.rows.append(saved(model, **{key: owners[key] for key in keys}))
    return house


def sing(house: House) -> None:
    """The words into every text that the database lets be changed alone."""
    for row in house.rows:
        is_public_firm = bool(getattr(_firm_of(row), "is_published", True))
        for column in row._meta.concrete_fields:
            is_text = isinstance(column, models.CharField | models.TextField)
            if is_text and not column.choices and column.name not in ("keys_of", "pinyin", "initials", "password"):
                is_public = field_class(type(row), column.name) is FieldClass.PUBLIC
                _write(row, column, DRAFT if not is_public_firm else CANARY if is_public else HIDDEN)


def _firm_of(row: Any) -> Any:
    if isinstance(row, Company):
        return row
    return getattr(row, "company", None) or getattr(getattr(row, "financing", None), "company", None)


def _write(row: Any, column: Any, word: str) -> None:
    text = f"{word}{row.pk}"[: column.max_length]
    text = f"{text}@x.example" if isinstance(column, models.EmailField) else text
    text = f"https://x.example/{text}" if isinstance(column, models.URLField) else text
    try:
        with transaction.atomic():
            if isinstance(row, CompanyName) and column.name == "name_zh":
                row.name_zh = text
                row.save()
            else:
                type(row)._base_manager.filter(pk=row.pk).update(**{column.name: text})
    except IntegrityError:  # a credit code, say: it is a secret as it is
        return


@dataclass
class World:
    a: House
    b: House
    people: dict[str, User]

    def secrets(self, *, public: bool) -> list[str]:
        """What nobody of A may read; with `public`, also what everybody reads outside the admin."""
        codes = {firm.is_published: firm.uscc for firm in self.b.of(Company)}
        hidden = [HIDDEN, DRAFT, codes[False]]
        return [*hidden, CANARY, codes[True]] if public else hidden


ROLES = {
    "manager_a": ("manager", "a"),
    "editor_a": ("editor", "a"),
    "former_b": ("editor", "b"),
    "editor_b": ("editor", "b"),
    "stranger": ("", ""),
}


def world() -> World:
    """Committed, in two change-sets: that of B is by its editor, with a reason that sings."""
    people = {name: person(name) for name in ROLES}
    people |= {role.value: person(role.value, role) for role in (Role.REGISTRAR, Role.AUDITOR, Role.ANALYST)}
    with acting(people["registrar"], reason="built"):
        a = build("A")
    with acting(people["editor_b"], reason=f"{HIDDEN} reason"):
        b = build("B")
        sing(b)
    for name, (role, letter) in ROLES.items():
        if role:
            until = SINCE + datetime.timedelta(days=300) if name.startswith("former") else None
            work = {"user": people[name], "incubator": {"a": a, "b": b}[letter].host, "role": role}
            StaffMembership.objects.create(**work, valid_from=SINCE, valid_until=until)
    for row in (*a.rows, *b.rows):
        row.refresh_from_db()
    return World(a, b, people)


def person(name: str, role: Role = Role.STAFF) -> User:
    user: User = User.objects.create_user(name, password="correct-horse-battery", role=role, is_staff=True)
    return user


def digest(rows: list[models.Model]) -> dict[str, str | None]:
    """Every column of each row as the database holds it; None for one that is gone."""
    found = {}
    with connection.cursor() as cursor:
        for row in rows:
            table = connection.ops.quote_name(row._meta.db_table)
            cursor.execute(f"SELECT md5(t::text) FROM {table} t WHERE id = %s", [row.pk])
            answer = cursor.fetchone()
            found[f"{row._meta.label} {row.pk}"] = answer[0] if answer else None
    return found


def as_(cast: World, name: str) -> Client:
    """A browser in which the person is logged in; without the mark of the moment, which digests would see."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=cast.people[name].pk))
    User.objects.filter(pk=cast.people[name].pk).update(last_login=None)
    return client
