"""Nothing that not everyone may read is answered, whichever way the JSON is made, and `manage.py check` names it."""

from typing import Any

import pytest
from django.db.models import CharField, F, OuterRef, Prefetch, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.test import Client
from django.test.utils import override_settings
from django.urls import path
from rest_framework import serializers

from companies.models import Company, CompanyName, Financing
from registry.api.checks import check_compiled
from registry.api.publicity import NotPublic, require_public
from registry.api.selection import Selection
from registry.api.shapes import Shape
from registry.api.views import RegisterListView
from registry.compiled import reading
from registry.resources import CodedSerializer, NameField
from registry.scope import UndeclaredModelError
from tests.api.addresses import answer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

NOTES = "companies.Company.internal_notes, which not everyone may read"
PHONE = "companies.Company.contact_phone, which not everyone may read"


class Shouted(serializers.CharField):
    """Does not compile."""

    def to_representation(self, value: Any) -> str:
        return str(value).upper()


class LeakFirst(serializers.Serializer[Any]):
    notes = serializers.CharField(source="internal_notes")
    website = Shouted()


class LeakLast(serializers.Serializer[Any]):
    website = Shouted()
    notes = serializers.CharField(source="internal_notes")


class LeakByFallback(serializers.Serializer[Any]):
    notes = Shouted(source="internal_notes")
    phone = Shouted(source="contact_phone")


class FirstView(RegisterListView):
    queryset = Company.objects.public()
    serializer_class = LeakFirst


class LastView(RegisterListView):
    queryset = Company.objects.public()
    serializer_class = LeakLast


class FallbackView(RegisterListView):
    queryset = Company.objects.public()
    serializer_class = LeakByFallback


VIEWS = {"first": FirstView, "last": LastView, "fallback": FallbackView}
urlpatterns = [path(f"{name}/", view.as_view()) for name, view in VIEWS.items()]


@override_settings(ROOT_URLCONF="tests.api.test_publicity")
def test_the_check_names_every_leak_wherever_a_field_that_does_not_compile_stands() -> None:
    assert sorted((message.id, message.msg) for message in check_compiled()) == [
        ("registry.E001", f"FallbackView would show {PHONE}."),
        ("registry.E001", f"FallbackView would show {NOTES}."),
        ("registry.E001", f"FirstView would show {NOTES}."),
        ("registry.E001", f"LastView would show {NOTES}."),
    ]


@pytest.mark.parametrize("name", VIEWS)
@override_settings(ROOT_URLCONF="tests.api.test_publicity")
def test_a_leak_is_refused_at_run_time(client: Client, name: str) -> None:
    assert client.get(f"/{name}/?limit=1").status_code == 500
    with pytest.raises(NotPublic, match="internal_notes"):
        reading.compiled(Shape(VIEWS[name].answered, VIEWS[name].serializer_class, Selection(), "zh"))


@override_settings(ROOT_URLCONF="tests.api.test_publicity")
def test_members_that_leak_nothing_are_answered(client: Client) -> None:
    assert list(answer(client, "/first/?limit=1&fields=website")["data"][0]) == ["website"]


class Named(serializers.Serializer[Any]):
    def to_representation(self, instance: Any) -> Any:
        return {"phone": instance.contact_phone}


class Sly(serializers.CharField):
    def get_attribute(self, instance: Any) -> Any:
        return instance.contact_phone


class SlyList(serializers.ListSerializer[Any]):
    def to_representation(self, data: Any) -> Any:
        return [row.company.contact_phone for row in data.all()]


class NameOfFirm(serializers.Serializer[Any]):
    phone = serializers.CharField(source="company.contact_phone")


class OneOfMany(serializers.Serializer[Any]):
    name_zh = serializers.CharField()

    class Meta:
        list_serializer_class = SlyList


def declared(**fields: Any) -> Any:
    return type("Declared", (serializers.Serializer,), fields)()


def firms(**annotations: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = Company.objects.public().annotate(**annotations)
    return rows


FIRMS_OF_FINANCINGS = Financing.objects.published().select_related("company")
PHONES = Subquery(Company.objects.filter(pk=OuterRef("successor")).values("contact_phone"))
LEAKS: dict[str, tuple[Any, Any, str]] = {
    "by a path": (
        lambda: declared(phone=serializers.CharField(source="company.contact_phone")),
        lambda: FIRMS_OF_FINANCINGS,
        PHONE,
    ),
    "by a list": (
        lambda: declared(names=NameOfFirm(many=True)),
        lambda: firms().prefetch_related(Prefetch("names", CompanyName.objects.select_related("company"))),
        PHONE,
    ),
    "by the name of a nameless row": (
        lambda: declared(name=NameField()),
        firms,
        "whatever Declared.name reads, which its source does not tell",
    ),
    "by the serializer of a relation": (
        lambda: declared(company=type(declared(phone=serializers.CharField(source="contact_phone")))()),
        lambda: FIRMS_OF_FINANCINGS,
        PHONE,
    ),
    "by an annotation": (
        lambda: declared(remark=serializers.CharField()),
        lambda: firms(remark=Concat(F("internal_notes"), Value("!"), output_field=CharField())),
        NOTES,
    ),
    "by a subquery": (lambda: declared(phone=serializers.CharField()), lambda: firms(phone=PHONES), PHONE),
    "by a method": (
        lambda: declared(phone=serializers.SerializerMethodField(), get_phone=lambda self, row: row.contact_phone),
        firms,
        "whatever Declared.phone reads, which its source does not tell",
    ),
    "by an attribute that is no column": (
        lambda: declared(text=serializers.CharField(source="__str__")),
        firms,
        "whatever Declared.text reads, which its source does not tell",
    ),
    "by an attribute of an attribute": (
        lambda: declared(text=serializers.CharField(source="website.upper")),
        firms,
        "whatever Declared.text reads, which its source does not tell",
    ),
    "by the text of a relation": (
        lambda: declared(hub=serializers.StringRelatedField()),
        firms,
        "whatever Declared.hub reads, which its source does not tell",
    ),
    "by a field that takes the row": (
        lambda: declared(uscc=Sly()),
        firms,
        "whatever Declared.uscc reads, which its source does not tell",
    ),
    "by a serializer with words of its own": (
        lambda: Named(),
        firms,
        "whatever Named.to_representation reads, which its source does not tell",
    ),
    "by a list with words of its own": (
        lambda: declared(names=OneOfMany(many=True)),
        firms,
        "whatever Declared.names reads, which its source does not tell",
    ),
}


@pytest.mark.parametrize("way", LEAKS)
def test_a_leak_is_found(way: str) -> None:
    serializer, rows, told = LEAKS[way]
    with pytest.raises(NotPublic) as refused:
        require_public(serializer(), rows())
    assert refused.value.args == (told,)


def test_what_everyone_may_read_passes() -> None:
    sound = declared(
        uscc=Shouted(),
        hub=CodedSerializer(),
        industry=serializers.PrimaryKeyRelatedField(read_only=True),
        successor=serializers.IntegerField(source="successor_id"),
        remark=serializers.CharField(),
    )
    require_public(sound, firms(remark=Concat(F("website"), Value("!"), output_field=CharField())))
    require_public(declared(firm=Shouted(source="company.uscc")), CompanyName.objects.all())


class ReportSerializer(serializers.Serializer[Any]):
    year = serializers.IntegerField()


@pytest.mark.parametrize("website", [serializers.CharField, Shouted])
def test_rows_that_nobody_declared_public_are_never_answered(website: Any) -> None:
    fields = {"website": website(), "annual_reports": ReportSerializer(many=True)}
    serializer_class = type("Undeclared", (serializers.Serializer,), fields)
    with pytest.raises(UndeclaredModelError):
        reading.compiled(Shape(lambda day: firms(), serializer_class, Selection(), "zh"))
