"""What one or two letters find stands among the written lines of a search text: initials, and how words begin."""

from django.db import migrations, transaction

BATCH = 5_000

# The initials; then, each after a blank, the first two letters of each English word and syllable, and each letter of
# the initials.
SHORT_WORDS = """
CREATE FUNCTION companies_short_words(name_en text, pinyin text, initials text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT concat_ws(' ', public.registry_latin(initials), string_agg(DISTINCT left(word, 2), ' '))
    FROM (
        SELECT regexp_split_to_table(public.registry_latin(name_en) || ' ' || public.registry_latin(pinyin), ' +')
        UNION ALL SELECT regexp_split_to_table(public.registry_latin(initials), '')
    ) AS words (word) WHERE word <> ''
$$;
"""
# As in 0005, with another line for each name. The firm is locked first: of two who name it at once, the second then
# sees the name of the first.
WRITE_SEARCH_TEXT = """
CREATE OR REPLACE FUNCTION companies_write_search_text(firms bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM public.companies_company WHERE id = ANY (firms) ORDER BY id FOR NO KEY UPDATE;
    INSERT INTO public.companies_searchtext AS kept (company_id, written, spelled, pinyin, named_from)
    SELECT c.id,
           COALESCE(E'\\n' || string_agg(public.registry_written(n.name_zh, n.name_en){short_words}, E'\\n' ORDER BY n.id) || E'\\n', ''),
           COALESCE(string_agg(public.registry_spelled(n.name_en, n.pinyin, n.initials), '' ORDER BY n.id), '')
               || ' ß' || lower(c.uscc),
           COALESCE((array_agg(n.pinyin ORDER BY n.valid_from DESC, n.id DESC))[1], ''),
           COALESCE(CASE WHEN bool_or(n.id IS NOT NULL AND n.valid_until IS NULL)
                         THEN max(n.valid_from) FILTER (WHERE n.follows_none) END, DATE '9999-12-31')
    FROM public.companies_company c LEFT JOIN (
        SELECT *, lag(valid_until) OVER (PARTITION BY company_id ORDER BY valid_from, id)
                  IS DISTINCT FROM valid_from AS follows_none
        FROM public.companies_companyname WHERE company_id = ANY (firms)
    ) n ON n.company_id = c.id
    WHERE c.id = ANY (firms)
    GROUP BY c.id, c.uscc
    ON CONFLICT (company_id) DO UPDATE SET written = EXCLUDED.written, spelled = EXCLUDED.spelled, pinyin = EXCLUDED.pinyin,
        named_from = EXCLUDED.named_from
    WHERE (kept.written, kept.spelled, kept.pinyin, kept.named_from)
          IS DISTINCT FROM (EXCLUDED.written, EXCLUDED.spelled, EXCLUDED.pinyin, EXCLUDED.named_from);
END $$;
"""
OF_SHORT_WORDS = " || E'\\n' || public.companies_short_words(n.name_en, n.pinyin, n.initials)"
WITH_SHORT_WORDS = SHORT_WORDS + WRITE_SEARCH_TEXT.replace("{short_words}", OF_SHORT_WORDS)
BACK = WRITE_SEARCH_TEXT.replace("{short_words}", "") + "DROP FUNCTION companies_short_words(text, text, text);"


def write_anew(apps, schema_editor):
    """Some thousand firms at a time, which nobody waits for longer than that."""
    connection = schema_editor.connection
    firms = apps.get_model("companies", "Company").objects.using(connection.alias).order_by("pk")
    last = 0
    while ids := list(firms.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        last = ids[-1]
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute("SELECT companies_write_search_text(%s::bigint[])", [ids])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("companies", "0011_more_indexes")]
    operations = [
        migrations.RunPython(migrations.RunPython.noop, write_anew),
        migrations.RunSQL(WITH_SHORT_WORDS, BACK),
        migrations.RunPython(write_anew, migrations.RunPython.noop),
    ]
