"""What the OpenAPI document says in words, where no declaration says it already; all of it through gettext."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TITLE = _("Register of Chongqing's innovation economy")
INTRODUCTION: tuple[StrOrPromise, ...] = (
    _("Firms, incubators, certificates and financing of the city, and figures that add up and open down to entries."),
    _(
        "**Strict.** An unknown parameter, a value that cannot be read, an empty or a repeated one is refused with "
        "400; the problem names the parameter and, where one is like it, the nearest valid word. Nothing is silently "
        "ignored."
    ),
    _(
        "**Two clocks.** Every list, entry and figure can be asked as of a day with `valid_on`, and as the register "
        "knew it at a moment with `known_at`; the answer echoes both. With both given no later change alters it, and "
        "`digest` proves it. A field `until` excludes its day, a parameter ending in `_to` includes it. "
        "Days are days in Shanghai."
    ),
    _(
        "**Pages.** Lists answer a page and the address of the next one in `next`; go on until it is null. The address "
        "is bound to the question: with other filters, another order or another caller it is refused."
    ),
    _(
        "**Members.** `fields`, `omit` and `expand` change which members an entry has. The schemas here describe the "
        "answer without these three parameters, in which no member is ever left out."
    ),
    _(
        "**Files.** Figures, and the lists behind them, are given as CSV, XLSX or Parquet with `format`; `dictionary/` "
        "says what the columns mean. Every figure carries its citation; the licence is CC BY 4.0."
    ),
    _(
        "**Methods.** Every address answers GET, HEAD and OPTIONS, and those that write POST, PATCH or DELETE; any "
        "other method is refused with 405. Reading what is public needs no sign-in; a key goes in `Authorization`."
    ),
)
LINK_TO_ENTRY = _("The first entry of the page, by itself.")
LINK_TO_WRITTEN = _("What was written: to read it, change it, end it or delete it.")
COOKIE = _("The session of somebody who signed in to the admin. Reading does not need it.")
KEY = _("A key that a registrar or a manager made: `Authorization: Bearer prefix.secret`. What is public needs none.")

TAGS: dict[str, StrOrPromise] = {
    "companies": _("Firms by credit code, with what is known about them on the day."),
    "incubators": _("Incubators and the firms in residence in them."),
    "universities": _("Universities of the city with their campuses."),
    "certifications": _("Certificates of firms, such as high-tech firm."),
    "residencies": _("Stays of firms in incubators."),
    "financings": _("Financings that their parties have published."),
    "statistics": _("Metrics with their definitions, and their figures, grouped."),
    "targets": _("Published targets and the way to them."),
    "codes": _("Code lists: what the codes mean, in all languages, with their validity."),
    "changes": _("The feed: what changed since a number, and by what a mirror proves that it is complete."),
    "exports": _("Whole sets as files, at a number of the feed."),
    "caller": _("Who calls, what it may do, and when its key ends."),
    "dictionary": _("What the columns of the files mean."),
    "catalogue": _("What can be downloaded, for portals."),
    "index": _("The addresses."),
}

OPERATIONS: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    "read": (_("Addresses"), _("The addresses below this one.")),
    "codes_read": (_("Code lists"), _("The addresses below this one.")),
    "companies_create": (_("Enter a firm"), _("A firm with its first name; a seat and a stay can come with it.")),
    "companies_batch_get": (
        _("Many firms by their codes"),
        _("Up to 1,000 firms by their codes, in the order asked; a code that leads to none is told with its reason."),
    ),
    "companies_batch": (
        _("Enter and change many firms"),
        _("Up to 1,000 items: all or nothing, or with `atomic` false those that can be (207 tells the others)."),
    ),
    "companies_uscc_change": (
        _("Change a firm"),
        _("What is not given stays; a further name or seat ends the one that was open until its first day."),
    ),
    "companies_uscc_delete": (
        _("Delete a firm entered by mistake"),
        _("For registrars, and only without facts about it; a firm that ceased is dissolved instead."),
    ),
    "companies_uscc_end": (_("Dissolve a firm"), _("The firm stays in the register; `successor` absorbed it.")),
    "certifications_create": (_("Enter a certificate"), _("Without `valid_until` the rule of its kind gives the end.")),
    "certifications_id_read": (_("One certificate"), _("One certificate.")),
    "certifications_id_change": (_("Correct a certificate"), _("What is not given stays.")),
    "certifications_id_delete": (_("Delete a certificate entered by mistake"), _("One that ended stays.")),
    "certifications_id_end": (_("Revoke a certificate"), _("From a day that may lie before the decision.")),
    "residencies_create": (_("Enter a stay"), _("Of a firm in an incubator, from a day on.")),
    "residencies_id_read": (_("One stay"), _("One stay.")),
    "residencies_id_change": (_("Correct a stay"), _("What is not given stays.")),
    "residencies_id_delete": (_("Delete a stay entered by mistake"), _("One that ended stays.")),
    "residencies_id_end": (_("End a stay"), _("The firm graduated, left, moved or closed.")),
    "financings_create": (_("Record a financing"), _("Of one firm, with its parties; amounts in 10,000 yuan.")),
    "financings_id_read": (
        _("One financing"),
        _("One financing: published by its parties, or the caller's own."),
    ),
    "financings_id_change": (
        _("Correct a financing"),
        _("What is not given stays; `parties`, where given, take the place of all."),
    ),
    "financings_id_delete": (_("Delete a financing entered by mistake"), _("One that is over stays.")),
    "financings_id_end": (
        _("Tell what became of a financing"),
        _("Repaid, written off, converted, exited: a status of a day."),
    ),
    "changes_read": (
        _("What changed"),
        _(
            "What changed after a number, up to the last: parents before children, then what is gone, children first. "
            "When `next` is null you have the state of `meta.sequence`, and go on from there. With `If-None-Match` 304 "
            "while nothing changed."
        ),
    ),
    "changes_checkpoint_read": (
        _("Checkpoint"),
        _(
            "For each type how many entries the state of a number has, and a digest over them that does not depend on "
            "their order: a mirror that has the same has all of it."
        ),
    ),
    "exports_read": (
        _("Whole sets as files"),
        _(
            "Whole sets as files, the newest first: each at a number of the feed, from which `changes/` leads on. A "
            "set leaves the list when one of its entries is withdrawn."
        ),
    ),
    "exports_sequence_read": (
        _("One set"),
        _("One set: its files with their digests, and counts and digests of its types as the checkpoint has them."),
    ),
    "exports_sequence_name_read": (_("A file of a set"), _("A file of a set, whole or by `Range`.")),
    "caller_read": (
        _("Who calls"),
        _("Who calls: everybody, a person, or a key with what it may do and what happens to it."),
    ),
    "dictionary_read": (
        _("Data dictionary"),
        _("The columns of every file that `format` gives: name, title, type and meaning, as CSV on the Web (W3C)."),
    ),
    "catalogue_read": (
        _("Catalogue of data sets"),
        _("What can be downloaded, as portals read it: DCAT-AP in JSON-LD."),
    ),
    "companies_list": (_("Firms"), _("Firms seated in the city on the day; `seated=any` for all.")),
    "companies_uscc_read": (
        _("One firm"),
        _(
            "One firm by its credit code, seated or not. A 404 says by `errors[0].code` whether the code is mistyped "
            "(`bad_check_digit`, `wrong_length`, `wrong_character`, `not_a_credit_code`), sound and not in the "
            "register (`unknown_uscc`), or in it only since a moment after `known_at` (`known_later`)."
        ),
    ),
    "companies_uscc_certifications_list": (_("A firm's certificates"), _("The certificates of one firm.")),
    "companies_uscc_history_read": (
        _("A firm's life"),
        _("Every public change of one firm and of its public facts: what, when true, when recorded, old and new."),
    ),
    "companies_uscc_residencies_list": (_("A firm's stays"), _("The stays of one firm.")),
    "incubators_list": (
        _("Incubators"),
        _("Incubators open on the day, with the seat and the level that they have on it."),
    ),
    "incubators_code_read": (_("One incubator"), _("One incubator, by its code.")),
    "incubators_code_residents_list": (
        _("An incubator's firms"),
        _("Firms in residence in one incubator on the day."),
    ),
    "universities_list": (_("Universities"), _("Universities of the city, with their located campuses.")),
    "universities_code_read": (_("One university"), _("One university, by the ministry's ten-digit code.")),
    "certifications_list": (
        _("Certificates"),
        _("Certificates, with their state on the day and the seat on the day of issue."),
    ),
    "residencies_list": (_("Stays in incubators"), _("Stays of firms in incubators, open or ended.")),
    "financings_list": (
        _("Published financings"),
        _("Financings that their parties have published, agreed by the day."),
    ),
    "statistics_read": (_("Metrics"), _("Every metric, with its definition, its filters and its dimensions.")),
    "statistics_financing_tables_list": (
        _("Tables of unpublished financings"),
        _(
            "What the financings that are not published came to, in quarterly tables: small cells hidden, each table "
            "final."
        ),
    ),
    "statistics_high_tech_firms_renewal_cliff_read": (
        _("Renewal cliff"),
        _("When the validity of the high-tech firms of the day ends, unless they renew: what ends when."),
    ),
    "targets_list": (_("Targets"), _("Published targets, superseded ones included.")),
    "targets_code_read": (
        _("One target"),
        _(
            "One target: gap, pace needed, status, the projected stock; the targets of its parts; published and "
            "computed figures side by side."
        ),
    ),
    "targets_code_projection_read": (
        _("Projection of a target"),
        _("The way to one target: the projected stock with its intervals, and what if."),
    ),
}
"""By operation: a short name, and what it answers, in the words of its view."""
OVER_TIME: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    "SeriesView": (
        _("%(name)s: over time"),
        _("The stock at the last day of each month, quarter or year, without gaps, and on the last day asked for."),
    ),
    "BridgeView": (
        _("%(name)s: from one day to another"),
        _("From the stock of one day to that of another: opening, a part for each reason, closing."),
    ),
    "BridgePartView": (
        _("%(name)s: the firms behind a part"),
        _("The firms behind one part of a bridge: each firm that joined or left for this reason, with the day."),
    ),
    "RevisionsView": (
        _("%(name)s: what was learned since"),
        _(
            "The firms that joined or left the figure of a day between two moments of knowing, and the change that did "
            "it."
        ),
    ),
}
"""By view: the short name of its operations, and what they answer, in the words of the view."""
CODE_LIST = _("Code list: %(name)s")
OF_A_CODE_LIST = _("One code list; `codes/` names them all.")

EVERYWHERE: dict[str, StrOrPromise] = {
    "id": _("The immutable id of the entry."),
    "version": _("How often the entry has been written: 1 when it is new."),
    "valid_from": _("The first day on which it holds; null when that is not known or without beginning."),
    "valid_until": _("The first day on which it no longer holds; null when no end is known."),
    "latitude": _("Degrees north, WGS 84; null when not located."),
    "longitude": _("Degrees east, WGS 84; null when not located."),
}
"""By name of the property; goes over the label that its model gives it."""
PROPERTIES: dict[str, StrOrPromise] = {
    "code": _("The code of the entry, as its list gives it."),
    "name": _("The name in the asked language; the Chinese one when there is none."),
    "zh": _("The Chinese name."),
    "en": _("The English name; empty when none is known."),
    "it": _("The Italian name; empty when none is known."),
    "from": _("The first day on which it holds; null when that is not known or without beginning."),
    "until": _("The first day on which it no longer holds; null when no end is known."),
    "mark": _("How far the entry can be relied on: V verified, D derived, M from memory, U uncertain."),
    "is_official": _("Whether the entry is verified or derived by arithmetic."),
    "successor": _("What follows it; null when nothing does."),
    "zone": _("The zone (一区两群) of the legal district."),
    "district": _("The legal district of the seat."),
    "reporting_unit": _("The unit in whose figures the seat is counted."),
    "address": _("The address of the seat."),
    "hub": _("The hub of industry that it belongs to."),
    "university": _("The university that it belongs to."),
    "company": _("The credit code of the firm."),
    "company_name": _("The Chinese name of the firm on the day."),
    "is_invented": _("Whether the firm is invented for demonstration."),
    "state": _("The state on the day: not_yet_issued, valid, expired or revoked."),
    "data": _("The answer itself."),
    "meta": _("What the answer was asked for, and its clocks."),
    "url": _("The address."),
    "kind": _("Which kind it is of, as a word or as an entry of its code list."),
}
"""By name of the property, where neither serializer nor model says anything."""
OWN_PROPERTIES: dict[str, StrOrPromise] = {
    "Address.name": _("The last word of the address."),
    "Circle.sites": _("The places that the circle names."),
    "CircleSite.name": _("The Chinese name of the place."),
    "CircleSite.address": _("The address of the place."),
    "CorridorNode.areas": _("The districts that the node stands for, each with its days."),
    "Campus.name": _("The Chinese name of the campus."),
    "Campus.district": _("The district of the campus at the time when it was located."),
    "University.campuses": _("The campuses that are known."),
    "UniversityLink.basis": _("What ties the firm to the university."),
    "UniversityLink.circle_site": _("The place of a named circle in which the firm sits, in Chinese."),
    "UniversityLink.code": _("The code of the university."),
    "Company.names": _("Every name that the firm has had, with its days."),
    "Company.incubator": _("The incubator in which the firm is in residence on the day."),
    "Company.universities": _("The universities that the firm is linked to on the day."),
    "Company.certifications": _("The certificates issued by the day, with their state on it."),
    "Company.successor": _("The credit code of the firm that took it over, when everyone may see that one."),
    "Company.updated_at": _("The moment of the last change of the firm or of a fact about it."),
    "Certification.district": _("The district of the firm's seat on the day of issue."),
    "Certification.reporting_unit": _("The reporting unit of the firm's seat on the day of issue."),
    "Certification.valid_until": _("The first day on which it no longer counts."),
    "HeldCertification.valid_until": _("The first day on which it no longer counts."),
    "ReportingUnit.district": _("The legal district that the unit lies in; null when it lies in several."),
    "CorridorArea.district": _("The legal district."),
    "Certification.predecessor": _("The id of the certificate that this one renews."),
    "CertificationKind.validity_rule": _("How the last day follows from the day of issue."),
    "CertificationKind.validity_years": _("For how many years a certificate holds; null when another rule says."),
    "Incubator.level": _("The level of its designation on the day; null when it has none."),
    "Financing.parties": _("The parties to the financing."),
    "FinancingParty.partner": _("The party."),
    "Instrument.provider": _("Who provides it."),
    "Indicator.measure": _("stock: stands on a day; flow: happens within a period."),
    "Indicator.unit_zh": _("The unit in Chinese."),
    "Indicator.unit_en": _("The unit in English."),
    "Indicator.unit_it": _("The unit in Italian."),
    "Target.superseded_by": _("The code of the target that took its place; null while it stands."),
    "TargetProgress.superseded_by": _("The code of the target that took its place; null while it stands."),
    "Target.value": _("What is to be reached, in the indicator's unit."),
    "TargetProgress.value": _("What is to be reached, in the indicator's unit."),
}
"""By component and property; goes over all others."""
