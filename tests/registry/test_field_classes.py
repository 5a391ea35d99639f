"""Every field of every model is public, partner, internal or personal: one of them, and not two."""

from typing import ClassVar

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from companies.models import AnnualReport, Company
from registry.access import FieldClass, UnclassifiedFieldError, field_class, field_classes
from registry.models import User

APPS = ("registry", "incubators", "companies")


def classified_models() -> list[type[models.Model]]:
    return [model for label in APPS for model in apps.get_app_config(label).get_models()]


@pytest.mark.parametrize("model", classified_models(), ids=lambda model: model.__name__)
def test_every_field_has_exactly_one_class(model: type[models.Model]) -> None:
    classes = {field.name: field_classes(model, field.name) for field in model._meta.concrete_fields}
    assert {name: found for name, found in classes.items() if len(found) != 1} == {}


@pytest.mark.parametrize("model", classified_models(), ids=lambda model: model.__name__)
def test_a_class_names_no_field_that_is_gone(model: type[models.Model]) -> None:
    access = vars(model).get("Access", object())
    named = {name for field_class in FieldClass for name in getattr(access, field_class.value, ())}
    assert named - {field.name for field in model._meta.get_fields()} == set()


@pytest.mark.parametrize(
    ("model", "name", "expected"),
    [
        (Company, "uscc", FieldClass.PUBLIC),
        (Company, "pk", FieldClass.PUBLIC),  # from the base class
        (Company, "hub_id", FieldClass.PUBLIC),  # by its column
        (Company, "internal_notes", FieldClass.INTERNAL),
        (Company, "contact_phone", FieldClass.PERSONAL),
        (User, "password", FieldClass.PERSONAL),
        (AnnualReport, "jobs", FieldClass.PARTNER),
        (AnnualReport, "revenue", FieldClass.INTERNAL),
    ],
)
def test_the_class_of_a_field(model: type[models.Model], name: str, expected: FieldClass) -> None:
    assert field_class(model, name) is expected


def test_an_unclassified_field_is_an_error_that_names_it() -> None:
    with pytest.raises(UnclassifiedFieldError, match=r"auth\.Group\.name .* none"):
        field_class(Group, "name")


def test_a_field_with_two_classes_is_an_error_that_names_both() -> None:
    class Leaky(Company):
        class Meta:
            proxy = True
            app_label = "companies"
            managed = False

        class Access:
            public: ClassVar[tuple[str, ...]] = ("contact_phone",)

    try:
        with pytest.raises(UnclassifiedFieldError, match="personal, public"):
            field_class(Leaky, "contact_phone")
    finally:
        del apps.all_models["companies"]["leaky"]
        apps.clear_cache()


def test_a_relation_from_elsewhere_is_no_field_of_the_model() -> None:
    with pytest.raises(FieldDoesNotExist, match="no field seats"):
        field_class(Company, "seats")
