"""Rules that a single row cannot tell: a field's hub, shares of risk, a renewal within one firm,
a circle's site with its university, a reporting unit with the seat's district."""

from django.db import migrations

HUB_OF_FIELD = """
ALTER TABLE registry_strategicfield ADD CONSTRAINT registry_strategicfield_with_hub UNIQUE (id, hub_id);
ALTER TABLE companies_company ADD CONSTRAINT companies_company_field_of_hub
    FOREIGN KEY (strategic_field_id, hub_id) REFERENCES registry_strategicfield (id, hub_id)
    MATCH SIMPLE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE companies_company ADD CONSTRAINT companies_company_field_has_hub
    CHECK (strategic_field_id IS NULL OR hub_id IS NOT NULL);
"""
HUB_OF_FIELD_BACK = """
ALTER TABLE companies_company DROP CONSTRAINT companies_company_field_has_hub;
ALTER TABLE companies_company DROP CONSTRAINT companies_company_field_of_hub;
ALTER TABLE registry_strategicfield DROP CONSTRAINT registry_strategicfield_with_hub;
"""

RENEWAL_OF_SAME_FIRM = """
ALTER TABLE companies_certification ADD CONSTRAINT companies_certification_of_company UNIQUE (id, company_id);
ALTER TABLE companies_certification ADD CONSTRAINT companies_certification_renews_own
    FOREIGN KEY (predecessor_id, company_id) REFERENCES companies_certification (id, company_id)
    MATCH SIMPLE DEFERRABLE INITIALLY DEFERRED;
"""
RENEWAL_OF_SAME_FIRM_BACK = """
ALTER TABLE companies_certification DROP CONSTRAINT companies_certification_renews_own;
ALTER TABLE companies_certification DROP CONSTRAINT companies_certification_of_company;
"""

# A party that moves to another financing leaves one behind; two writers of one financing wait for each other.
SHARES_SUM_TO_100 = """
CREATE FUNCTION companies_shares_sum_to_100() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE CONSTRAINT TRIGGER companies_financingparty_shares_sum_to_100
    AFTER INSERT OR UPDATE OR DELETE ON companies_financingparty
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION companies_shares_sum_to_100();
"""
SHARES_SUM_TO_100_BACK = """
DROP TRIGGER companies_financingparty_shares_sum_to_100 ON companies_financingparty;
DROP FUNCTION companies_shares_sum_to_100();
"""

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


class Migration(migrations.Migration):
    dependencies = [("companies", "0002_initial")]
    operations = [
        migrations.RunSQL(HUB_OF_FIELD, HUB_OF_FIELD_BACK),
        migrations.RunSQL(RENEWAL_OF_SAME_FIRM, RENEWAL_OF_SAME_FIRM_BACK),
        migrations.RunSQL(SHARES_SUM_TO_100, SHARES_SUM_TO_100_BACK),
        migrations.RunSQL(SITE_OF_UNIVERSITY, SITE_OF_UNIVERSITY_BACK),
        migrations.RunSQL(UNIT_OF_DISTRICT, UNIT_OF_DISTRICT_BACK),
    ]
