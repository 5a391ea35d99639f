"""What each public firm is filtered by, on the days from 2026-01-01 on: a derived table, its trigger, its first rows.

A change of what is derived needs its own migration, which writes all rows anew: `companies_write_states`.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

STATES = """
CREATE FUNCTION companies_states_from() RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT DATE '2026-01-01' $$;

CREATE FUNCTION companies_mark(facet integer, code bigint DEFAULT 0, other bigint DEFAULT 0) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT (facet::bigint << 48) | (code << 24) | other $$;

CREATE FUNCTION companies_basis_number(basis text) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT ('x' || left(md5(basis), 6))::bit(24)::integer::bigint $$;

-- Every day on which something of the firm begins or ends begins a state.
CREATE FUNCTION companies_states_of(firms bigint[]) RETURNS TABLE (
    company_id bigint, valid_from date, valid_until date, is_seated boolean, district_id bigint,
    reporting_unit_id bigint, hub_id bigint, strategic_field_id bigint, industry_id bigint, established_on date,
    campus_metres integer, latitude numeric, longitude numeric, incubator_id bigint, held_until date,
    marks bigint[])
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
RETURN QUERY
WITH firm AS (
    SELECT * FROM public.companies_company WHERE id = ANY (firms) AND is_published AND uscc NOT LIKE '92%'
), turn AS (
    SELECT id AS company_id, day FROM firm, unnest(ARRAY[established_on, dissolved_on]) AS day
    UNION
    SELECT s.company_id, day FROM public.companies_seat s, unnest(ARRAY[s.valid_from, s.valid_until]) AS day
    WHERE s.company_id = ANY (firms)
    UNION
    SELECT r.company_id, day FROM public.companies_residency r, unnest(ARRAY[r.entered_on, r.left_on]) AS day
    WHERE r.company_id = ANY (firms)
    UNION
    SELECT c.company_id, day
    FROM public.companies_certification c, unnest(ARRAY[c.issued_on, c.valid_until, c.revoked_from]) AS day
    WHERE c.company_id = ANY (firms)
    UNION
    SELECT l.company_id, day FROM public.companies_universitylink l, unnest(ARRAY[l.valid_from, l.valid_until]) AS day
    WHERE l.company_id = ANY (firms)
    UNION
    SELECT f.company_id, f.agreed_on FROM public.companies_financing f
    WHERE f.company_id = ANY (firms) AND f.confidentiality = 'published'
), span AS (
    SELECT company_id, day, lead(day, 1, DATE '9999-12-31') OVER (PARTITION BY company_id ORDER BY day) AS until
    FROM (SELECT company_id, day FROM turn WHERE day > public.companies_states_from()
          UNION ALL SELECT id, public.companies_states_from() FROM firm) days
)
SELECT f.id, t.day, t.until,
       s.id IS NOT NULL AND (f.established_on IS NULL OR f.established_on <= t.day)
           AND (f.dissolved_on IS NULL OR f.dissolved_on > t.day),
       s.district_id, s.reporting_unit_id, f.hub_id, f.strategic_field_id, f.industry_id, f.established_on,
       s.campus_metres, s.latitude, s.longitude, r.incubator_id,
       (SELECT max(LEAST(COALESCE(c.valid_until, DATE '9999-12-31'), COALESCE(c.revoked_from, DATE '9999-12-31')))
        FROM public.companies_certification c
        WHERE c.company_id = f.id AND c.issued_on <= t.day AND (c.valid_until IS NULL OR c.valid_until > t.day)
          AND (c.revoked_from IS NULL OR c.revoked_from > t.day)),
       ARRAY(
           SELECT unnest(CASE WHEN (c.valid_until IS NULL OR c.valid_until > t.day)
                               AND (c.revoked_from IS NULL OR c.revoked_from > t.day)
                         THEN ARRAY[public.companies_mark(12), public.companies_mark(1, c.kind_id),
                                    public.companies_mark(2, COALESCE(c.technology_field_id, 0)),
                                    public.companies_mark(3, c.kind_id, COALESCE(c.technology_field_id, 0)),
                                    public.companies_mark(4, c.kind_id)]
                         ELSE ARRAY[public.companies_mark(4, c.kind_id)] END)
           FROM public.companies_certification c WHERE c.company_id = f.id AND c.issued_on <= t.day
           UNION
           SELECT unnest(ARRAY[public.companies_mark(8), public.companies_mark(5, l.university_id),
                               public.companies_mark(6, public.companies_basis_number(l.basis)),
                               public.companies_mark(7, l.university_id, public.companies_basis_number(l.basis))])
           FROM public.companies_universitylink l
           WHERE l.company_id = f.id AND (l.valid_from IS NULL OR l.valid_from <= t.day)
             AND (l.valid_until IS NULL OR l.valid_until > t.day)
           UNION
           SELECT public.companies_mark(9) FROM public.companies_residency g
           WHERE g.company_id = f.id AND g.outcome = 'graduated' AND g.left_on <= t.day
           UNION
           SELECT unnest(ARRAY[public.companies_mark(10), public.companies_mark(11, a.instrument_id)])
           FROM public.companies_financing a
           WHERE a.company_id = f.id AND a.confidentiality = 'published' AND a.agreed_on <= t.day
           ORDER BY 1)
FROM span t JOIN firm f ON f.id = t.company_id
LEFT JOIN public.companies_seat s ON s.company_id = f.id AND s.valid_from <= t.day
    AND (s.valid_until IS NULL OR s.valid_until > t.day)
LEFT JOIN public.companies_residency r ON r.company_id = f.id AND r.entered_on <= t.day
    AND (r.left_on IS NULL OR r.left_on > t.day);
END $$;

CREATE FUNCTION companies_write_states(firms bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM public.companies_companystate WHERE company_id = ANY (firms);
    INSERT INTO public.companies_companystate (
        company_id, valid_from, valid_until, is_seated, district_id, reporting_unit_id, hub_id, strategic_field_id,
        industry_id, established_on, campus_metres, latitude, longitude, incubator_id,
        held_until, marks)
    SELECT * FROM public.companies_states_of(firms);
END $$;

-- The firms whose versions a change-set wrote or ended. By the indexes, and BETWEEN: after one great load every change-set
-- looks great to an equality. Written for late binding: in a new database the versions' tables come after the migrations.
CREATE FUNCTION companies_firms_of_changeset(changeset bigint) RETURNS bigint[] LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
    RETURN ARRAY(
        SELECT id AS firm FROM history.companies_company WHERE changeset_id BETWEEN changeset AND changeset
        UNION
        SELECT id FROM history.companies_company WHERE closed_by BETWEEN changeset AND changeset
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

-- At commit, under the clock: one writer at a time, and each sees what the one before has committed.
CREATE FUNCTION companies_keep_states() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM history.pending WHERE changeset_id = NEW.id AND table_name IN (
                   'companies_company', 'companies_seat', 'companies_residency', 'companies_certification',
                   'companies_universitylink', 'companies_financing')) THEN
        PERFORM public.companies_write_states(public.companies_firms_of_changeset(NEW.id));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER companies_states AFTER UPDATE OF recorded_at ON registry_changeset
    FOR EACH ROW WHEN (OLD.recorded_at IS NULL AND NEW.recorded_at IS NOT NULL)
    EXECUTE FUNCTION companies_keep_states();

ALTER TABLE companies_companystate ADD CONSTRAINT companies_companystate_company_id_cascade
    FOREIGN KEY (company_id) REFERENCES companies_company (id) ON DELETE CASCADE;
"""
STATES_BACK = """
DROP TRIGGER companies_states ON registry_changeset;
DROP FUNCTION companies_keep_states();
DROP FUNCTION companies_firms_of_changeset(bigint);
DROP FUNCTION companies_write_states(bigint[]);
DROP FUNCTION companies_states_of(bigint[]);
DROP FUNCTION companies_basis_number(text);
DROP FUNCTION companies_mark(integer, bigint, bigint);
DROP FUNCTION companies_states_from();
"""
FILL = "SELECT companies_write_states(array_agg(id)) FROM companies_company HAVING count(*) > 0"


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0017_invented_index"),
        ("incubators", "0004_owner_before_period"),
        ("registry", "0005_faster_distance"),
    ]

    operations = [
        migrations.CreateModel(
            name="CompanyState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="companies.company",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="from")),
                ("valid_until", models.DateField(verbose_name="until (excluded)")),
                ("is_seated", models.BooleanField(verbose_name="existing, and seated in the city")),
                (
                    "district",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registry.district",
                    ),
                ),
                (
                    "reporting_unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registry.reportingunit",
                    ),
                ),
                (
                    "hub",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registry.hub",
                    ),
                ),
                (
                    "strategic_field",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registry.strategicfield",
                    ),
                ),
                (
                    "industry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registry.industry",
                    ),
                ),
                ("established_on", models.DateField(null=True, verbose_name="established on")),
                ("campus_metres", models.PositiveIntegerField(null=True, verbose_name="metres to the nearest campus")),
                ("latitude", models.DecimalField(decimal_places=5, max_digits=8, null=True, verbose_name="latitude")),
                ("longitude", models.DecimalField(decimal_places=5, max_digits=8, null=True, verbose_name="longitude")),
                (
                    "incubator",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incubators.incubator",
                    ),
                ),
                ("held_until", models.DateField(null=True, verbose_name="certified until (excluded)")),
                (
                    "marks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="marks"
                    ),
                ),
            ],
            options={
                "verbose_name": "state of a firm",
                "verbose_name_plural": "states of firms",
                "indexes": [
                    models.Index(fields=["company", "valid_until"], name="companystate_of_company"),
                    models.Index(fields=["district"], name="companystate_district"),
                    models.Index(fields=["reporting_unit"], name="companystate_unit"),
                    models.Index(fields=["hub"], name="companystate_hub"),
                    models.Index(fields=["strategic_field"], name="companystate_field"),
                    models.Index(fields=["industry"], name="companystate_industry"),
                    models.Index(fields=["established_on"], name="companystate_established"),
                    models.Index(fields=["latitude", "longitude"], name="companystate_position"),
                    models.Index(
                        condition=models.Q(("campus_metres__isnull", False)),
                        fields=["campus_metres"],
                        name="companystate_campus",
                    ),
                    models.Index(
                        condition=models.Q(("incubator__isnull", False)),
                        fields=["incubator"],
                        name="companystate_incubator",
                    ),
                    models.Index(
                        condition=models.Q(("is_seated", False)), fields=["valid_from"], name="companystate_elsewhere"
                    ),
                    models.Index(
                        condition=models.Q(("held_until__isnull", False)),
                        fields=["held_until"],
                        name="companystate_held",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["marks"], name="companystate_marks"
                    ),
                ],
            },
        ),
        migrations.RunSQL(STATES, STATES_BACK),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
