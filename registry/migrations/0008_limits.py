"""The counter of requests: unlogged, for a crash may forget it, and with room to change a row where it stands."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0007_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="RequestCount",
            fields=[
                ("caller", models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name="caller")),
                ("began_at", models.DateTimeField(verbose_name="began at")),
                ("requests", models.PositiveIntegerField(verbose_name="requests")),
            ],
            options={
                "verbose_name": "count of requests",
                "verbose_name_plural": "counts of requests",
            },
        ),
        migrations.RunSQL(
            "ALTER TABLE registry_requestcount SET UNLOGGED; ALTER TABLE registry_requestcount SET (fillfactor = 50);",
            migrations.RunSQL.noop,
        ),
    ]
