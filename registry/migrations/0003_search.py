"""The functions that fold names for search and cut them into pieces."""

from django.db import migrations

from registry.search.simplified import functions_sql

GONE = """
DROP FUNCTION registry_rank(text, text, text, text, text, text, text[], text[]);
DROP FUNCTION registry_pieces(text);
DROP FUNCTION registry_spelled(text, text, text);
DROP FUNCTION registry_written(text, text);
DROP FUNCTION registry_latin(text);
DROP FUNCTION registry_fold(text);
DROP FUNCTION registry_simplified(text);
"""


def install(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(functions_sql())


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_distance")]
    operations = [
        migrations.RunSQL(migrations.RunSQL.noop, GONE),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
