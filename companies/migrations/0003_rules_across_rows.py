"""Rules that a single row cannot tell: a field's hub, shares of risk, a renewal within one firm."""

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

SHARES_SUM_TO_100 = """
CREATE FUNCTION companies_shares_sum_to_100() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.financing_id ELSE NEW.financing_id END;
    total numeric;
BEGIN
    SELECT sum(risk_share) INTO total FROM companies_financingparty WHERE financing_id = touched;
    IF total IS NOT NULL AND total <> 100 THEN
        RAISE EXCEPTION 'shares of risk of a financing sum to 100 %%, not % %%', total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'companies_financingparty_shares_sum_to_100';
    END IF;
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


class Migration(migrations.Migration):
    dependencies = [("companies", "0002_initial")]
    operations = [
        migrations.RunSQL(HUB_OF_FIELD, HUB_OF_FIELD_BACK),
        migrations.RunSQL(RENEWAL_OF_SAME_FIRM, RENEWAL_OF_SAME_FIRM_BACK),
        migrations.RunSQL(SHARES_SUM_TO_100, SHARES_SUM_TO_100_BACK),
    ]
