"""Who writes seats waits for who moves a campus before a row is locked: each held what the other needed."""

from django.db import migrations

TAKE = """
CREATE FUNCTION companies_wait_for_campuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('companies_campus_metres'));
    RETURN NULL;
END $$;

CREATE TRIGGER wait_for_campuses BEFORE INSERT OR UPDATE ON companies_seat
    FOR EACH STATEMENT EXECUTE FUNCTION companies_wait_for_campuses();
"""
TAKE_BACK = """
DROP TRIGGER wait_for_campuses ON companies_seat;
DROP FUNCTION companies_wait_for_campuses();
"""


class Migration(migrations.Migration):
    dependencies = [("companies", "0023_characters_by_firm")]

    operations = [migrations.RunSQL(TAKE, TAKE_BACK)]
