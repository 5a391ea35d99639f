"""One row against the firm as it stands: what would change, what contradicts, what needs a day."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from companies.imports.drafts import Draft, Judgement, clean_touched, contradiction
from companies.imports.lists import Lists
from companies.imports.seats import apply_seat
from companies.models import Certification, CertificationKind, CompanyName, Residency
from companies.models.questions import HIGH_TECH
from registry import days
from registry.names import shown
from registry.sheets.cells import CellError
from registry.sheets.plan import Difference

COMPANY_FIELDS = (
    "established_on",
    "registered_capital",
    "industry",
    "contact_name",
    "contact_phone",
    "contact_email",
)
# (kind, number) -> the code of the firm that holds the certificate, the firm in words (none out of reach), and the row
# of the file that says so (or none).
Holders = dict[tuple[int, str], tuple[str, str, int | None]]


def compare(draft: Draft, judgement: Judgement, lists: Lists, holders: Holders, on: datetime.date) -> None:
    judgement.label = draft.label if draft.names else judgement.typed.label
    judgement.code = draft.company.uscc
    _apply_name(draft, judgement)
    if judgement.problems or judgement.doubts:
        return  # what follows may be of another firm
    _apply_company(draft, judgement)
    apply_seat(draft, judgement, lists, on)
    _apply_certificate(draft, judgement, lists, holders)
    _apply_residency(draft, judgement)
    clean_touched(draft, judgement)


def _apply_name(draft: Draft, judgement: Judgement) -> None:
    values = judgement.typed.values
    name: str = values.get("name", "")
    known = draft.named(name) if name else draft.current_name
    if known is None:
        known = _new_name(draft, judgement, name)
    if known is not None and (name_en := values.get("name_en")):
        draft.state(judgement, known, "name_en", name_en)
    former = values.get("former_name")
    if former and draft.named(former) is None:
        judgement.note(_("A former name without its days is only used to find the firm, not recorded"))


def _new_name(draft: Draft, judgement: Judgement, name: str) -> CompanyName | None:
    current, renamed_on = draft.current_name, judgement.typed.values.get("renamed_on")
    if current is None:
        return _add_name(draft, judgement, name, draft.first_day or days.today())
    if any(current is added for added in draft.added):
        judgement.wrong("name", contradiction(draft.row_of[id(current)], shown(current.name_zh)))
        return None
    if renamed_on is None:
        reason = _("The firm is known as “%s”. A new name needs its day (a column 更名日期), or is it another firm?")
        judgement.doubt("name", reason % shown(current.name_zh))
        return None
    draft.set(judgement, current, "valid_until", renamed_on, current.name_zh)
    return _add_name(draft, judgement, name, renamed_on)


def _add_name(draft: Draft, judgement: Judgement, text: str, day: datetime.date) -> CompanyName:
    name = CompanyName(company=draft.company, name_zh=text, valid_from=day)
    draft.names.append(name)
    draft.add(name, judgement)
    judgement.differences.append(Difference(_("name from %s") % day, "", text))
    return name


def _apply_company(draft: Draft, judgement: Judgement) -> None:
    values, company = judgement.typed.values, draft.company
    for name in COMPANY_FIELDS:
        if name in values:
            draft.state(judgement, company, name, values[name])
    if field := values.get("strategic_field"):
        draft.state(judgement, company, "strategic_field", field)
        if company.strategic_field == field:
            draft.set(judgement, company, "hub", field.hub)


def _apply_certificate(draft: Draft, judgement: Judgement, lists: Lists, holders: Holders) -> None:
    values = judgement.typed.values
    if not {"certificate_number", "issued_on", "certification_kind"} & values.keys():
        if {"technology_field", "valid_until"} & values.keys():
            judgement.note(_("A technology field or last day without a certificate is not taken over"))
        return
    try:
        kind = values.get("certification_kind") or lists.kinds.find(HIGH_TECH)
    except CellError as error:
        return judgement.wrong("certification_kind", error.reason)
    certificate = _certificate_of(draft, judgement, kind, holders)
    if certificate is not None:
        _compare_certificate(draft, judgement, certificate)
        if certificate.number:
            holders.setdefault(
                (kind.pk, certificate.number), (draft.company.uscc, judgement.label, judgement.typed.number)
            )


def _certificate_of(
    draft: Draft, judgement: Judgement, kind: CertificationKind, holders: Holders
) -> Certification | None:
    """The firm's certificate by number, else by day of issue; a new one; none where the row cannot say which."""
    values = judgement.typed.values
    number, issued_on = values.get("certificate_number", ""), values.get("issued_on")
    held = [certificate for certificate in draft.certifications if certificate.kind == kind]
    by_number = [certificate for certificate in held if number and certificate.number == number]
    holder = holders.get((kind.pk, number))
    if not by_number and holder and holder[0] != draft.company.uscc:
        judgement.wrong("certificate_number", _held_by(holder))
        return None
    by_day = [certificate for certificate in held if issued_on and certificate.issued_on == issued_on]
    if found := by_number or by_day or (held if not number and not issued_on else []):
        if len(found) == 1:
            return found[0]
        judgement.doubt("certification_kind", _("The firm has several certificates of this kind; say which."))
        judgement.candidates += [f"{certificate} {certificate.issued_on}" for certificate in found]
        return None
    if issued_on is None:
        key = "issued_on" if judgement.table.columns.column("issued_on") else "certificate_number"
        judgement.wrong(key, _("A new certificate needs its day of issue."))
        return None
    return _new_certificate(draft, judgement, kind, issued_on)


def _held_by(holder: tuple[str, str, int | None]) -> str:
    _code, label, row = holder
    if row is not None:
        return _("Row %(row)d gives this number to another firm, %(firm)s.") % {"row": row, "firm": label}
    if not label:
        return str(_("A certificate of this kind with this number is already in the register."))
    return _("This number belongs to another firm, %s.") % label


def _new_certificate(
    draft: Draft, judgement: Judgement, kind: CertificationKind, issued_on: datetime.date
) -> Certification:
    certificate = Certification(company=draft.company, kind=kind, issued_on=issued_on)
    draft.certifications.append(certificate)
    draft.add(certificate, judgement)
    judgement.differences.append(Difference(_("certificate issued on %s") % issued_on, "", str(kind)))
    return certificate


def _compare_certificate(draft: Draft, judgement: Judgement, certificate: Certification) -> None:
    values, about = judgement.typed.values, str(certificate)
    was_by_rule = certificate.valid_until == certificate.kind.end_for(certificate.issued_on)
    is_new = certificate.valid_until is None and draft.row_of.get(id(certificate)) == judgement.typed.number
    for key, name in (
        ("certificate_number", "number"),
        ("issued_on", "issued_on"),
        ("technology_field", "technology_field"),
        ("valid_until", "valid_until"),
    ):
        if key in values:
            draft.state(judgement, certificate, name, values[key], about)
    _flag_oddities(judgement, certificate)
    if "valid_until" not in values and (is_new or was_by_rule):
        draft.set(judgement, certificate, "valid_until", certificate.kind.end_for(certificate.issued_on), about)


def _flag_oddities(judgement: Judgement, certificate: Certification) -> None:
    kind = certificate.kind
    by_rule = kind.end_for(certificate.issued_on)
    if by_rule and "valid_until" in judgement.typed.values and certificate.valid_until != by_rule:
        judgement.note(_("The last day is not that of the rule of its kind; it is taken as it is"))
    if certificate.number and kind.number_pattern and not re.search(kind.number_pattern, certificate.number):
        judgement.note(_("The certificate number is unlike others of its kind; it is taken as it is"))


def _apply_residency(draft: Draft, judgement: Judgement) -> None:
    values = judgement.typed.values
    incubator = values.get("incubator")
    if incubator is None:
        for key in {"entered_on", "left_on"} & values.keys():
            judgement.wrong(key, _("The day of a stay needs its incubator."))
        return
    stays = [stay for stay in draft.residencies if stay.incubator == incubator]
    stay = _stay_of(stays, values)
    if stay is None and "entered_on" not in values:
        has_only_host = judgement.table.columns.column("incubator") and not judgement.table.columns.column("entered_on")
        key = "incubator" if has_only_host else "entered_on"
        return judgement.wrong(key, _("A new stay in an incubator needs its first day."))
    if stay is None:
        stay = Residency(company=draft.company, incubator=incubator, entered_on=values["entered_on"])
        draft.residencies.append(stay)
        draft.add(stay, judgement)
        judgement.differences.append(Difference(_("stay from %s") % stay.entered_on, "", str(incubator)))
    if "left_on" in values:
        draft.state(judgement, stay, "left_on", values["left_on"], str(incubator))


def _stay_of(stays: list[Residency], values: Mapping[str, Any]) -> Residency | None:
    """The stay that began on the day; without a day the open one, or the only one."""
    if entered_on := values.get("entered_on"):
        return next((stay for stay in stays if stay.entered_on == entered_on), None)
    still_open = [stay for stay in stays if stay.left_on is None]
    if not still_open and len(stays) == 1:
        return stays[0]
    return next(iter(still_open), None)
