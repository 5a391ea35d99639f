"""The same texts and moments as before, written in fewer steps."""

from django.db import migrations

# As in 0004, with one statement for all kinds of facts: a change-set may touch one firm by each of them.
NOTE_CHANGES = """
CREATE OR REPLACE FUNCTION companies_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    firms text;
BEGIN
    SELECT string_agg(format(
        'SELECT %2$I FROM history.%1$I WHERE changeset_id = $2 UNION SELECT %2$I FROM history.%1$I WHERE closed_by = $2',
        table_name, CASE table_name WHEN 'companies_company' THEN 'id' ELSE 'company_id' END), ' UNION ')
    INTO firms
    FROM (SELECT DISTINCT table_name FROM history.pending
          WHERE changeset_id = NEW.id AND table_name IN (
              'companies_company', 'companies_companyname', 'companies_seat', 'companies_residency',
              'companies_universitylink', 'companies_certification')) AS facts;
    IF firms IS NOT NULL THEN
        EXECUTE format(
            'INSERT INTO companies_companychange (company_id, updated_at)
             SELECT c.id, $1 FROM companies_company c JOIN (%s) AS h (id) ON h.id = c.id
             ON CONFLICT (company_id) DO UPDATE SET updated_at = EXCLUDED.updated_at', firms)
        USING NEW.recorded_at, NEW.id;
    END IF;
    RETURN NULL;
END $$;
"""
# As in 0012; texts are split at a blank without a pattern.
SHORT_WORDS = """
CREATE OR REPLACE FUNCTION companies_short_words(name_en text, pinyin text, initials text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT concat_ws(' ', public.registry_latin(initials), string_agg(DISTINCT left(word, 2), ' '))
    FROM (
        SELECT string_to_table(public.registry_latin(name_en) || ' ' || public.registry_latin(pinyin), ' ')
        UNION ALL SELECT string_to_table(public.registry_latin(initials), NULL)
    ) AS words (word) WHERE word <> ''
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("companies", "0015_financing_tables_final")]
    operations = [
        migrations.RunSQL(NOTE_CHANGES, migrations.RunSQL.noop),
        migrations.RunSQL(SHORT_WORDS, migrations.RunSQL.noop),
    ]
