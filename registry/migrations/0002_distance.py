"""Distance on the globe in whole metres, so that cursors and orders never meet a float."""

from django.db import migrations

# Haversine on a sphere of 6,371,000 m; off by at most 0.6 % from the ellipsoid.
DISTANCE = """
CREATE OR REPLACE FUNCTION registry_distance(lat1 numeric, lng1 numeric, lat2 numeric, lng2 numeric)
RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT round(12742000 * asin(least(1.0, sqrt(
        power(sin(radians((lat2 - lat1)::float8) / 2), 2)
        + cos(radians(lat1::float8)) * cos(radians(lat2::float8))
          * power(sin(radians((lng2 - lng1)::float8) / 2), 2)
    ))))::integer
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [migrations.RunSQL(DISTANCE, "DROP FUNCTION registry_distance(numeric, numeric, numeric, numeric)")]
