"""An example of each body, by operation; a test sends them."""

from typing import Any

FIRM, ANOTHER = "91500106MA60DEAA2C", "91500106MA60DEAB07"
REASON = "Reported by the park"
BODIES: dict[str, dict[str, Any]] = {
    "companies_create": {
        "uscc": FIRM,
        "names": [
            {"name_zh": "重庆示例智能科技有限公司", "name_en": "Example Intelligence", "valid_from": "2024-03-01"}
        ],
        "seats": [{"district": "500106", "address": "学城大道1号", "valid_from": "2024-03-01"}],
        "residencies": [{"incubator": "INC-001", "entered_on": "2024-04-01"}],
        "established_on": "2024-03-01",
        "registered_capital": "500",
        "reason": REASON,
    },
    "companies_batch": {
        "atomic": False,
        "items": [
            {
                "op": "create",
                "uscc": ANOTHER,
                "names": [{"name_zh": "重庆范例数字技术有限公司", "valid_from": "2024-03-01"}],
                "residencies": [{"incubator": "INC-001", "entered_on": "2024-04-01"}],
            }
        ],
        "reason": REASON,
    },
    "companies_batch_get": {"uscc": ["91500106M80000026L", "91500106M80000026K"]},
    "companies_uscc_change": {"registered_capital": "800", "reason": REASON},
    "companies_uscc_end": {"dissolved_on": "2026-06-30", "reason": REASON},
    "certifications_create": {
        "company": FIRM,
        "kind": "high_tech",
        "number": "GR202651000001",
        "issued_on": "2026-05-01",
        "reason": REASON,
    },
    "certifications_id_change": {"number": "GR202651000002", "reason": REASON},
    "certifications_id_end": {"revoked_from": "2026-05-01", "revoked_on": "2026-06-30", "reason": REASON},
    "residencies_create": {"company": FIRM, "incubator": "INC-001", "entered_on": "2026-07-01", "reason": REASON},
    "residencies_id_change": {"entered_on": "2024-04-02", "reason": REASON},
    "residencies_id_end": {"left_on": "2026-06-30", "outcome": "graduated", "ground": "revenue", "reason": REASON},
    "financings_create": {
        "company": FIRM,
        "instrument": "KVL",
        "agreed_on": "2026-05-01",
        "agreed_amount": "300",
        "parties": [{"partner": "invented-bank", "role": "lender"}],
        "reason": REASON,
    },
    "financings_id_change": {"drawn_amount": "200", "reason": REASON},
    "financings_id_end": {"status": "repaid", "happened_on": "2026-06-30", "amount": "200", "reason": REASON},
}
