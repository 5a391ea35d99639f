"""A released table is final, and what it counts is not published one by one afterwards."""

from django.db import migrations

FINAL = """
CREATE FUNCTION companies_financingtable_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a released table of financings is final (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER companies_financingtable_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON companies_financingtable
    FOR EACH STATEMENT EXECUTE FUNCTION companies_financingtable_is_final();
CREATE TRIGGER companies_financingtable_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON companies_financingtablecell
    FOR EACH STATEMENT EXECUTE FUNCTION companies_financingtable_is_final();
-- A release is a change of what the register tells: it has a change-set, so that the second clock goes on.
CREATE FUNCTION companies_financingtable_is_a_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changeset bigint := history.current_changeset();
BEGIN
    INSERT INTO history.pending SELECT changeset, TG_TABLE_NAME, id FROM new_rows ON CONFLICT DO NOTHING;
    PERFORM history.open_changeset(changeset);
    RETURN NULL;
END $$;
CREATE TRIGGER companies_financingtable_is_a_change AFTER INSERT ON companies_financingtable
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION companies_financingtable_is_a_change();
"""
FINAL_BACK = """
DROP TRIGGER companies_financingtable_is_a_change ON companies_financingtable;
DROP FUNCTION companies_financingtable_is_a_change();
DROP TRIGGER companies_financingtable_is_final ON companies_financingtablecell;
DROP TRIGGER companies_financingtable_is_final ON companies_financingtable;
DROP FUNCTION companies_financingtable_is_final();
"""

# Taken away from the sum that it is part of, a financing published later would leave those of the others.
PUBLISHED_BEFORE = """
CREATE FUNCTION companies_financing_published_before_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM companies_financingtable
               WHERE year = extract(year FROM OLD.agreed_on) AND quarter = extract(quarter FROM OLD.agreed_on)) THEN
        RAISE EXCEPTION 'a released table counts this financing: it can no longer be published'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'companies_financing_published_before_release';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER companies_financing_published_before_release BEFORE UPDATE ON companies_financing
    FOR EACH ROW WHEN (OLD.confidentiality <> 'published' AND NEW.confidentiality = 'published')
    EXECUTE FUNCTION companies_financing_published_before_release();
"""
PUBLISHED_BEFORE_BACK = """
DROP TRIGGER companies_financing_published_before_release ON companies_financing;
DROP FUNCTION companies_financing_published_before_release();
"""


class Migration(migrations.Migration):
    dependencies = [("companies", "0014_financing_tables")]
    operations = [
        migrations.RunSQL(FINAL, FINAL_BACK),
        migrations.RunSQL(PUBLISHED_BEFORE, PUBLISHED_BEFORE_BACK),
    ]
