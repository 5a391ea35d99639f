"""Filters of the firms' list that ask about today."""

from abc import ABC, abstractmethod
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from companies.models import Residency
from companies.models.questions import residency_open
from registry import scope
from registry.days import today
from registry.models import District

YES_OR_NO = (("yes", _("yes")), ("no", _("no")))


class DistrictToday(admin.SimpleListFilter):
    title = _("district of the seat today")
    parameter_name = "district"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        in_force = District.objects.on(today()).order_by("code")
        return [*((one.code, str(one)) for one in in_force), ("none", str(_("not seated in the city")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "none":
            firms: Any = queryset
            return queryset.filter(pk__in=firms.not_seated(today()).values("pk"))
        if self.value():
            firms = queryset
            seated: QuerySet[Any] = firms.seated(today(), district__code=self.value())
            return seated
        return queryset


class YesOrNo(admin.SimpleListFilter, ABC):
    """Keeps the firms for which the question is true, or those for which it is not."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return YES_OR_NO

    @abstractmethod
    def firms(self, queryset: Any) -> QuerySet[Any]: ...

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "yes":
            return self.firms(queryset)
        if self.value() == "no":
            return queryset.exclude(pk__in=self.firms(queryset.model._default_manager.all()).values("pk"))
        return queryset


class MineToday(YesOrNo):
    """For who keeps incubators; a firm may be in residence elsewhere today, and read by its former incubator."""

    title = _("in my incubator today")
    parameter_name = "mine"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        self.user: Any = request.user
        return () if scope.sees_all(self.user) else YES_OR_NO

    def firms(self, queryset: Any) -> QuerySet[Any]:
        stays = scope.scope(Residency.objects.filter(residency_open(today())), self.user)
        found: QuerySet[Any] = queryset.filter(pk__in=stays.values("company"))
        return found


class CertifiedToday(YesOrNo):
    title = _("high-tech firm today")
    parameter_name = "certified"

    def firms(self, queryset: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = queryset.high_tech(today())
        return found


class ResidentToday(YesOrNo):
    title = _("in an incubator today")
    parameter_name = "resident"

    def firms(self, queryset: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = queryset.resident(today())
        return found
