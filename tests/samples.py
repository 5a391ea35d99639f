"""One small valid entry of every model. A model that is not listed here fails the tests that loop over all models."""

import datetime
import hashlib
import itertools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from companies import models as companies
from incubators import models as incubators
from registry import credit_code
from registry import models as registry
from registry.models import Entry, User

DAY = datetime.date(2024, 3, 1)
NUMBERS = itertools.count(1)

Values = dict[str, Any]


def code(number: int) -> Values:
    """The values of a code list's row."""
    return {"code": f"sample-{number}", "name_zh": f"样本{number}"}


def uscc(number: int) -> str:
    return credit_code.complete("91500112", f"M{number:07d}")


def keys_of(name: str) -> str:
    """The mark of the name that keys were made from; a name that is saved gets its own."""
    return hashlib.md5(name.encode()).hexdigest()


def saved(model: type[Any], **given: Any) -> Any:
    entry = sample(model, **given)
    entry.save()
    return entry


def sample(model: type[Any], **given: Any) -> Any:
    """An entry that can be saved, not yet saved itself; what it refers to is, unless `given` brings it."""
    return model(**values(model, **given))


def values(model: type[Any], **given: Any) -> Values:
    made = {name: value for name, value in SAMPLES[model](next(NUMBERS)).items() if name not in given}
    return {name: value() if callable(value) else value for name, value in made.items()} | given


def some(model: type[Any]) -> Callable[[], Any]:
    """A saved entry, made only where it is needed."""
    return lambda: saved(model)


def user(number: int) -> Values:
    return {"username": f"sample-{number}", "role": "staff"}


SAMPLES: dict[type[Any], Callable[[int], Values]] = {
    User: user,
    registry.Zone: code,
    registry.Province: code,
    registry.Hub: code,
    registry.TechnologyField: code,
    registry.Industry: code,
    registry.StrategicField: lambda n: code(n) | {"hub": some(registry.Hub)},
    registry.Partner: lambda n: code(n) | {"kind": "bank"},
    registry.District: lambda n: code(n) | {"zone": some(registry.Zone)},
    registry.ReportingUnit: code,
    registry.CorridorNode: lambda n: code(n) | {"kind": "node"},
    registry.CorridorArea: lambda n: {"node": some(registry.CorridorNode), "district": some(registry.District)},
    registry.University: code,
    registry.Campus: lambda n: {"university": some(registry.University), "name_zh": f"校区{n}"},
    registry.Circle: lambda n: code(n) | {"university": some(registry.University)},
    registry.CircleSite: lambda n: {"circle": some(registry.Circle), "name_zh": f"地点{n}"},
    incubators.IncubatorKind: code,
    incubators.IncubatorLevel: code,
    incubators.Incubator: lambda n: code(n) | {"kind": some(incubators.IncubatorKind)},
    incubators.IncubatorSeat: lambda n: {"incubator": some(incubators.Incubator), "valid_from": DAY},
    incubators.Designation: lambda n: {
        "incubator": some(incubators.Incubator),
        "level": some(incubators.IncubatorLevel),
        "valid_from": DAY,
    },
    incubators.StaffMembership: lambda n: {
        "user": some(User),
        "incubator": some(incubators.Incubator),
        "valid_from": DAY,
    },
    registry.PartnerKey: lambda n: {
        "prefix": f"sample{n}",
        "label": f"sample {n}",
        "valid_from": DAY,
        "valid_until": DAY + datetime.timedelta(days=30),
    },
    registry.KeyUse: lambda n: {
        "key": some(registry.PartnerKey),
        "day": DAY + datetime.timedelta(days=n),
        "last_used_at": datetime.datetime(2026, 1, 15, tzinfo=datetime.UTC),
    },
    registry.RequestCount: lambda n: {
        "caller": f"sample:{n}",
        "began_at": datetime.datetime(2026, 1, 15, tzinfo=datetime.UTC),
        "requests": 1,
    },
    registry.KeptAnswer: lambda n: {
        "caller": "key:1",
        "key": f"sample-{n}",
        "request_digest": "0" * 64,
        "status": 201,
        "content": b"{}",
    },
    incubators.KeyGrant: lambda n: {
        "key": some(registry.PartnerKey),
        "incubator": some(incubators.Incubator),
    },
    companies.Company: lambda n: {"uscc": uscc(n)},
    companies.CompanyName: lambda n: {
        "company": some(companies.Company),
        "name_zh": f"重庆样本{n}科技有限公司",
        "pinyin": f"chongqing yangben {n}",
        "initials": "cqyb",
        "keys_of": keys_of(f"重庆样本{n}科技有限公司"),
        "valid_from": DAY,
    },
    companies.Seat: lambda n: {"company": some(companies.Company), "valid_from": DAY},
    companies.Residency: lambda n: {
        "company": some(companies.Company),
        "incubator": some(incubators.Incubator),
        "entered_on": DAY,
    },
    companies.UniversityLink: lambda n: {
        "company": some(companies.Company),
        "university": some(registry.University),
        "basis": "spin_off",
    },
    companies.AnnualReport: lambda n: {"company": some(companies.Company), "year": 2024},
    companies.CertificationKind: code,
    companies.Certification: lambda n: {
        "company": some(companies.Company),
        "kind": some(companies.CertificationKind),
        "issued_on": DAY,
    },
    companies.FinancingTable: lambda n: {
        "year": 2000 + n % 20,
        "quarter": 4,
        "ended_on": datetime.date(2001 + n % 20, 1, 1),
        "released_at": datetime.datetime(2026, 1, 15, tzinfo=datetime.UTC),
    },
    companies.FinancingTableCell: lambda n: {
        "table": some(companies.FinancingTable),
        "is_all_zones": False,
        "is_all_instruments": False,
        "instrument": some(companies.FinancingInstrument),
        "is_hidden": True,
    },
    companies.FinancingInstrument: lambda n: code(n) | {"kind": "debt"},
    companies.PilotZone: code,
    companies.PilotZoneMember: lambda n: {
        "pilot_zone": some(companies.PilotZone),
        "district": some(registry.District),
    },
    companies.Financing: lambda n: {
        "company": some(companies.Company),
        "instrument": some(companies.FinancingInstrument),
        "agreed_on": DAY,
        "agreed_amount": Decimal("500"),
    },
    companies.FinancingParty: lambda n: {
        "financing": some(companies.Financing),
        "partner": some(registry.Partner),
        "role": "lender",
    },
    companies.FinancingStatusEvent: lambda n: {
        "financing": some(companies.Financing),
        "status": "agreed",
        "happened_on": DAY,
    },
    companies.Indicator: lambda n: code(n) | {"unit_zh": "家"},
    companies.TargetArea: code,
    companies.TargetAreaMember: lambda n: {"area": some(companies.TargetArea), "zone": some(registry.Zone)},
    companies.Observation: lambda n: {
        "indicator": some(companies.Indicator),
        "area": some(companies.TargetArea),
        "as_of": DAY,
        "value": Decimal("12800"),
    },
    companies.SoftRule: lambda n: code(n) | {"kind": "graduation_ground"},
    companies.Explanation: lambda n: {
        "rule": some(companies.SoftRule),
        "company": some(companies.Company),
        "given_for": str(n),
        "text": "as the contract says",
    },
    companies.Upload: lambda n: {"user": some(User), "file_name": f"sample-{n}.csv", "row_count": 1},
    companies.UploadRow: lambda n: {"upload": some(companies.Upload), "number": n, "verdict": "new"},
    companies.Notice: lambda n: {
        "kind": some(companies.CertificationKind),
        "year": 2024,
        "title": f"公告{n}",
        "file_name": "sample.csv",
        "loaded_by": some(User),
    },
    companies.NoticeLine: lambda n: {"notice": some(companies.Notice), "number": n, "name": f"样本{n}"},
    companies.Target: lambda n: {
        "code": f"sample-{n}",
        "indicator": some(companies.Indicator),
        "area": some(companies.TargetArea),
        "year": 2030,
        "value": Decimal("20000"),
    },
}

# A harmless change of one field, for the models without `name_en`.
CHANGES: dict[type[Entry], Values] = {
    registry.CorridorArea: {"valid_from": DAY},
    registry.Campus: {"source": "changed"},
    registry.CircleSite: {"address": "changed"},
    incubators.IncubatorSeat: {"address": "changed"},
    incubators.Designation: {"document": "changed"},
    incubators.StaffMembership: {"role": "manager"},
    companies.Company: {"website": "https://changed.example"},
    companies.Seat: {"address": "changed"},
    companies.Residency: {"left_on": DAY + datetime.timedelta(days=90)},
    companies.UniversityLink: {"valid_from": DAY},
    companies.AnnualReport: {"jobs": 12},
    companies.Certification: {"issuer": "changed"},
    companies.PilotZoneMember: {"valid_from": DAY},
    companies.Financing: {"reference": "changed"},
    companies.FinancingParty: {"role": "guarantor"},
    companies.FinancingStatusEvent: {"amount": Decimal("12.5")},
    companies.Explanation: {"text": "changed"},
    companies.TargetAreaMember: {"zone_id": lambda: saved(registry.Zone).pk},
    companies.Observation: {"is_lower_bound": True},
    companies.Target: {"document": "changed"},
}


def changed_column(model: type[Entry]) -> str:
    return next(iter(CHANGES.get(model, {"name_en": "changed"})))


def change(model: type[Entry]) -> tuple[str, Any]:
    """A field (by its column) and a new value that differs from the sample's; may save a row to refer to."""
    ((name, value),) = CHANGES.get(model, {"name_en": "changed"}).items()
    return name, value() if callable(value) else value
