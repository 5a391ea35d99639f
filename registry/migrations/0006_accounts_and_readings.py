"""One-time passwords, and the book of who read personal data: rows are added to it, never changed or deleted."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

APPEND_ONLY = """
CREATE FUNCTION registry_refuse_rewriting_readings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'readings of personal data are append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER refuse_rewriting BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_personaldatareading
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_rewriting_readings();
"""
UNDONE = """
DROP TRIGGER refuse_rewriting ON registry_personaldatareading;
DROP FUNCTION registry_refuse_rewriting_readings;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0005_faster_distance"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="must_change_password",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="Set with a one-time password; until it is changed, nothing else opens.",
                verbose_name="must change the password",
            ),
        ),
        migrations.CreateModel(
            name="PersonalDataReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "read_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="read at"
                    ),
                ),
                ("table", models.CharField(max_length=63, verbose_name="table")),
                (
                    "rows",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="rows"
                    ),
                ),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=63), size=None, verbose_name="fields"
                    ),
                ),
                ("page", models.CharField(max_length=300, verbose_name="page")),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reader",
                    ),
                ),
            ],
            options={
                "verbose_name": "reading of personal data",
                "verbose_name_plural": "readings of personal data",
                "ordering": ("-read_at", "-id"),
                "indexes": [models.Index(fields=["-read_at", "-id"], name="reading_order")],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, UNDONE),
    ]
