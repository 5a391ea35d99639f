"""The findings of one firm, for the page of the firm."""

from typing import Any

from django import template

from companies.findings.questions import findings_of
from companies.models import Company, Explanation
from registry import scope
from registry.days import today

register = template.Library()


@register.inclusion_tag("companies/findings/of_firm.html", takes_context=True)
def findings_of_firm(context: Any, company: Company | None) -> dict[str, Any]:
    """Nothing for a firm that is yet to be entered."""
    found = findings_of(company, context["request"].user, today()) if company is not None else []
    return {"findings": found, "may_explain": scope.may_write(context["request"].user, Explanation)}
