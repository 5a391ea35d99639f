"""Facts about places agree: a circle's site with its university, a reporting unit with the seat's district."""

from django.db import migrations

SITE_OF_UNIVERSITY = """
CREATE FUNCTION companies_site_of_university() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.circle_site_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM registry_circlesite s JOIN registry_circle c ON c.id = s.circle_id
        WHERE s.id = NEW.circle_site_id AND c.university_id = NEW.university_id
    ) THEN
        RAISE EXCEPTION 'the site of the circle belongs to another university'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'companies_universitylink_site_of_university';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER companies_universitylink_site_of_university
    AFTER INSERT OR UPDATE ON companies_universitylink
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION companies_site_of_university();
"""
SITE_OF_UNIVERSITY_BACK = """
DROP TRIGGER companies_universitylink_site_of_university ON companies_universitylink;
DROP FUNCTION companies_site_of_university();
"""

UNIT_OF_DISTRICT = """
CREATE FUNCTION companies_unit_of_district() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.district_id IS NOT NULL AND EXISTS (
        SELECT FROM registry_reportingunit u
        WHERE u.id = NEW.reporting_unit_id AND u.district_id <> NEW.district_id
    ) THEN
        RAISE EXCEPTION 'the reporting unit is another district than that of the seat'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'companies_seat_unit_of_district';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER companies_seat_unit_of_district
    AFTER INSERT OR UPDATE ON companies_seat
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION companies_unit_of_district();
"""
UNIT_OF_DISTRICT_BACK = """
DROP TRIGGER companies_seat_unit_of_district ON companies_seat;
DROP FUNCTION companies_unit_of_district();
"""

# A party that moves to another financing leaves one behind; two writers of one financing wait for each other.
SHARES_OF_BOTH = """
CREATE OR REPLACE FUNCTION companies_shares_sum_to_100() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint; total numeric;
BEGIN
    FOREACH touched IN ARRAY ARRAY[
        CASE WHEN TG_OP <> 'INSERT' THEN OLD.financing_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.financing_id END]
    LOOP
        PERFORM FROM companies_financing WHERE id = touched FOR NO KEY UPDATE;
        SELECT sum(risk_share) INTO total FROM companies_financingparty WHERE financing_id = touched;
        IF total IS NOT NULL AND total <> 100 THEN
            RAISE EXCEPTION 'shares of risk of a financing sum to 100 %, not % %', '%', total, '%'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'companies_financingparty_shares_sum_to_100';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("companies", "0006_rules_of_the_review")]
    operations = [
        migrations.RunSQL(SITE_OF_UNIVERSITY, SITE_OF_UNIVERSITY_BACK),
        migrations.RunSQL(UNIT_OF_DISTRICT, UNIT_OF_DISTRICT_BACK),
        migrations.RunSQL(SHARES_OF_BOTH, migrations.RunSQL.noop),
    ]
