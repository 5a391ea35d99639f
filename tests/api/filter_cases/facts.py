"""The filters of what happened to firms: certificates, stays, financings."""

from tests.api.cast import CERTIFICATES, CODES
from tests.api.filter_cases import Cases

CERTIFICATIONS: Cases = {
    "company": {f"company={CODES['fir']}": "fir-ht;fir-sme"},
    "seated": {
        "seated=true": "alder-ht;birch-old;birch-sme;fir-ht;fir-sme;elm-revoked;cedar-later",
        "seated=false": "dogwood-ht",
        "seated=any": ";".join(CERTIFICATES),
    },
    "kind": {
        "kind=technology_sme": "birch-sme;fir-sme",
        "kind=high_tech": "alder-ht;birch-old;fir-ht;elm-revoked",
        "kind=technology_sme,innovative_sme": "birch-sme;fir-sme;cedar-later",
    },
    "technology_field": {
        "technology_field=2": "birch-old;fir-ht",
        "technology_field=1,2": "alder-ht;birch-old;fir-ht;fir-sme;elm-revoked",
    },
    "district": {"district=500106": "alder-ht", "district=500106,500107": "alder-ht;birch-old;birch-sme"},
    "reporting_unit": {"reporting_unit=cq_hightech_zone": "alder-ht", "reporting_unit=500107": "birch-old;birch-sme"},
    "zone": {
        "zone=northeast_cluster": "fir-ht;fir-sme;elm-revoked",
        "zone=central_urban": "alder-ht;birch-old;birch-sme",
    },
    "hub": {"hub=H1": "alder-ht", "hub=H1,H2": "alder-ht;birch-old;birch-sme"},
    "strategic_field": {
        "strategic_field=F07": "birch-old;birch-sme",
        "strategic_field=F07,F01": "alder-ht;birch-old;birch-sme",
    },
    "corridor": {
        "corridor=cast-first": "alder-ht;birch-old",
        "corridor=cast-second,cast-first": "alder-ht;birch-old;fir-ht;fir-sme;elm-revoked",
    },
    "industry": {"industry=cast-industry": "alder-ht;cedar-later"},
    "incubator": {"incubator=cast-b": "elm-revoked", "incubator=cast-a,cast-b": "alder-ht;elm-revoked"},
    "incubator_level": {"incubator_level=national": "", "incubator_level=municipal,national": "alder-ht"},
    "university": {
        "university=4150010611": "alder-ht;cedar-later",
        "university=4150010617": "birch-old",
        "university=4150010617,4150010611": "alder-ht;birch-old;cedar-later",
    },
    "number": {"number=fir-ht": "fir-ht", "number=fir": "", "number=fir-ht,fir-sme": ""},
    "issued_from": {
        "issued_from=2024-05-01": "alder-ht;birch-sme;fir-sme;cedar-later",
        "issued_from=2026-01-01": "fir-sme;cedar-later",
    },
    "issued_to": {"issued_to=2024-01-01": "birch-old;fir-ht;elm-revoked", "issued_to=2023-12-31": "birch-old;fir-ht"},
    "valid": {
        "valid=true": "alder-ht;birch-sme;fir-ht;fir-sme",
        "valid=false": "birch-old;elm-revoked;cedar-later",
        "valid=true&valid_on=2024-12-31": "alder-ht;fir-ht;elm-revoked",
    },
    "revoked": {
        "revoked=true": "elm-revoked",
        "revoked=false": "alder-ht;birch-old;birch-sme;fir-ht;fir-sme;cedar-later",
        "revoked=true&valid_on=2024-12-31": "",
    },
}
# Left on: birch 2025-05-01, elm 2024-06-01, fir 2023-01-01; alder and gum are there still.
RESIDENCIES: Cases = {
    "district": {
        "district=500106,500107": "alder;birch",
        "district=500101": "elm;fir",
        "district=500109": "gum",
    },
    "reporting_unit": {"reporting_unit=cq_hightech_zone": "alder", "reporting_unit=500107": "birch"},
    "zone": {"zone=northeast_cluster": "elm;fir", "zone=central_urban": "alder;birch;gum"},
    "corridor": {
        "corridor=cast-first": "alder",
        "corridor=cast-first,cast-second": "alder;elm;fir",
    },
    "hub": {"hub=H1": "alder", "hub=H1,H2": "alder;birch"},
    "strategic_field": {"strategic_field=F07": "birch"},
    "industry": {"industry=cast-industry": "alder"},
    "incubator_level": {
        "incubator_level=municipal": "alder;fir",
        "incubator_level=national": "",
        "incubator_level=national&valid_on=2023-06-01": "gum",  # not there yet, so that the day asked for counts
    },
    "university": {
        "university=4150010611": "alder",
        "university=4150010617": "",
        "university=4150010635,4150010611": "alder",
    },
    "company": {f"company={CODES['fir']}": "fir"},
    "incubator": {
        "incubator=cast-a": "alder;fir",
        "incubator=cast-a,cast-b": "alder;birch;elm;fir;gum",
        "incubator=cast-c": "",
    },
    "resident": {
        "resident=true": "alder;gum",
        "resident=false": "birch;elm;fir",
        "resident=true&valid_on=2025-04-30": "alder;birch",
    },
    "outcome": {"outcome=graduated": "birch", "outcome=graduated,left": "birch;fir", "outcome=transferred": ""},
    "ground": {"ground=revenue": "birch", "ground=revenue,equity": "birch", "ground=equity": ""},
    "entered_from": {"entered_from=2024-01-01": "alder;elm;gum", "entered_from=2024-01-02": "alder;gum"},
    "entered_to": {"entered_to=2023-01-01": "birch;fir", "entered_to=2022-12-31": "fir"},
    "left_from": {"left_from=2024-06-01": "birch;elm", "left_from=2024-06-02": "birch"},
    "left_to": {"left_to=2024-06-01": "elm;fir", "left_to=2024-05-31": "fir"},
}
FINANCINGS: Cases = {
    "company": {f"company={CODES['cedar']}": "cedar", f"company={CODES['birch']}": ""},
    "instrument": {
        "instrument=KVL": "alder",
        "instrument=KVL,BVL": "alder;cedar",
        "instrument=KVL&valid_on=2026-12-01": "alder;fir",
    },
    "pilot_zone": {"pilot_zone=cq_tech_finance_pilot": "alder"},
    "partner": {"partner=cast-bank": "alder", "partner=cast-bank,cast-fund": "alder;cedar"},
    "district": {"district=500106": "alder", "district=500101,500107": ""},
    "reporting_unit": {"reporting_unit=cq_hightech_zone": "alder"},
    "zone": {
        "zone=central_urban": "alder",
        "zone=northeast_cluster": "",
        "zone=northeast_cluster&valid_on=2026-12-01": "fir",
    },
    "corridor": {"corridor=cast-first": "alder", "corridor=cast-second&valid_on=2026-12-01": "fir"},
    "hub": {"hub=H1": "alder", "hub=H2": ""},
    "strategic_field": {"strategic_field=F01,F07": "alder"},
    "industry": {"industry=cast-industry": "alder;cedar", "industry=cast-industry&hub=H1": "alder"},
    "incubator": {"incubator=cast-a": "alder", "incubator=cast-b": ""},
    "incubator_level": {"incubator_level=municipal": "alder", "incubator_level=national": ""},
    "university": {"university=4150010611": "alder;cedar", "university=4150010635": "cedar"},
    "agreed_from": {"agreed_from=2025-01-10": "alder", "agreed_from=2025-01-11": ""},
    "agreed_to": {"agreed_to=2024-01-10": "cedar", "agreed_to=2024-01-09": ""},
}
