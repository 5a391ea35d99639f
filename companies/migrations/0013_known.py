"""What lists read beside the entries has a past, too: search texts, last changes, and what was withdrawn.

All three are kept by the change-set that writes the versions, and filled here for the time before this migration.
"""

from django.db import migrations

from registry.names import pinyin_initials, pinyin_key

# A firm's text, or the moment of its last change, holds over `recorded`.
TABLES = """
CREATE SCHEMA IF NOT EXISTS history;

CREATE TABLE history.companies_searchtext (
    company_id bigint NOT NULL, written text NOT NULL, spelled text NOT NULL, pinyin text NOT NULL,
    named_from date NOT NULL, recorded tstzrange NOT NULL);

CREATE TABLE history.companies_companychange (
    company_id bigint NOT NULL, updated_at timestamptz NOT NULL, recorded tstzrange NOT NULL);

-- Entries that everyone might read at some time and nobody may read now: the past does not show them either.
CREATE TABLE history.withdrawn (
    table_name name NOT NULL, entry_id bigint NOT NULL, PRIMARY KEY (table_name, entry_id));
"""

# Keys are derived, so that they were written without a version; versions of older names lack them, or have others.
STALE_NAMES = """
SELECT DISTINCT v.name_zh FROM history.companies_companyname v
WHERE v.keys_of IS DISTINCT FROM md5(v.name_zh) OR EXISTS (
    SELECT FROM companies_companyname n
    WHERE n.id = v.id AND n.name_zh = v.name_zh AND (n.pinyin, n.initials) IS DISTINCT FROM (v.pinyin, v.initials))
"""
FILL_KEYS = """
UPDATE history.companies_companyname v SET pinyin = k.pinyin, initials = k.initials, keys_of = md5(k.name_zh)
FROM unnest(%s::text[], %s::text[], %s::text[]) AS k (name_zh, pinyin, initials)
WHERE v.name_zh = k.name_zh AND (v.pinyin, v.initials, v.keys_of) IS DISTINCT FROM (k.pinyin, k.initials, md5(k.name_zh))
"""
# As near as the campuses lay that the register knew when it began to hold the seat to be there.
FILL_METRES = """
UPDATE history.companies_seat v SET campus_metres = (
    SELECT min(metres) FROM (
        SELECT registry_distance(c.latitude, c.longitude, v.latitude, v.longitude) AS metres
        FROM history.registry_campus c WHERE c.recorded @> lower(v.recorded) AND c.latitude IS NOT NULL
    ) near WHERE metres <= 10000)
WHERE v.latitude IS NOT NULL AND v.campus_metres IS NULL AND NOT upper_inf(v.recorded)
"""

# Between two changes of a firm's code and names its text is one; what did not change is joined again.
FILL_TEXTS = """
INSERT INTO history.companies_searchtext
WITH moments AS (
    SELECT id AS firm, lower(recorded) AS at FROM history.companies_company
    UNION SELECT id, upper(recorded) FROM history.companies_company
    UNION SELECT company_id, lower(recorded) FROM history.companies_companyname
    UNION SELECT company_id, upper(recorded) FROM history.companies_companyname
), spans AS (
    SELECT firm, at, lead(at) OVER (PARTITION BY firm ORDER BY at) AS ends FROM moments WHERE at IS NOT NULL
), names AS (
    SELECT s.firm, s.at, k.*, lag(k.valid_until) OVER (PARTITION BY s.firm, s.at ORDER BY k.valid_from, k.id)
                              IS DISTINCT FROM k.valid_from AS follows_none
    FROM spans s JOIN history.companies_companyname k ON k.company_id = s.firm AND k.recorded @> s.at
), texts AS (
    SELECT s.firm, s.at, s.ends,
           COALESCE(E'\\n' || string_agg(registry_written(n.name_zh, n.name_en)
               || E'\\n' || companies_short_words(n.name_en, n.pinyin, n.initials), E'\\n' ORDER BY n.id) || E'\\n', '') AS written,
           COALESCE(string_agg(registry_spelled(n.name_en, n.pinyin, n.initials), '' ORDER BY n.id), '')
               || ' ß' || lower(c.uscc) AS spelled,
           COALESCE((array_agg(n.pinyin ORDER BY n.valid_from DESC, n.id DESC))[1], '') AS pinyin,
           COALESCE(CASE WHEN bool_or(n.id IS NOT NULL AND n.valid_until IS NULL)
                         THEN max(n.valid_from) FILTER (WHERE n.follows_none) END, DATE '9999-12-31') AS named_from
    FROM spans s JOIN history.companies_company c ON c.id = s.firm AND c.recorded @> s.at
    LEFT JOIN names n ON (n.firm, n.at) = (s.firm, s.at)
    GROUP BY s.firm, s.at, s.ends, c.uscc
), begun AS (
    SELECT *, ((written, spelled, pinyin, named_from, at) IS DISTINCT FROM
               lag((written, spelled, pinyin, named_from, ends)) OVER (PARTITION BY firm ORDER BY at))::int AS is_new
    FROM texts
), runs AS (SELECT *, sum(is_new) OVER (PARTITION BY firm ORDER BY at) AS run FROM begun)
SELECT firm, min(written), min(spelled), min(pinyin), min(named_from),
       tstzrange(min(at), CASE WHEN bool_or(ends IS NULL) THEN NULL ELSE max(ends) END)
FROM runs GROUP BY firm, run
"""
FACTS = ("companyname", "seat", "residency", "universitylink", "certification")
MOMENTS = " UNION ".join(
    f"SELECT {owner}, {end}(recorded) FROM history.companies_{fact}"
    for fact, owner in (("company", "id"), *((fact, "company_id") for fact in FACTS))
    for end in ("lower", "upper")
)
FILL_CHANGES = f"""
INSERT INTO history.companies_companychange
SELECT firm, at, tstzrange(at, ends)
FROM (SELECT firm, at, lead(at) OVER (PARTITION BY firm ORDER BY at) AS ends
      FROM ({MOMENTS}) moments (firm, at) WHERE at IS NOT NULL) spans
WHERE EXISTS (SELECT FROM history.companies_company c WHERE c.id = firm AND c.recorded @> at)
"""
FILL_WITHDRAWN = """
INSERT INTO history.withdrawn
SELECT 'companies_company', id FROM history.companies_company GROUP BY id
HAVING bool_or(is_published AND uscc NOT LIKE '92%')
   AND NOT (array_agg(is_published AND uscc NOT LIKE '92%' ORDER BY lower(recorded) DESC))[1]
UNION ALL
SELECT 'companies_financing', id FROM history.companies_financing GROUP BY id
HAVING bool_or(confidentiality = 'published')
   AND (array_agg(confidentiality ORDER BY lower(recorded) DESC))[1] <> 'published'
"""
# Those of the tables themselves are followed after migrate.
INDEXES = """
CREATE UNIQUE INDEX ON history.companies_searchtext (company_id) WHERE upper_inf(recorded);
CREATE INDEX ON history.companies_searchtext (company_id);
CREATE UNIQUE INDEX ON history.companies_companychange (company_id) WHERE upper_inf(recorded);
CREATE UNIQUE INDEX ON history.companies_companychange (company_id, updated_at);
"""

# Written for late binding: in a new database the versions' tables come after the migrations.
KEEP = """
CREATE FUNCTION companies_touched(changeset bigint) RETURNS SETOF bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT v.id FROM history.companies_company v WHERE v.changeset_id = changeset OR v.closed_by = changeset
    UNION
    SELECT v.company_id FROM history.companies_companyname v WHERE v.changeset_id = changeset OR v.closed_by = changeset;
END $$;

CREATE FUNCTION companies_remember_texts(changeset bigint, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE history.companies_searchtext h SET recorded = tstzrange(lower(h.recorded), at)
    FROM public.companies_touched(changeset) firm LEFT JOIN public.companies_searchtext t ON t.company_id = firm
    WHERE h.company_id = firm AND upper_inf(h.recorded)
      AND (t.written, t.spelled, t.pinyin, t.named_from) IS DISTINCT FROM (h.written, h.spelled, h.pinyin, h.named_from);
    INSERT INTO history.companies_searchtext (company_id, written, spelled, pinyin, named_from, recorded)
    SELECT t.company_id, t.written, t.spelled, t.pinyin, t.named_from, tstzrange(at, NULL)
    FROM public.companies_touched(changeset) firm JOIN public.companies_searchtext t ON t.company_id = firm
    WHERE NOT EXISTS (SELECT FROM history.companies_searchtext h WHERE h.company_id = firm AND upper_inf(h.recorded));
END $$;

CREATE FUNCTION companies_remember_changes(changeset bigint, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE history.companies_companychange h SET recorded = tstzrange(lower(h.recorded), at)
    FROM (SELECT company_id FROM public.companies_companychange WHERE updated_at = at
          UNION SELECT c.id FROM history.companies_company c WHERE c.closed_by = changeset
              AND NOT EXISTS (SELECT FROM public.companies_company p WHERE p.id = c.id)) touched (firm)
    WHERE h.company_id = firm AND upper_inf(h.recorded);
    INSERT INTO history.companies_companychange (company_id, updated_at, recorded)
    SELECT company_id, updated_at, tstzrange(at, NULL) FROM public.companies_companychange WHERE updated_at = at;
END $$;

-- A deleted entry stays as public as it was at its end.
CREATE FUNCTION companies_remember_withdrawn(tracked name, is_public text, changeset bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'WITH judged AS (
             SELECT id, bool_or(%2$s) AS once, (array_agg(%2$s ORDER BY lower(recorded) DESC))[1] AS now
             FROM history.%1$I WHERE id IN (
                 SELECT id FROM history.%1$I WHERE changeset_id = $1 OR closed_by = $1) GROUP BY id
         ), returned AS (
             DELETE FROM history.withdrawn w USING judged j
             WHERE w.table_name = $2 AND w.entry_id = j.id AND j.now)
         INSERT INTO history.withdrawn SELECT $2, id FROM judged WHERE once AND NOT now ON CONFLICT DO NOTHING',
        tracked, is_public)
    USING changeset, tracked;
END $$;

CREATE FUNCTION companies_remember() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched name[] := ARRAY(SELECT DISTINCT table_name FROM history.pending WHERE changeset_id = NEW.id);
BEGIN
    IF touched && ARRAY['companies_company', 'companies_companyname']::name[] THEN
        PERFORM public.companies_remember_texts(NEW.id, NEW.recorded_at);
    END IF;
    IF 'companies_company' = ANY (touched) THEN
        PERFORM public.companies_remember_withdrawn(
            'companies_company', $q$(is_published AND uscc NOT LIKE '92%')$q$, NEW.id);
    END IF;
    IF 'companies_financing' = ANY (touched) THEN
        PERFORM public.companies_remember_withdrawn(
            'companies_financing', $q$(confidentiality = 'published')$q$, NEW.id);
    END IF;
    PERFORM public.companies_remember_changes(NEW.id, NEW.recorded_at);
    RETURN NULL;
END $$;

-- By its name after `companies_note_changes`, which tells each touched firm the moment of the change-set.
CREATE TRIGGER companies_remember AFTER UPDATE OF recorded_at ON registry_changeset
    FOR EACH ROW WHEN (OLD.recorded_at IS NULL AND NEW.recorded_at IS NOT NULL)
    EXECUTE FUNCTION companies_remember();
"""
BACK = """
DROP TRIGGER companies_remember ON registry_changeset;
DROP FUNCTION companies_remember();
DROP FUNCTION companies_remember_withdrawn(name, text, bigint);
DROP FUNCTION companies_remember_changes(bigint, timestamptz);
DROP FUNCTION companies_remember_texts(bigint, timestamptz);
DROP FUNCTION companies_touched(bigint);
DROP SCHEMA IF EXISTS known CASCADE;
DROP TABLE history.withdrawn, history.companies_companychange, history.companies_searchtext;
"""
COMPLETED = ("companies_companyname", "companies_seat")


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('history.companies_company') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return  # a new database: nothing has been written yet
        for table in COMPLETED:
            cursor.execute("SELECT history.follow_columns(%s, %s)", [f"public.{table}", f"history.{table}"])
            cursor.execute(f"ALTER TABLE history.{table} DISABLE TRIGGER USER")
        cursor.execute(STALE_NAMES)
        names = [name for (name,) in cursor.fetchall()]
        cursor.execute(
            FILL_KEYS, [names, [pinyin_key(name) for name in names], [pinyin_initials(name) for name in names]]
        )
        cursor.execute(FILL_METRES)
        for table in COMPLETED:
            cursor.execute(f"ALTER TABLE history.{table} ENABLE TRIGGER USER")
        for statement in (FILL_TEXTS, FILL_CHANGES, FILL_WITHDRAWN):
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("companies", "0012_search_initials")]
    operations = [
        migrations.RunSQL(TABLES, BACK),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL(INDEXES, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
