"""The search text of each firm and the triggers that keep it; the mark of the name that keys were made from."""

import django.db.models.deletion
from django.db import migrations, models

# The firm is locked first: of two who name it at once, the second then sees the name of the first.
KEEP_SEARCH_TEXT = """
CREATE FUNCTION companies_write_search_text(firms bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM public.companies_company WHERE id = ANY (firms) ORDER BY id FOR NO KEY UPDATE;
    INSERT INTO public.companies_searchtext AS kept (company_id, written, spelled, pinyin, named_from)
    SELECT c.id,
           COALESCE(E'\\n' || string_agg(public.registry_written(n.name_zh, n.name_en), E'\\n' ORDER BY n.id) || E'\\n', ''),
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

CREATE FUNCTION companies_follow_firm() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM public.companies_write_search_text(array_agg(id)) FROM new_rows HAVING count(*) > 0;
    ELSE
        PERFORM public.companies_write_search_text(array_agg(n.id))
        FROM new_rows n JOIN old_rows o USING (id) WHERE n.uscc <> o.uscc HAVING count(*) > 0;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION companies_follow_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM public.companies_write_search_text(array_agg(DISTINCT company_id)) FROM new_rows HAVING count(*) > 0;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM public.companies_write_search_text(array_agg(DISTINCT company_id)) FROM old_rows HAVING count(*) > 0;
    ELSE
        PERFORM public.companies_write_search_text(array_agg(DISTINCT touched))
        FROM new_rows n JOIN old_rows o USING (id), unnest(ARRAY[n.company_id, o.company_id]) AS touched
        WHERE (n.company_id, n.name_zh, n.name_en, n.pinyin, n.initials, n.valid_from, n.valid_until)
              IS DISTINCT FROM
              (o.company_id, o.name_zh, o.name_en, o.pinyin, o.initials, o.valid_from, o.valid_until)
        HAVING count(*) > 0;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER search_text_insert AFTER INSERT ON companies_company REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION companies_follow_firm();
CREATE TRIGGER search_text_update AFTER UPDATE ON companies_company
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION companies_follow_firm();
CREATE TRIGGER search_text_insert AFTER INSERT ON companies_companyname REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION companies_follow_name();
CREATE TRIGGER search_text_update AFTER UPDATE ON companies_companyname
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION companies_follow_name();
CREATE TRIGGER search_text_delete AFTER DELETE ON companies_companyname REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION companies_follow_name();

ALTER TABLE companies_searchtext ADD CONSTRAINT companies_searchtext_company_id_cascade
    FOREIGN KEY (company_id) REFERENCES companies_company (id) ON DELETE CASCADE;
"""
KEEP_SEARCH_TEXT_BACK = """
ALTER TABLE companies_searchtext DROP CONSTRAINT companies_searchtext_company_id_cascade;
DROP TRIGGER search_text_delete ON companies_companyname;
DROP TRIGGER search_text_update ON companies_companyname;
DROP TRIGGER search_text_insert ON companies_companyname;
DROP TRIGGER search_text_update ON companies_company;
DROP TRIGGER search_text_insert ON companies_company;
DROP FUNCTION companies_follow_name();
DROP FUNCTION companies_follow_firm();
DROP FUNCTION companies_write_search_text(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("companies", "0004_note_changes"), ("registry", "0003_search")]
    operations = [
        migrations.AddField(
            model_name="companyname",
            name="keys_of",
            field=models.CharField(default="", editable=False, max_length=32, verbose_name="mark of the spelled name"),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "company",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_text",
                        serialize=False,
                        to="companies.company",
                    ),
                ),
                ("written", models.TextField(verbose_name="folded names")),
                ("spelled", models.TextField(verbose_name="names in Latin letters, and the code")),
                ("pinyin", models.TextField(verbose_name="pinyin of the latest name")),
                ("named_from", models.DateField(verbose_name="named from this day on")),
            ],
            options={
                "verbose_name": "search text of a firm",
                "verbose_name_plural": "search texts of firms",
            },
        ),
        migrations.RunSQL(KEEP_SEARCH_TEXT, KEEP_SEARCH_TEXT_BACK),
    ]
