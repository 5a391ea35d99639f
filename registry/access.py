"""Who may read which field of which model: every field has exactly one class, declared beside it."""

import enum

from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import models


class FieldClass(enum.StrEnum):
    """From the widest circle of readers to the narrowest; each holder of a class also reads those before it."""

    PUBLIC = "public"
    PARTNER = "partner"
    INTERNAL = "internal"
    PERSONAL = "personal"


class UnclassifiedFieldError(ImproperlyConfigured):
    """A field that stands in no inner `class Access`, or in several with different classes."""


def field_classes(model: type[models.Model], field_name: str) -> set[FieldClass]:
    """Every class that the inner `Access` of the model and of its bases give to the field; should be one."""
    return {
        field_class
        for base in model.__mro__
        if (access := vars(base).get("Access")) is not None
        for field_class in FieldClass
        if field_name in vars(access).get(field_class.value, ())
    }


def field_class(model: type[models.Model], field_name: str) -> FieldClass:
    """The class of a field, by its name or column. UnclassifiedFieldError unless it has exactly one."""
    name = _declared_name(model, field_name)
    found = field_classes(model, name)
    if len(found) != 1:
        classes = ", ".join(sorted(found)) or "none"
        raise UnclassifiedFieldError(
            f"{model._meta.label}.{name} has the access classes: {classes}. It needs exactly one in a class Access."
        )
    return found.pop()


def _declared_name(model: type[models.Model], field_name: str) -> str:
    """`company` for `company`, `company_id` and `pk` alike; raises FieldDoesNotExist for what is no own field."""
    if field_name == "pk":
        return model._meta.pk.name
    for field in model._meta.concrete_fields:
        if field_name in (field.name, field.attname):
            return field.name
    raise FieldDoesNotExist(f"{model._meta.label} has no field {field_name}.")
