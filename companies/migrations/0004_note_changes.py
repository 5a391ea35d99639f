"""Tells each firm the moment of the change-set that touched it."""

from django.db import migrations

# When a change-set gets its moment (at commit), the firms that it touched get it, too. Facts that the public
# answer does not carry (reports, financing) are left out: their changes are not for everyone to see.
NOTE_CHANGES = """
CREATE OR REPLACE FUNCTION companies_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fact name; owner name;
BEGIN
    FOR fact, owner IN
        SELECT DISTINCT table_name, CASE table_name WHEN 'companies_company' THEN 'id' ELSE 'company_id' END
        FROM history.pending
        WHERE changeset_id = NEW.id AND table_name IN (
            'companies_company', 'companies_companyname', 'companies_seat', 'companies_residency',
            'companies_universitylink', 'companies_certification')
    LOOP
        EXECUTE format(
            'INSERT INTO companies_companychange (company_id, updated_at)
             SELECT DISTINCT c.id, $1 FROM companies_company c JOIN (
                 SELECT %2$I AS id FROM history.%1$I WHERE changeset_id = $2
                 UNION SELECT %2$I FROM history.%1$I WHERE closed_by = $2) h ON h.id = c.id
             ON CONFLICT (company_id) DO UPDATE SET updated_at = EXCLUDED.updated_at', fact, owner)
        USING NEW.recorded_at, NEW.id;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER companies_note_changes AFTER UPDATE OF recorded_at ON registry_changeset
    FOR EACH ROW WHEN (OLD.recorded_at IS NULL AND NEW.recorded_at IS NOT NULL)
    EXECUTE FUNCTION companies_note_changes();
ALTER TABLE companies_companychange DROP CONSTRAINT IF EXISTS companies_companychange_company_id_cascade;
ALTER TABLE companies_companychange ADD CONSTRAINT companies_companychange_company_id_cascade
    FOREIGN KEY (company_id) REFERENCES companies_company (id) ON DELETE CASCADE;
"""
NOTE_CHANGES_BACK = """
DROP TRIGGER companies_note_changes ON registry_changeset;
DROP FUNCTION companies_note_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("companies", "0003_rules_across_rows")]
    operations = [migrations.RunSQL(NOTE_CHANGES, NOTE_CHANGES_BACK)]
