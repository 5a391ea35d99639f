-- How the ledger is kept. Installed after every migrate, after the version tables; every statement can be repeated.
--
--   path(firms)        what the ledger should say of these firms: each turn of each metric, with its reason
--   touched(changeset) the firms, in order of their ids, whose path a change-set may have changed, found by its versions
--   write_entries(...) path minus what the ledger says = new entries; then the sums of the months
--   write(...)         both for one change-set
--   note()             does so when a change-set gets its moment: at commit, under the lock of the clock
--
-- The clock lets one writer in at a time, and each statement here sees what the one before has committed. So two
-- certificates entered at once never count twice, without any lock on firms.
-- Tables of the register are named without a schema: the rebuilding puts past versions under the same names.

CREATE OR REPLACE FUNCTION ledger.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Depth 1 is a statement of a user's own; entries are inserted by a trigger.
    IF TG_OP <> 'INSERT' OR pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'the ledger is append-only (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER refuse_rewriting BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger.entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_rewriting();

-- The days of a firm are cut by its seats and stays (place), kept where the metric's own condition holds (qualified),
-- and joined where nothing changes (spell). A spell's first day is a turn of +1, the day after its last one of -1.
-- 'high-tech-firms/technology-field' counts a firm once in each field of its certificates: groups that overlap.
CREATE OR REPLACE FUNCTION ledger.path(firms bigint[]) RETURNS TABLE (
    metric text, company_id bigint, day date, delta integer, reason text, district_id bigint, reporting_unit_id bigint,
    hub_id bigint, strategic_field_id bigint, technology_field_id bigint, incubator_id bigint)
LANGUAGE sql STABLE AS $$
WITH firm AS (
    SELECT c.id AS company_id, c.hub_id, c.strategic_field_id, c.established_on, c.dissolved_on
    FROM companies_company c
    WHERE c.id = ANY (firms) AND c.is_published AND c.uscc NOT LIKE '92%'
), seat AS (
    SELECT s.company_id, s.district_id, s.reporting_unit_id, s.campus_metres,
           daterange(s.valid_from, s.valid_until) * daterange(f.established_on, f.dissolved_on) AS period
    FROM firm f JOIN companies_seat s USING (company_id)
), seated AS (
    SELECT company_id, range_agg(period) AS days FROM seat GROUP BY company_id
), stay AS (
    SELECT r.company_id, r.incubator_id, r.outcome, r.left_on, daterange(r.entered_on, r.left_on) AS period
    FROM companies_residency r WHERE r.company_id = ANY (firms)
), resident AS (
    SELECT company_id, range_agg(period) AS days FROM stay GROUP BY company_id
), certificate AS (
    SELECT c.company_id, c.technology_field_id, c.valid_until, c.revoked_from,
           daterange(c.issued_on, LEAST(c.valid_until, c.revoked_from)) AS period
    FROM companies_certification c JOIN companies_certificationkind k ON k.id = c.kind_id
    WHERE c.company_id = ANY (firms) AND k.code = 'high_tech'
      AND (c.revoked_from IS NULL OR c.revoked_from > c.issued_on)
), certified AS (
    SELECT company_id, range_agg(period) AS days FROM certificate GROUP BY company_id
), adjacent AS (
    SELECT company_id, range_agg(period) AS days FROM (
        SELECT l.company_id, daterange(l.valid_from, l.valid_until) AS period
        FROM companies_universitylink l WHERE l.company_id = ANY (firms)
        UNION ALL
        SELECT e.company_id, e.period FROM seat e
        WHERE e.campus_metres <= (SELECT adjacency_metres FROM ledger.rule)
    ) ties GROUP BY company_id
), place AS (
    SELECT e.company_id, e.district_id, e.reporting_unit_id, r.incubator_id, datemultirange(e.period * r.period) AS days
    FROM seat e JOIN stay r ON r.company_id = e.company_id AND r.period && e.period
    UNION ALL
    SELECT e.company_id, e.district_id, e.reporting_unit_id, NULL, datemultirange(e.period) - COALESCE(r.days, '{}')
    FROM seat e LEFT JOIN resident r USING (company_id)
), qualified AS (
    SELECT 'firms' AS metric, f.company_id, NULL::bigint AS technology_field_id,
           '{(,)}'::datemultirange AS days, '{(,)}'::datemultirange AS in_any_field FROM firm f
    UNION ALL
    SELECT 'high-tech-firms', company_id, NULL, days, days FROM certified
    UNION ALL
    SELECT 'high-tech-firms/technology-field', company_id, c.technology_field_id, range_agg(c.period), h.days
    FROM certificate c JOIN certified h USING (company_id) GROUP BY company_id, c.technology_field_id, h.days
    UNION ALL
    SELECT 'incubated-firms', company_id, NULL, days, days FROM resident
    UNION ALL
    SELECT 'university-adjacent-firms', company_id, NULL, days, days FROM adjacent
), spell AS (
    SELECT q.metric, q.company_id, q.technology_field_id, q.days AS own, q.in_any_field,
           p.district_id, p.reporting_unit_id, p.incubator_id, unnest(range_agg(p.days * q.days)) AS period
    FROM qualified q JOIN place p USING (company_id)
    GROUP BY q.metric, q.company_id, q.technology_field_id, q.days, q.in_any_field,
             p.district_id, p.reporting_unit_id, p.incubator_id
), turn AS (
    SELECT s.*, t.day, t.delta,
           count(*) OVER same_day = 2 AS goes_on,
           max(s.district_id) FILTER (WHERE t.delta = -1) OVER same_day AS old_district,
           max(s.district_id) FILTER (WHERE t.delta = 1) OVER same_day AS new_district,
           max(s.reporting_unit_id) FILTER (WHERE t.delta = -1) OVER same_day AS old_unit,
           max(s.reporting_unit_id) FILTER (WHERE t.delta = 1) OVER same_day AS new_unit
    FROM spell s CROSS JOIN LATERAL (VALUES (lower(s.period), 1), (upper(s.period), -1)) AS t (day, delta)
    WHERE t.day IS NOT NULL
    WINDOW same_day AS (PARTITION BY s.metric, s.company_id, s.technology_field_id, t.day)
)
SELECT t.metric, t.company_id, t.day, t.delta,
    CASE
        WHEN t.goes_on THEN CASE
            WHEN (t.old_district, t.old_unit) IS NOT DISTINCT FROM (t.new_district, t.new_unit)
                THEN 'incubator_changed'
            WHEN EXISTS (SELECT FROM registry_district d WHERE d.id = t.old_district AND d.valid_until = t.day
                             OR d.id = t.new_district AND d.valid_from = t.day)
              OR EXISTS (SELECT FROM registry_reportingunit u WHERE u.id = t.old_unit AND u.valid_until = t.day
                             OR u.id = t.new_unit AND u.valid_from = t.day)
                THEN 'boundary_change'
            ELSE 'moved_within_city' END
        WHEN t.delta = 1 THEN CASE
            WHEN t.metric LIKE 'high-tech-firms%' AND NOT t.in_any_field @> t.day - 1
                THEN CASE WHEN lower(t.in_any_field) = t.day THEN 'first_certified' ELSE 'renewed_after_gap' END
            WHEN t.metric = 'incubated-firms' AND NOT t.own @> t.day - 1
                THEN CASE WHEN lower(t.own) = t.day THEN 'entered_incubator' ELSE 'entered_incubator_again' END
            WHEN f.established_on = t.day THEN 'established'
            WHEN t.metric IN ('firms', 'university-adjacent-firms') AND f.established_on IS NULL
                AND lower(e.days) = t.day THEN 'first_seated'
            WHEN NOT e.days @> t.day - 1 THEN 'moved_in'
            WHEN t.metric = 'university-adjacent-firms' THEN 'became_adjacent'
            ELSE 'reclassified' END
        ELSE CASE
            WHEN f.dissolved_on = t.day THEN 'dissolved'
            WHEN NOT e.days @> t.day THEN 'moved_out'
            WHEN t.metric = 'university-adjacent-firms' THEN 'no_longer_adjacent'
            WHEN t.metric = 'incubated-firms' THEN CASE
                WHEN EXISTS (SELECT FROM stay r WHERE r.company_id = t.company_id AND r.left_on = t.day
                                 AND r.outcome = 'graduated') THEN 'graduated' ELSE 'left_incubator' END
            WHEN t.in_any_field @> t.day THEN 'reclassified'
            WHEN EXISTS (SELECT FROM certificate c WHERE c.company_id = t.company_id AND c.revoked_from = t.day
                             AND (c.valid_until IS NULL OR c.revoked_from < c.valid_until)) THEN 'revoked'
            ELSE 'expired' END
    END,
    t.district_id, t.reporting_unit_id, f.hub_id, f.strategic_field_id, t.technology_field_id, t.incubator_id
FROM turn t JOIN firm f USING (company_id) JOIN seated e USING (company_id)
$$;

-- A kind of certificate matters when it becomes, or ceases to be, the high-tech one; a district or unit when its first
-- or last day is corrected, by which a move is told from a boundary change.
CREATE OR REPLACE FUNCTION ledger.touched_by_codes(changeset bigint) RETURNS bigint[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    kinds constant bigint[] := ARRAY(
        SELECT id FROM history.companies_certificationkind opened
        JOIN history.companies_certificationkind closed USING (id)
        WHERE opened.changeset_id = changeset AND closed.closed_by = changeset
          AND (opened.code = 'high_tech') <> (closed.code = 'high_tech'));
    districts constant bigint[] := ARRAY(
        SELECT id FROM history.registry_district opened JOIN history.registry_district closed USING (id)
        WHERE opened.changeset_id = changeset AND closed.closed_by = changeset
          AND (opened.valid_from, opened.valid_until) IS DISTINCT FROM (closed.valid_from, closed.valid_until));
    units constant bigint[] := ARRAY(
        SELECT id FROM history.registry_reportingunit opened JOIN history.registry_reportingunit closed USING (id)
        WHERE opened.changeset_id = changeset AND closed.closed_by = changeset
          AND (opened.valid_from, opened.valid_until) IS DISTINCT FROM (closed.valid_from, closed.valid_until));
BEGIN
    IF cardinality(kinds || districts || units) = 0 THEN
        RETURN '{}';
    END IF;
    RETURN ARRAY(
        SELECT company_id FROM companies_certification WHERE kind_id = ANY (kinds)
        UNION SELECT company_id FROM companies_seat WHERE district_id = ANY (districts)
        UNION SELECT company_id FROM companies_seat WHERE reporting_unit_id = ANY (units));
END $$;

-- By the indexes, whatever the planner thinks: a change-set may have written one version or all of them. BETWEEN, since
-- after one great load every change-set looks great to an equality, and a range does not.
CREATE OR REPLACE FUNCTION ledger.touched(changeset bigint) RETURNS bigint[] LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
    RETURN ARRAY(
        SELECT id AS company_id FROM history.companies_company WHERE changeset_id BETWEEN changeset AND changeset
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
        SELECT unnest(ledger.touched_by_codes(changeset))
        ORDER BY company_id);
END $$;

CREATE OR REPLACE FUNCTION ledger.month_end(day date) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT (date_trunc('month', day::timestamp) + interval '1 month' - interval '1 day')::date
$$;

-- One plan for a few firms, kept by the session; another, made for the moment, for many.
CREATE OR REPLACE FUNCTION ledger.write_entries(firms bigint[], changeset bigint, moment timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    planning constant text := current_setting('plan_cache_mode');
    memory   constant text := current_setting('work_mem');
BEGIN
IF cardinality(firms) > 50 THEN
    PERFORM set_config('plan_cache_mode', 'force_custom_plan', true), set_config('work_mem', '128MB', true);
ELSE
    PERFORM set_config('plan_cache_mode', 'force_generic_plan', true);
END IF;
WITH written AS (
    INSERT INTO ledger.entry (metric, company_id, day, delta, reason, district_id, reporting_unit_id, hub_id,
                              strategic_field_id, technology_field_id, incubator_id, changeset_id, recorded_at)
    SELECT metric, company_id, day, sum(delta), reason, district_id, reporting_unit_id, hub_id,
           strategic_field_id, technology_field_id, incubator_id, changeset, moment
    FROM (
        SELECT metric, company_id, day, delta, reason, district_id, reporting_unit_id, hub_id,
               strategic_field_id, technology_field_id, incubator_id FROM ledger.path(firms)
        UNION ALL
        SELECT metric, company_id, day, -delta, reason, district_id, reporting_unit_id, hub_id,
               strategic_field_id, technology_field_id, incubator_id FROM ledger.entry WHERE company_id = ANY (firms)
    ) turns
    GROUP BY metric, company_id, day, reason, district_id, reporting_unit_id, hub_id,
             strategic_field_id, technology_field_id, incubator_id
    HAVING sum(delta) <> 0
    RETURNING *
), by_month AS (
    SELECT metric, ledger.month_end(day) AS last_day, delta, district_id, reporting_unit_id, hub_id,
           strategic_field_id, technology_field_id, incubator_id
    FROM written
), summed AS (
    SELECT metric, last_day, sum(delta) AS delta,
           COALESCE(district_id, reporting_unit_id, hub_id, strategic_field_id, technology_field_id, incubator_id, 0)
               AS key,
           CASE 0 WHEN grouping(district_id) THEN 'district' WHEN grouping(reporting_unit_id) THEN 'reporting_unit'
               WHEN grouping(hub_id) THEN 'hub' WHEN grouping(strategic_field_id) THEN 'strategic_field'
               WHEN grouping(technology_field_id) THEN 'technology_field'
               WHEN grouping(incubator_id) THEN 'incubator' ELSE '' END AS dimension
    FROM by_month GROUP BY metric, last_day, GROUPING SETS ((), district_id, reporting_unit_id, hub_id,
        strategic_field_id, technology_field_id, incubator_id)
), kept AS (
    SELECT metric, dimension, last_day, key, delta FROM summed
    WHERE delta <> 0 AND (dimension = 'technology_field') = (metric = 'high-tech-firms/technology-field')
), months AS (
    INSERT INTO ledger.month AS m (metric, dimension, last_day, key, delta)
    SELECT metric, dimension, last_day, key, delta FROM kept
    ON CONFLICT (metric, dimension, last_day, key) DO UPDATE SET delta = m.delta + EXCLUDED.delta
)
INSERT INTO ledger.year AS y (metric, dimension, last_day, key, delta)
SELECT metric, dimension, make_date(date_part('year', last_day)::integer, 12, 31), key, sum(delta) FROM kept
GROUP BY 1, 2, 3, 4 HAVING sum(delta) <> 0
ON CONFLICT (metric, dimension, last_day, key) DO UPDATE SET delta = y.delta + EXCLUDED.delta;
PERFORM set_config('plan_cache_mode', planning, true), set_config('work_mem', memory, true);
END $$;

CREATE OR REPLACE FUNCTION ledger.write(changeset bigint, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    at_a_time constant integer := 20000;
    firms constant bigint[] := ledger.touched(changeset);
BEGIN
    FOR place IN 1 .. cardinality(firms) BY at_a_time LOOP
        PERFORM ledger.write_entries(firms[place : place + at_a_time - 1], changeset, moment);
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION ledger.note() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM ledger.write(NEW.id, NEW.recorded_at);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ledger_note AFTER UPDATE OF recorded_at ON public.registry_changeset
    FOR EACH ROW WHEN (OLD.recorded_at IS NULL AND NEW.recorded_at IS NOT NULL) EXECUTE FUNCTION ledger.note();
