"""The filters of incubators, universities, targets, released tables and code lists."""

from tests.api.cast import HOSTS
from tests.api.filter_cases import Cases

INCUBATORS: Cases = {
    "open": {
        "open=true": "cast-a;cast-b;cast-c",
        "open=false": "cast-closed",
        "open=any": ";".join(HOSTS),
        "valid_on=2025-12-31": ";".join(HOSTS),
    },
    "kind": {"kind=maker_space": "cast-b", "kind=maker_space,park": "cast-b;cast-c"},
    "incubator_level": {
        "incubator_level=municipal": "cast-a",
        "incubator_level=municipal,national&valid_on=2023-12-31": "cast-a;cast-b",
    },
    "district": {
        "district=500106": "cast-a",
        "district=500106,500101": "cast-a;cast-b",
        "district=500106&valid_on=2021-12-31": "",
    },
    "zone": {"zone=northeast_cluster": "cast-b", "zone=northeast_cluster,central_urban": "cast-a;cast-b"},
    "reporting_unit": {"reporting_unit=cq_hightech_zone": "cast-a", "reporting_unit=500101": "cast-b"},
    "university": {"university=4150010611": "cast-a", "university=4150010617": ""},
}
UNIVERSITIES: Cases = {
    "in_force": {
        "in_force=true": "cast-u1;cast-u2;cast-u3",
        "in_force=false": "cast-closed",
        "valid_on=2019-12-31": "cast-u1;cast-u2;cast-u3;cast-closed",
    },
    "level": {"level=junior_college": "cast-u2", "level=bachelor,junior_college": "cast-u1;cast-u2;cast-u3"},
    "private": {"private=true": "cast-u1", "private=false": "cast-u2;cast-u3"},
    "district": {
        "district=500106": "cast-u1",
        "district=500101,500106": "cast-u1;cast-u2",
        "district=500157&valid_on=2025-11-06": "cast-u3",
        "district=500112&valid_on=2025-11-05": "cast-u3",
    },
    "has_circle": {
        "has_circle=true": "cast-u1",
        "has_circle=false": "cast-u2;cast-u3",
        "has_circle=true&valid_on=2019-12-31": "cast-u1;cast-u3",
    },
}
SOME_TARGETS = ("high-tech-2030", "high-tech-2027-beibei", "national-platforms-2027", "high-tech-2025-all-districts")
TARGETS: Cases = {
    "indicator": {
        "indicator=national_platforms": "national-platforms-2027",
        "indicator=high_tech_firms": "high-tech-2030;high-tech-2027-beibei;high-tech-2025-all-districts",
        "indicator=high_tech_firms,national_platforms": ";".join(SOME_TARGETS),
    },
    "area": {
        "area=beibei": "high-tech-2027-beibei",
        "area=city,beibei": "high-tech-2030;high-tech-2027-beibei;national-platforms-2027",
    },
    "year": {"year=2030": "high-tech-2030", "year=2027": "high-tech-2027-beibei;national-platforms-2027"},
    "superseded": {
        "superseded=true": "high-tech-2025-all-districts",
        "superseded=false": "high-tech-2030;high-tech-2027-beibei;national-platforms-2027",
    },
}
TABLES_OF_FINANCINGS: Cases = {"year": {"year=2024": "2024", "year=2025": "2025", "year=2026": ""}}
DISTRICTS = ("500106", "500112", "500157")
CODE_LISTS: Cases = {
    "in_force": {
        "in_force=true": "500106;500157",
        "in_force=false": "500112",
        "in_force=true&valid_on=2025-11-05": "500106;500112",
        "in_force=false&valid_on=2025-11-05": "500157",
        "valid_on=2025-11-06": "500106;500157",
    }
}
