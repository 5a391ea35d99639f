"""A reporting unit that is a district is that of the seat."""

from django.db import migrations

UNIT_OF_DISTRICT = """
CREATE FUNCTION incubators_unit_of_district() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.district_id IS NOT NULL AND EXISTS (
        SELECT FROM registry_reportingunit u
        WHERE u.id = NEW.reporting_unit_id AND u.district_id <> NEW.district_id
    ) THEN
        RAISE EXCEPTION 'the reporting unit is another district than that of the seat'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'incubators_incubatorseat_unit_of_district';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER incubators_incubatorseat_unit_of_district
    AFTER INSERT OR UPDATE ON incubators_incubatorseat
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION incubators_unit_of_district();
"""
UNIT_OF_DISTRICT_BACK = """
DROP TRIGGER incubators_incubatorseat_unit_of_district ON incubators_incubatorseat;
DROP FUNCTION incubators_unit_of_district();
"""


class Migration(migrations.Migration):
    dependencies = [("incubators", "0002_initial")]
    operations = [migrations.RunSQL(UNIT_OF_DISTRICT, UNIT_OF_DISTRICT_BACK)]
