"""What public facts are filtered by: three derived tables, written with the states of their firms, and first filled.
States of firms learn which characters the names hold, so they follow names, too.

A change of what is derived needs its own migration, which writes all rows anew: `companies_write_states`.
"""

from typing import Any

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

STATES = """
-- The firm on the day of an event: its one seat and host, and the universities to which it then had a recorded link.
CREATE FUNCTION companies_firm_at_event(firm bigint, day date) RETURNS TABLE (
    is_seated boolean, district_id bigint, reporting_unit_id bigint, incubator_id bigint, universities bigint[])
LANGUAGE sql STABLE AS $$
SELECT s.id IS NOT NULL, s.district_id, s.reporting_unit_id, h.incubator_id,
       ARRAY(SELECT DISTINCT l.university_id FROM public.companies_universitylink l
             WHERE l.company_id = firm AND (l.valid_from IS NULL OR l.valid_from <= day)
               AND (l.valid_until IS NULL OR l.valid_until > day) ORDER BY 1)
FROM (SELECT) nothing
LEFT JOIN public.companies_seat s ON s.company_id = firm AND (s.valid_from IS NULL OR s.valid_from <= day)
    AND (s.valid_until IS NULL OR s.valid_until > day)
LEFT JOIN public.companies_residency h ON h.company_id = firm AND h.entered_on <= day
    AND (h.left_on IS NULL OR h.left_on > day)
$$;

-- What the tables hold of the facts about these firms, in the order of their columns.
CREATE FUNCTION companies_certificationstates_of(firms bigint[]) RETURNS SETOF companies_certificationstate
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
RETURN QUERY
SELECT c.id, c.kind_id, c.technology_field_id, c.issued_on, c.valid_until, c.revoked_from, f.id, e.is_seated,
       e.district_id, e.reporting_unit_id, e.incubator_id, f.hub_id, f.strategic_field_id, f.industry_id,
       e.universities
FROM public.companies_company f
JOIN public.companies_certification c ON c.company_id = f.id
CROSS JOIN LATERAL public.companies_firm_at_event(f.id, c.issued_on) e
WHERE f.id = ANY (firms) AND f.is_published AND f.uscc NOT LIKE '92%';
END $$;

-- An open stay takes the spans of its firm's states, which are written first.
CREATE FUNCTION companies_residencystates_of(firms bigint[]) RETURNS SETOF companies_residencystate
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
RETURN QUERY
SELECT nextval('public.companies_residencystate_id_seq'), r.id, COALESCE(t.valid_from, DATE '0001-01-01'),
       COALESCE(t.valid_until, DATE '9999-12-31'), r.entered_on, r.left_on, f.id, e.is_seated,
       e.district_id, e.reporting_unit_id, r.incubator_id, f.hub_id, f.strategic_field_id, f.industry_id,
       e.universities, r.outcome, r.ground
FROM public.companies_company f
JOIN public.companies_residency r ON r.company_id = f.id
LEFT JOIN public.companies_companystate t ON t.company_id = f.id AND r.left_on IS NULL
CROSS JOIN LATERAL public.companies_firm_at_event(f.id, COALESCE(r.left_on, t.valid_from)) e
WHERE f.id = ANY (firms) AND f.is_published AND f.uscc NOT LIKE '92%';
END $$;

CREATE FUNCTION companies_financingstates_of(firms bigint[]) RETURNS SETOF companies_financingstate
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
RETURN QUERY
SELECT a.id, a.instrument_id, a.pilot_zone_id, a.agreed_on, f.id, e.is_seated,
       e.district_id, e.reporting_unit_id, e.incubator_id, f.hub_id, f.strategic_field_id, f.industry_id,
       e.universities
FROM public.companies_company f
JOIN public.companies_financing a ON a.company_id = f.id AND a.confidentiality = 'published'
CROSS JOIN LATERAL public.companies_firm_at_event(f.id, a.agreed_on) e
WHERE f.id = ANY (firms) AND f.is_published AND f.uscc NOT LIKE '92%';
END $$;

CREATE FUNCTION companies_write_event_states(firms bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM public.companies_certificationstate WHERE company_id = ANY (firms);
    DELETE FROM public.companies_residencystate WHERE company_id = ANY (firms);
    DELETE FROM public.companies_financingstate WHERE company_id = ANY (firms);
    INSERT INTO public.companies_certificationstate SELECT * FROM public.companies_certificationstates_of(firms);
    INSERT INTO public.companies_residencystate SELECT * FROM public.companies_residencystates_of(firms);
    INSERT INTO public.companies_financingstate SELECT * FROM public.companies_financingstates_of(firms);
END $$;

-- `characters` has one of 63 bits for each character that is not of ASCII: names without the bit lack the character.
CREATE OR REPLACE FUNCTION companies_write_states(firms bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM public.companies_companystate WHERE company_id = ANY (firms);
    INSERT INTO public.companies_companystate (
        company_id, valid_from, valid_until, is_seated, district_id, reporting_unit_id, hub_id, strategic_field_id,
        industry_id, established_on, campus_metres, latitude, longitude, incubator_id,
        held_until, marks, characters)
    SELECT s.*, COALESCE((
        SELECT bit_or(1::bigint << (ascii(letter) % 63))
        FROM public.companies_searchtext t, string_to_table(t.written, NULL) letter
        WHERE t.company_id = s.company_id AND ascii(letter) > 127), 0)
    FROM public.companies_states_of(firms) s;
    PERFORM public.companies_write_event_states(firms);
END $$;

-- As 0018 made it, and by the versions of names.
CREATE OR REPLACE FUNCTION companies_firms_of_changeset(changeset bigint) RETURNS bigint[] LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
    RETURN ARRAY(
        SELECT id AS firm FROM history.companies_company WHERE changeset_id BETWEEN changeset AND changeset
        UNION
        SELECT id FROM history.companies_company WHERE closed_by BETWEEN changeset AND changeset
        UNION
        SELECT company_id FROM history.companies_companyname WHERE changeset_id BETWEEN changeset AND changeset
        UNION
        SELECT company_id FROM history.companies_companyname WHERE closed_by BETWEEN changeset AND changeset
        UNION
        SELECT company_id FROM history.companies_seat WHERE changeset_id BETWEEN changeset AND changeset
        UNION
        SELECT company_id FROM history.companies_seat WHERE closed_by BETWEEN changeset AND changeset
        UNION
        SELECT company_id FROM history.companies_residency WHERE changeset_id BETWEEN changeset AND changeset
        UNION
        SELECT company_id FROM history.companies_residency WHERE closed_by BETWEEN changeset AND changeset
        UNION
        SELECT company_id FROM history.companies_certification WHERE changeset_id BETWEEN changeset AND changeset
        UNION
        SELECT company_id FROM history.companies_certification WHERE closed_by BETWEEN changeset AND changeset
        UNION
        SELECT company_id FROM history.companies_universitylink WHERE changeset_id BETWEEN changeset AND changeset
        UNION
        SELECT company_id FROM history.companies_universitylink WHERE closed_by BETWEEN changeset AND changeset
        UNION
        SELECT company_id FROM history.companies_financing WHERE changeset_id BETWEEN changeset AND changeset
        UNION
        SELECT company_id FROM history.companies_financing WHERE closed_by BETWEEN changeset AND changeset
        ORDER BY firm);
END $$;

CREATE OR REPLACE FUNCTION companies_keep_states() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM history.pending WHERE changeset_id = NEW.id AND table_name IN (
                   'companies_company', 'companies_companyname', 'companies_seat', 'companies_residency',
                   'companies_certification', 'companies_universitylink', 'companies_financing')) THEN
        PERFORM public.companies_write_states(public.companies_firms_of_changeset(NEW.id));
    END IF;
    RETURN NULL;
END $$;
"""
STATES_BACK = """
CREATE OR REPLACE FUNCTION companies_write_states(firms bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM public.companies_companystate WHERE company_id = ANY (firms);
    INSERT INTO public.companies_companystate (
        company_id, valid_from, valid_until, is_seated, district_id, reporting_unit_id, hub_id, strategic_field_id,
        industry_id, established_on, campus_metres, latitude, longitude, incubator_id,
        held_until, marks)
    SELECT * FROM public.companies_states_of(firms);
END $$;
DROP FUNCTION companies_write_event_states(bigint[]);
DROP FUNCTION companies_financingstates_of(bigint[]);
DROP FUNCTION companies_residencystates_of(bigint[]);
DROP FUNCTION companies_certificationstates_of(bigint[]);
DROP FUNCTION companies_firm_at_event(bigint, date);
"""
FILL = "SELECT companies_write_states(array_agg(id)) FROM companies_company HAVING count(*) > 0"

UNCHECKED: dict[str, Any] = {
    "db_constraint": False,
    "on_delete": django.db.models.deletion.DO_NOTHING,
    "related_name": "+",
}


def key(to: str, *, null: bool = True) -> Any:
    return models.ForeignKey(to=to, null=null, db_index=False, **UNCHECKED)


def own_key(to: str) -> Any:
    return models.OneToOneField(to=to, primary_key=True, serialize=False, **UNCHECKED)


def of_the_firm() -> list[tuple[str, Any]]:
    return [
        ("company", key("companies.company", null=False)),
        ("is_seated", models.BooleanField(verbose_name="seated in the city")),
        ("district", key("registry.district")),
        ("reporting_unit", key("registry.reportingunit")),
        ("incubator", key("incubators.incubator")),
        ("hub", key("registry.hub")),
        ("strategic_field", key("registry.strategicfield")),
        ("industry", key("registry.industry")),
        (
            "universities",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), size=None, verbose_name="universities"
            ),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0021_notices"),
        ("incubators", "0004_owner_before_period"),
        ("registry", "0006_accounts_and_readings"),
    ]

    operations = [
        # Without a default in the database: FILL writes all rows anew.
        migrations.AddField(
            "companystate", "characters", models.BigIntegerField(default=0, verbose_name="characters of its names")
        ),
        migrations.CreateModel(
            name="CertificationState",
            fields=[
                ("certification", own_key("companies.certification")),
                ("kind", key("companies.certificationkind", null=False)),
                ("technology_field", key("registry.technologyfield")),
                ("issued_on", models.DateField(verbose_name="issued on")),
                ("valid_until", models.DateField(null=True, verbose_name="valid until (excluded)")),
                ("revoked_from", models.DateField(null=True, verbose_name="revoked with effect from")),
                *of_the_firm(),
            ],
            options={
                "verbose_name": "state of a certificate",
                "verbose_name_plural": "states of certificates",
                "indexes": [
                    models.Index(fields=["company"], name="certificationstate_of_company"),
                    models.Index(fields=["district"], name="certificationstate_district"),
                    models.Index(fields=["reporting_unit"], name="certificationstate_unit"),
                    models.Index(fields=["hub"], name="certificationstate_hub"),
                    models.Index(fields=["strategic_field"], name="certificationstate_field"),
                    models.Index(fields=["industry"], name="certificationstate_industry"),
                    models.Index(
                        condition=models.Q(("incubator__isnull", False)),
                        fields=["incubator"],
                        name="certificationstate_incubator",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["universities"], name="certificationstate_links"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ResidencyState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("residency", key("companies.residency", null=False)),
                ("answers_from", models.DateField(verbose_name="for answers about this day and later")),
                ("answers_until", models.DateField(verbose_name="until (excluded)")),
                ("entered_on", models.DateField(verbose_name="entered on")),
                ("left_on", models.DateField(null=True, verbose_name="left on")),
                *of_the_firm(),
                ("outcome", models.CharField(blank=True, max_length=11, verbose_name="outcome")),
                ("ground", models.CharField(blank=True, max_length=18, verbose_name="ground of graduation")),
            ],
            options={
                "verbose_name": "state of a stay",
                "verbose_name_plural": "states of stays",
                "indexes": [models.Index(fields=["company"], name="residencystate_of_company")],
            },
        ),
        migrations.CreateModel(
            name="FinancingState",
            fields=[
                ("financing", own_key("companies.financing")),
                ("instrument", key("companies.financinginstrument", null=False)),
                ("pilot_zone", key("companies.pilotzone")),
                ("agreed_on", models.DateField(verbose_name="agreed on")),
                *of_the_firm(),
            ],
            options={
                "verbose_name": "state of a financing",
                "verbose_name_plural": "states of financings",
                "indexes": [models.Index(fields=["company"], name="financingstate_of_company")],
            },
        ),
        migrations.RunSQL(STATES, STATES_BACK),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
