"""Firms written by hand, with what becomes of each from one year's end to the next, worked out on paper."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from companies.models import Certification, CertificationKind, Company, CompanyName, Seat
from registry.credit_code import complete
from registry.models import District
from tests.samples import saved

SHAPINGBA, BEIBEI = "500106", "500109"


@dataclass(frozen=True)
class Firm:
    """`certificates`: issued, until, revoked from. `seats`: district, from, until."""

    name: str
    certificates: tuple[tuple[str, str, str | None], ...]
    happens: tuple[tuple[int, str, int, int], ...]
    """Year, what, left, age."""
    seats: tuple[tuple[str, str, str | None], ...] = ((SHAPINGBA, "2010-01-01", None),)
    dissolved: str | None = None
    is_published: bool = True
    head: str = "91500106"


TABLE = (
    Firm(
        "renewed in time",
        (("2016-11-01", "2019-11-01", None), ("2019-10-20", "2022-10-20", None)),
        (
            (2016, "granted_first", 3, 1), (2017, "kept", 3, 1), (2018, "kept", 2, 1),
            (2019, "renewed", 1, 1), (2020, "kept", 3, 2), (2021, "kept", 2, 2), (2022, "lapsed", 1, 2),
        ),
    ),
    Firm(
        "renewed on the very day",
        (("2016-11-01", "2019-11-01", None), ("2019-11-01", "2022-11-01", None)),
        (
            (2016, "granted_first", 3, 1), (2017, "kept", 3, 1), (2018, "kept", 2, 1),
            (2019, "renewed", 1, 1), (2020, "kept", 3, 2), (2021, "kept", 2, 2), (2022, "lapsed", 1, 2),
        ),
    ),
    Firm(
        "renewed late",
        (("2016-11-01", "2019-11-01", None), ("2019-11-02", "2022-11-02", None)),
        (
            (2016, "granted_first", 3, 1), (2017, "kept", 3, 1), (2018, "kept", 2, 1),
            (2019, "renewed_late", 1, 1), (2020, "kept", 3, 2), (2021, "kept", 2, 2), (2022, "lapsed", 1, 2),
        ),
    ),
    Firm(
        "lapsed and granted again",
        (("2016-11-01", "2019-11-01", None), ("2021-11-01", "2024-11-01", None)),
        (
            (2016, "granted_first", 3, 1), (2017, "kept", 3, 1), (2018, "kept", 2, 1),
            (2019, "lapsed", 1, 1), (2021, "granted_again", 3, 2), (2022, "kept", 3, 2),
        ),
    ),
    Firm(
        "revoked",
        (("2016-11-01", "2019-11-01", "2018-01-01"),),
        ((2016, "granted_first", 3, 1), (2017, "kept", 3, 1), (2018, "revoked", 2, 1)),
    ),
    Firm(
        "dissolved",
        (("2016-11-01", "2019-11-01", None),),
        ((2016, "granted_first", 3, 1), (2017, "kept", 3, 1), (2018, "dissolved", 2, 1)),
        dissolved="2018-12-31",
    ),
    Firm(
        "moved out on New Year's Day",
        (("2016-11-01", "2019-11-01", None),),
        ((2016, "granted_first", 3, 1), (2017, "kept", 3, 1), (2018, "kept", 2, 1), (2019, "moved_out", 1, 1)),
        seats=((SHAPINGBA, "2010-01-01", "2019-01-01"),),
    ),
    Firm(
        "moved in",
        (("2017-11-01", "2020-11-01", None),),
        ((2018, "moved_in", 2, 1), (2019, "kept", 2, 1), (2020, "lapsed", 1, 1)),
        seats=((SHAPINGBA, "2018-06-01", None),),
    ),
    Firm(
        "renewed ahead",
        (("2016-11-01", "2019-11-01", None), ("2018-11-20", "2021-11-20", None)),
        (
            (2016, "granted_first", 3, 1), (2017, "kept", 3, 1), (2018, "renewed_ahead", 2, 1),
            (2019, "kept", 3, 2), (2020, "kept", 2, 2), (2021, "lapsed", 1, 2),
        ),
    ),
    Firm(
        "from the last day of a year",
        (("2018-12-31", "2021-12-31", None),),
        ((2018, "granted_first", 3, 1), (2019, "kept", 3, 1), (2020, "kept", 2, 1), (2021, "lapsed", 1, 1)),
    ),
    Firm(
        "from the first day of a year",
        (("2017-01-01", "2020-01-01", None),),
        ((2017, "granted_first", 3, 1), (2018, "kept", 3, 1), (2019, "kept", 2, 1), (2020, "lapsed", 1, 1)),
    ),
    Firm(
        "moved to another district",
        (("2019-11-01", "2022-11-01", None),),
        ((2019, "granted_first", 3, 1), (2020, "kept", 3, 1), (2021, "kept", 2, 1), (2022, "lapsed", 1, 1)),
        seats=((SHAPINGBA, "2010-01-01", "2020-06-01"), (BEIBEI, "2020-06-01", None)),
    ),
    Firm("not published", (("2016-11-01", "2019-11-01", None),), (), is_published=False),
    Firm("sole trader", (("2016-11-01", "2019-11-01", None),), (), head="92500106"),
)  # fmt: skip


def day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def load() -> None:
    kind = CertificationKind.objects.get(code="high_tech")
    for number, told in enumerate(TABLE, 1):
        firm = saved(
            Company,
            uscc=complete(told.head, f"MC{number:06d}"),
            is_published=told.is_published,
            dissolved_on=day(told.dissolved),
        )
        saved(CompanyName, company=firm, name_zh=told.name, valid_from=day("2010-01-01"))
        for district, first, until in told.seats:
            place = District.objects.get(code=district)
            saved(Seat, company=firm, district=place, valid_from=day(first), valid_until=day(until))
        for issued, until, revoked in told.certificates:
            certify(firm, kind, issued, until, revoked)


def certify(firm: Any, kind: Any, issued: str, until: str | None, revoked: str | None) -> None:
    saved(
        Certification,
        company=firm,
        kind=kind,
        issued_on=day(issued),
        valid_until=day(until),
        revoked_from=day(revoked),
        revoked_on=day(revoked),
    )
