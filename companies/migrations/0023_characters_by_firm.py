"""The characters of a firm's names are read once for it, not once for each of its states."""

from django.db import migrations

# As in 0022; the names first.
WRITE_STATES = """
CREATE OR REPLACE FUNCTION companies_write_states(firms bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM public.companies_companystate WHERE company_id = ANY (firms);
    WITH named AS (
        SELECT t.company_id, bit_or(1::bigint << (ascii(letter) % 63)) AS characters
        FROM public.companies_searchtext t, string_to_table(t.written, NULL) letter
        WHERE t.company_id = ANY (firms) AND ascii(letter) > 127
        GROUP BY t.company_id
    )
    INSERT INTO public.companies_companystate (
        company_id, valid_from, valid_until, is_seated, district_id, reporting_unit_id, hub_id, strategic_field_id,
        industry_id, established_on, campus_metres, latitude, longitude, incubator_id,
        held_until, marks, characters)
    SELECT s.*, COALESCE(n.characters, 0)
    FROM public.companies_states_of(firms) s LEFT JOIN named n ON n.company_id = s.company_id;
    PERFORM public.companies_write_event_states(firms);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("companies", "0022_event_states")]
    operations = [migrations.RunSQL(WRITE_STATES, migrations.RunSQL.noop)]
