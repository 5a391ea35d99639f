"""A small API over people, with every kind of parameter: what the tests of `registry.api` talk to."""

import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, connections
from django.db.models import IntegerField, QuerySet, Value
from django.db.models.functions import Length, NullIf
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularAPIView
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from registry.api import filters, filtersets
from registry.api.paging import Order
from registry.api.views import RegisterDetailView, RegisterListView, RegisterView
from registry.models import District, User
from registry.refusing import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


class PersonSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ("username", "last_login")


class People(filtersets.StrictFilterSet):
    q = filters.TextFilter("Part of the name.", method="named")
    role = filters.ChoicesFilter("Roles.", choices=("registrar", "staff"), field_name="role")
    mood = filters.OneChoiceFilter("A mood.", choices=("glad", "sad"), method="nothing", default="glad")
    active = filters.TrueOrFalseFilter("Whether the person may log in.", field_name="is_active")
    joined_to = filters.DayFilter("Last day.", field_name="date_joined", lookup_expr="date__lte")
    updated_since = filters.MomentFilter("Since.", field_name="last_login", lookup_expr="gte")
    number = filters.WholeNumberFilter("A number.", least=0, most=10, method="nothing")
    amount = filters.DecimalFilter("An amount.", least=Decimal(0), most=Decimal(10), method="nothing")
    near = filters.NearFilter("lat,lng,km.", method="nothing")
    district = filters.CodeListFilter("Codes of districts.", rows=District.objects.all, method="in_district")

    def named(self, queryset: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return queryset.filter(username__icontains=value)

    def nothing(self, queryset: QuerySet[User], name: str, value: Any) -> QuerySet[User]:
        return queryset

    def in_district(self, queryset: QuerySet[User], name: str, value: list[District]) -> QuerySet[User]:
        return queryset.filter(username__in=[f"of-{district.code}" for district in value])


class PeopleList(RegisterListView):
    queryset = User.objects.all()
    serializer_class = PersonSerializer
    filterset_class = People
    orders = (
        Order("id", "pk", is_nullable=False),
        Order("name", "username", is_nullable=False),
        Order("last_login", "last_login"),
        Order("surname_length", "surname_length"),
        Order("first_name", "first_name", is_nullable=False),
        Order("distance", "surname_length", needs="near"),
    )

    def rows(self, day: datetime.date) -> QuerySet[User]:
        length = NullIf(Length("last_name"), Value(0), output_field=IntegerField())
        return User.objects.annotate(surname_length=length)


class PersonDetail(RegisterDetailView):
    queryset = User.objects.all()
    serializer_class = PersonSerializer
    lookup_field = "username"

    def rows(self, day: datetime.date) -> QuerySet[User]:
        return User.objects.annotate(version=Value(7))


class Body(RegisterView):
    schema = None
    http_method_names = ["post"]  # noqa: RUF012

    def check_permissions(self, request: Request) -> None:
        """Anybody."""

    def post(self, request: Request) -> Response:
        return Response({"read": request.data})


class Broken(RegisterView):
    schema = None

    def get(self, request: Request, how: str) -> Response:
        break_down(how)
        raise AssertionError


def page(request: HttpRequest, how: str) -> HttpResponse:
    """A page that is none of the API's, such as the admin's."""
    break_down(how)
    raise AssertionError


@csrf_exempt
def plain(request: HttpRequest) -> HttpResponse:
    """A view under /api/ that is none of DRF's."""
    return HttpResponse(request.body)


def break_down(how: str) -> None:
    if how == "secret":
        raise RuntimeError("a secret of the server")
    if how == "throttled":
        raise Throttled(wait=30)
    if how == "away":
        absent = connections.create_connection("default")
        absent.settings_dict = absent.settings_dict | {"HOST": "/nowhere", "OPTIONS": {}}
        absent.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10ms'")
        cursor.execute("SELECT pg_sleep(5)")


def needs_the_database(get_response: Any) -> Any:
    """A middleware that meets an absent database, as the session's does."""

    def answer(request: HttpRequest) -> HttpResponse:
        break_down("away")
        raise AssertionError

    return answer


class Form(RegisterView):
    """A view whose serializer refuses."""

    schema = None

    def get(self, request: Request) -> Response:
        raise serializers.ValidationError({"stays": [{}, {"a/b": ["Too late."]}], "non_field_errors": ["Not both."]})


class Schema(SpectacularAPIView):
    schema = None


urlpatterns = [
    path("api/v1/plain/", plain),
    path("api/v1/form/", Form.as_view()),
    path("api/v1/people/", PeopleList.as_view()),
    path("api/v1/others/", PeopleList.as_view()),
    path("api/v1/people/<str:username>/", PersonDetail.as_view()),
    path("api/v1/body/", Body.as_view()),
    path("api/v1/broken/<str:how>/", Broken.as_view()),
    path("api/v1/schema/", Schema.as_view()),
    path("pages/<str:how>/", page),
]
