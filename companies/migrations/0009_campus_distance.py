"""How far a seat lies from the nearest campus, kept beside its position."""

from django.db import migrations, models

# Campuses lie below 60 degrees north, where a degree of longitude is at least half as long as one of latitude.
# Who writes a seat and who moves a campus wait for each other, so that neither misses the other.
KEEP_DISTANCE = """
CREATE FUNCTION companies_campus_metres(lat numeric, lng numeric) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT min(metres) FROM (
        SELECT public.registry_distance(latitude, longitude, lat, lng) AS metres FROM public.registry_campus
        WHERE latitude BETWEEN lat - 0.0902 AND lat + 0.0902 AND longitude BETWEEN lng - 0.1804 AND lng + 0.1804
    ) near WHERE metres <= 10000
$$;

CREATE FUNCTION companies_measure_seat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.latitude, NEW.longitude, NEW.campus_metres)
        IS NOT DISTINCT FROM (OLD.latitude, OLD.longitude, OLD.campus_metres) THEN
        RETURN NEW;
    END IF;
    NEW.campus_metres := NULL;
    IF NEW.latitude IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock_shared(hashtext('companies_campus_metres'));
        NEW.campus_metres := public.companies_campus_metres(NEW.latitude, NEW.longitude);
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION companies_measure_around_campus() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    place record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('companies_campus_metres'));
    FOR place IN SELECT * FROM (VALUES
        (CASE WHEN TG_OP <> 'INSERT' THEN OLD.latitude END, CASE WHEN TG_OP <> 'INSERT' THEN OLD.longitude END),
        (CASE WHEN TG_OP <> 'DELETE' THEN NEW.latitude END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.longitude END)
    ) AS places (north, east) WHERE north IS NOT NULL
    LOOP
        UPDATE public.companies_seat s SET campus_metres = public.companies_campus_metres(s.latitude, s.longitude)
        WHERE s.latitude BETWEEN place.north - 0.0902 AND place.north + 0.0902
          AND s.longitude BETWEEN place.east - 0.1804 AND place.east + 0.1804
          AND s.campus_metres IS DISTINCT FROM public.companies_campus_metres(s.latitude, s.longitude);
    END LOOP;
    RETURN NULL;
END $$;

-- By its name before `stamp`, which counts the version of what the row becomes.
CREATE TRIGGER measure BEFORE INSERT OR UPDATE ON companies_seat
    FOR EACH ROW EXECUTE FUNCTION companies_measure_seat();
CREATE TRIGGER companies_measure_around AFTER INSERT OR DELETE OR UPDATE OF latitude, longitude ON registry_campus
    FOR EACH ROW EXECUTE FUNCTION companies_measure_around_campus();
"""
KEEP_DISTANCE_BACK = """
DROP TRIGGER companies_measure_around ON registry_campus;
DROP TRIGGER measure ON companies_seat;
DROP FUNCTION companies_measure_around_campus();
DROP FUNCTION companies_measure_seat();
DROP FUNCTION companies_campus_metres(numeric, numeric);
"""
# Nobody changed these seats: their versions gain the column after the migration, without a version more.
FILL = """
ALTER TABLE companies_seat DISABLE TRIGGER USER;
UPDATE companies_seat SET campus_metres = companies_campus_metres(latitude, longitude) WHERE latitude IS NOT NULL;
ALTER TABLE companies_seat ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0008_owner_before_period"),
        ("incubators", "0004_owner_before_period"),
        ("registry", "0005_faster_distance"),
    ]

    operations = [
        migrations.AddField(
            model_name="seat",
            name="campus_metres",
            field=models.PositiveIntegerField(
                editable=False,
                help_text="Kept by the database; empty beyond 10 km.",
                null=True,
                verbose_name="metres to the nearest campus",
            ),
        ),
        migrations.RunSQL(KEEP_DISTANCE, KEEP_DISTANCE_BACK),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
