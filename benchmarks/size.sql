-- Synthetic firms and their facts. Settings: bench.firms (their number), bench.day (the day that it is).
-- Chance is a hash of the row's number and a salt, so that the same size gives the same rows.

CREATE FUNCTION pg_temp.chance(number bigint, salt bigint) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
    SELECT (hashint8extended(number, salt) & 2147483647)::float8 / 2147483648.0
$$;
-- One of a list, the first far more often than the last: `lean` 1 is even.
CREATE FUNCTION pg_temp.pick(list bigint[], number bigint, salt bigint, lean float8) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT list[1 + floor(cardinality(list) * power(pg_temp.chance(number, salt), lean))::int]
$$;
CREATE FUNCTION pg_temp.today() RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT current_setting('bench.day')::date $$;

-- GB 11714 and GB 32100, as registry_is_credit_code checks them: letters count by their place.
CREATE FUNCTION pg_temp.complete(first_eight text, body text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    signs   constant text := '0123456789ABCDEFGHJKLMNPQRTUWXY';
    letters constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
    weights constant int[] := ARRAY[3, 7, 9, 10, 5, 8, 4, 2];
    total int := 0; power int := 1; code text;
BEGIN
    FOR i IN 1..8 LOOP
        total := total + weights[i] * (strpos(letters, substr(body, i, 1)) - 1);
    END LOOP;
    code := first_eight || body || substr('0123456789X0', 12 - total % 11, 1);
    total := 0;
    FOR i IN 1..17 LOOP
        total := total + (strpos(signs, substr(code, i, 1)) - 1) * power;
        power := power * 3 % 31;
    END LOOP;
    RETURN code || substr(signs, (31 - total % 31) % 31 + 1, 1);
END $$;

-- [hosts and partners]
INSERT INTO incubators_incubator (version, code, name_zh, name_en, name_it, mark, source, kind_id, university_id,
    operator, contact_name, contact_phone, internal_notes, is_invented, valid_from)
SELECT 1, 'BENCH-' || lpad(n::text, 3, '0'), '测试孵化器' || n, '', '', 'U', '',
    pg_temp.pick((SELECT array_agg(id ORDER BY id) FROM incubators_incubatorkind), n, 1, 1.5),
    CASE WHEN n % 5 = 0 THEN pg_temp.pick((SELECT array_agg(id ORDER BY id) FROM registry_university), n, 2, 2) END,
    '', '', '', '', true, date '2005-01-01' + n::int * 30
FROM generate_series((SELECT count(*) + 1 FROM incubators_incubator), 200) n;

INSERT INTO incubators_incubatorseat (version, incubator_id, district_id, reporting_unit_id, address, valid_from)
SELECT 1, i.id, d.id, (SELECT min(id) FROM registry_reportingunit u WHERE u.district_id = d.id AND valid_until IS NULL),
    '', i.valid_from
FROM incubators_incubator i
JOIN registry_district d ON d.id = pg_temp.pick(
    (SELECT array_agg(id ORDER BY code) FROM registry_district WHERE valid_until IS NULL AND valid_from < '2005-01-01'),
    i.id, 3, 2)
WHERE i.code LIKE 'BENCH-%';

INSERT INTO incubators_designation (version, incubator_id, level_id, valid_from, document)
SELECT 1, id, pg_temp.pick((SELECT array_agg(id ORDER BY id) FROM incubators_incubatorlevel), id, 4, 0.7), valid_from + 400, ''
FROM incubators_incubator WHERE code LIKE 'BENCH-%' AND pg_temp.chance(id, 5) < 0.6;

INSERT INTO registry_partner (version, code, name_zh, name_en, name_it, mark, source, kind, uscc)
SELECT 1, 'bench-' || n, '测试伙伴' || n, '', '', 'U', '', (ARRAY['bank', 'guarantor', 'insurer', 'fund'])[1 + n % 4], ''
FROM generate_series(1, 30) n;

-- [firms]
INSERT INTO companies_company (id, version, uscc, industry_id, hub_id, strategic_field_id, established_on, dissolved_on,
    registered_capital, website, contact_name, contact_phone, contact_email, internal_notes, is_published, is_invented)
SELECT n, 1,
    pg_temp.complete(
        CASE WHEN pg_temp.chance(n, 10) < 0.01 THEN '92' ELSE '91' END || (500101 + n % 20)::text,
        'Q' || lpad((n * 4567891 % 10000000)::text, 7, '0')),
    CASE WHEN pg_temp.chance(n, 11) < 0.9 THEN pg_temp.pick(industries, n, 12, 2) END,
    COALESCE(f.hub_id, CASE WHEN pg_temp.chance(n, 13) < 0.3 THEN pg_temp.pick(hubs, n, 14, 1.5) END),
    f.id,
    CASE WHEN pg_temp.chance(n, 15) < 0.99 THEN begun END,
    CASE WHEN pg_temp.chance(n, 16) < 0.08
        THEN begun + 1 + floor(pg_temp.chance(n, 17) * (pg_temp.today() - begun))::int END,
    CASE WHEN pg_temp.chance(n, 18) < 0.95 THEN round((10 * exp(6 * pg_temp.chance(n, 19)))::numeric, 4) END,
    CASE WHEN pg_temp.chance(n, 20) < 0.2 THEN 'https://firm' || n || '.example' ELSE '' END,
    '', '', '', '', pg_temp.chance(n, 21) > 0.02, true
FROM (SELECT array_agg(id ORDER BY code) AS industries FROM registry_industry) i,
    (SELECT array_agg(id ORDER BY code) AS hubs FROM registry_hub) h,
    generate_series(1, current_setting('bench.firms')::bigint) n
LEFT JOIN registry_strategicfield f ON pg_temp.chance(n, 22) < 0.7 AND f.id = pg_temp.pick(
    (SELECT array_agg(id ORDER BY code) FROM registry_strategicfield), n, 23, 2.5),
    LATERAL (SELECT pg_temp.today() - 40 - floor(10500 * power(pg_temp.chance(n, 24), 1.7))::int AS begun) b;

INSERT INTO companies_companychange (company_id, updated_at)
SELECT id, pg_temp.today() - interval '1 day' * 700 * power(pg_temp.chance(id, 30), 3) FROM companies_company;

-- [seats]
-- Every seat lies in a district of today; before it came to be, in the one that it came out of.
CREATE TEMP TABLE place AS
SELECT d.id AS district_id, d.valid_from AS begun, u.id AS unit_id, before.id AS before_id, old_unit.id AS before_unit_id
FROM registry_district d
LEFT JOIN LATERAL (SELECT id FROM registry_reportingunit
    WHERE district_id = d.id AND valid_until IS NULL ORDER BY id LIMIT 1) u ON true
LEFT JOIN LATERAL (SELECT id FROM registry_district
    WHERE successor_id = d.id AND valid_until = d.valid_from ORDER BY id LIMIT 1) before ON true
LEFT JOIN LATERAL (SELECT id FROM registry_reportingunit
    WHERE district_id = before.id ORDER BY id LIMIT 1) old_unit ON true
WHERE d.valid_until IS NULL;

CREATE TEMP TABLE stay AS
SELECT n, company_id, district_id, valid_from, valid_until,
    latitude, longitude
FROM (
    SELECT c.id AS company_id, 2 * c.id AS n, pg_temp.pick(districts, c.id, 40, 2) AS district_id,
        begun AS valid_from,
        CASE WHEN moved < pg_temp.today() THEN moved END AS valid_until,
        campus.latitude + ((pg_temp.chance(c.id, 42) - 0.5) * spread)::numeric AS latitude,
        campus.longitude + ((pg_temp.chance(c.id, 43) - 0.5) * spread)::numeric AS longitude
    FROM companies_company c
        CROSS JOIN (SELECT array_agg(d.id ORDER BY z.code <> 'central_urban', d.code) AS districts
         FROM registry_district d JOIN registry_zone z ON z.id = d.zone_id WHERE d.valid_until IS NULL) p
        CROSS JOIN LATERAL (SELECT COALESCE(c.established_on, date '2015-01-01') + (pg_temp.chance(c.id, 44) < 0.02)::int * 500 AS begun) b
        CROSS JOIN LATERAL (SELECT CASE WHEN pg_temp.chance(c.id, 45) < 0.07 THEN begun + 400 + floor(pg_temp.chance(c.id, 46) * 3000)::int
            END AS moved) m
        CROSS JOIN LATERAL (SELECT CASE WHEN pg_temp.chance(c.id, 47) < 0.7 THEN 0.4 ELSE 3 END AS spread) s
        LEFT JOIN registry_campus campus ON pg_temp.chance(c.id, 48) < 0.9 AND campus.id = pg_temp.pick(
            (SELECT array_agg(id ORDER BY id) FROM registry_campus WHERE latitude IS NOT NULL), c.id, 49, 1)
    WHERE pg_temp.chance(c.id, 50) < 0.98 AND begun < pg_temp.today()
) first;
-- Who moved sits elsewhere in the city, or outside it.
INSERT INTO stay
SELECT n + 1, company_id, pg_temp.pick((SELECT array_agg(district_id ORDER BY district_id) FROM place), n, 51, 1),
    valid_until, NULL, latitude, longitude
FROM stay WHERE valid_until IS NOT NULL AND pg_temp.chance(n, 52) < 0.8;

INSERT INTO companies_seat (version, company_id, district_id, reporting_unit_id, address, valid_from, valid_until,
    moved_from_id, moved_to_id, latitude, longitude, campus_metres)
SELECT 1, s.company_id, part.district_id, part.unit_id, '测试路' || s.n || '号', part.valid_from, part.valid_until,
    NULL, NULL, round(s.latitude, 5), round(s.longitude, 5),
    companies_campus_metres(round(s.latitude, 5), round(s.longitude, 5))
FROM stay s JOIN place p USING (district_id), LATERAL (
    SELECT p.district_id, p.unit_id, s.valid_from, s.valid_until WHERE s.valid_from >= p.begun OR p.before_id IS NULL
    UNION ALL
    SELECT p.before_id, p.before_unit_id, s.valid_from, LEAST(s.valid_until, p.begun)
    WHERE s.valid_from < p.begun AND p.before_id IS NOT NULL
    UNION ALL
    SELECT p.district_id, p.unit_id, p.begun, s.valid_until
    WHERE s.valid_from < p.begun AND p.before_id IS NOT NULL AND (s.valid_until IS NULL OR s.valid_until > p.begun)
) part
ORDER BY s.n;

-- [residencies]
INSERT INTO companies_residency (version, company_id, incubator_id, entered_on, left_on, outcome, ground)
SELECT 1, id, incubator_id, entered_on, left_on,
    CASE WHEN left_on IS NULL THEN '' ELSE outcome END,
    CASE WHEN left_on IS NOT NULL AND outcome = 'graduated'
        THEN (ARRAY['certificate', 'certificate', 'revenue', 'equity', 'acquired_or_listed'])[1 + id % 5] ELSE '' END
FROM (
    SELECT c.id, pg_temp.pick((SELECT array_agg(id ORDER BY id) FROM incubators_incubator), c.id, 60, 2) AS incubator_id,
        entered_on, CASE WHEN left_on < pg_temp.today() THEN left_on END AS left_on,
        CASE WHEN pg_temp.chance(c.id, 61) < 0.45 THEN 'graduated' WHEN pg_temp.chance(c.id, 61) < 0.85 THEN 'left'
            WHEN pg_temp.chance(c.id, 61) < 0.95 THEN 'closed' ELSE 'transferred' END AS outcome
    FROM companies_company c,
        LATERAL (SELECT COALESCE(c.established_on, date '2015-01-01') + floor(pg_temp.chance(c.id, 62) * 700)::int AS entered_on) e,
        LATERAL (SELECT CASE WHEN pg_temp.chance(c.id, 63) < 0.8
            THEN entered_on + 300 + floor(pg_temp.chance(c.id, 64) * 1500)::int END AS left_on) l
    WHERE pg_temp.chance(c.id, 65) < 0.25 AND entered_on < pg_temp.today()
) stays;

-- [certificates]
-- Shares of the kinds, the length of their chains and the days between; the last kinds are rare.
CREATE TEMP TABLE kind AS
SELECT id, code, row_number() OVER (ORDER BY id) AS number,
    CASE code WHEN 'high_tech' THEN 0.2 WHEN 'technology_sme' THEN 0.25 WHEN 'innovative_sme' THEN 0.08
        WHEN 'specialised_sme' THEN 0.02 ELSE 0.0005 END AS share,
    CASE code WHEN 'technology_sme' THEN 5 ELSE 4 END AS most,
    CASE code WHEN 'technology_sme' THEN 365 ELSE 1096 END AS pace
FROM companies_certificationkind;

INSERT INTO companies_certification (id, version, company_id, kind_id, number, technology_field_id, issued_on, valid_until,
    revoked_from, revoked_on, revocation_reason, predecessor_id, issuer)
SELECT row_number() OVER w, 1, company_id, kind_id,
    CASE WHEN code = 'high_tech' THEN 'GR' ELSE 'B' END || extract(year FROM issued_on)::int
        || lpad((row_number() OVER w)::text, 8, '0'),
    CASE WHEN pg_temp.chance(company_id, 70) < 0.95
        THEN pg_temp.pick((SELECT array_agg(id ORDER BY code) FROM registry_technologyfield), company_id, 71, 2) END,
    issued_on, valid_until,
    CASE WHEN is_revoked THEN issued_on + 90 END, CASE WHEN is_revoked THEN issued_on + 200 END,
    CASE WHEN is_revoked THEN '测试' ELSE '' END,
    CASE WHEN lag(company_id) OVER w = company_id AND lag(kind_id) OVER w = kind_id THEN row_number() OVER w - 1 END, ''
FROM (
    SELECT c.id AS company_id, k.id AS kind_id, k.code, issued_on,
        CASE WHEN k.code = 'technology_sme' THEN make_date(extract(year FROM issued_on)::int + 1, 4, 1)
            ELSE (issued_on + interval '3 years')::date END AS valid_until,
        pg_temp.chance(c.id * 16 + k.number, 72 + n) < 0.01 AND issued_on + 200 < pg_temp.today() AS is_revoked
    FROM kind k, companies_company c,
        LATERAL (SELECT GREATEST(COALESCE(c.established_on, date '2015-01-01') + 300, date '2008-06-01')
            + floor(pg_temp.chance(c.id, 80 + k.number) * 2500)::int AS first_day) f,
        generate_series(0, floor(power(pg_temp.chance(c.id, 100 + k.number), 1.5) * k.most)::int) n,
        LATERAL (SELECT first_day + n * k.pace AS issued_on) i
    WHERE pg_temp.chance(c.id, 120 + k.number) < k.share AND issued_on <= pg_temp.today()
) held
WINDOW w AS (ORDER BY company_id, kind_id, issued_on);

-- [links and financings]
INSERT INTO companies_universitylink (version, company_id, university_id, basis, valid_from, valid_until)
SELECT 1, id, pg_temp.pick((SELECT array_agg(id ORDER BY code) FROM registry_university), id, 140, 2.5),
    (ARRAY['spin_off', 'founded_by_staff', 'founded_by_students', 'founded_by_alumni', 'licence', 'science_park'])[1 + id % 6],
    established_on, CASE WHEN id % 10 = 0 THEN GREATEST(established_on, date '2020-01-01') + 300 END
FROM companies_company WHERE pg_temp.chance(id, 141) < 0.04;

INSERT INTO companies_financing (version, company_id, instrument_id, pilot_zone_id, agreed_on, agreed_amount, drawn_amount,
    amount_as_typed, matures_on, confidentiality, reference, internal_notes)
SELECT 1, c.id, pg_temp.pick((SELECT array_agg(id ORDER BY id) FROM companies_financinginstrument), c.id + n, 150, 2.5),
    CASE WHEN pg_temp.chance(c.id + n, 151) < 0.6
        THEN pg_temp.pick((SELECT array_agg(id ORDER BY id) FROM companies_pilotzone), c.id, 152, 1) END,
    agreed_on, round((20 * exp(5 * pg_temp.chance(c.id + n, 153)))::numeric, 4), NULL, '', agreed_on + 730,
    CASE WHEN pg_temp.chance(c.id + n, 154) < 0.6 THEN 'published' WHEN pg_temp.chance(c.id + n, 154) < 0.8 THEN 'partners'
        ELSE 'confidential' END, '', ''
FROM companies_company c, generate_series(1, 1 + c.id % 3) n,
    LATERAL (SELECT GREATEST(COALESCE(c.established_on, date '2016-01-01'), date '2016-01-01')
        + floor(pg_temp.chance(c.id * 4 + n, 155) * 3500)::int AS agreed_on) a
WHERE pg_temp.chance(c.id, 156) < 0.12 AND agreed_on < pg_temp.today();

INSERT INTO companies_financingparty (version, financing_id, partner_id, role)
SELECT 1, f.id, pg_temp.pick((SELECT array_agg(id ORDER BY id) FROM registry_partner), f.id, 160, 2), 'lender'
FROM companies_financing f;
