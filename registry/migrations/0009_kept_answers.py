"""Answers to writes that carry an Idempotency-Key, kept with the write."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0008_limits"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("caller", models.CharField(max_length=64, verbose_name="caller")),
                ("key", models.CharField(max_length=255, verbose_name="idempotency key")),
                ("request_digest", models.CharField(max_length=64, verbose_name="digest of the request")),
                ("status", models.PositiveSmallIntegerField(null=True, verbose_name="status")),
                ("headers", models.JSONField(blank=True, default=dict, verbose_name="headers")),
                ("content", models.BinaryField(default=bytes, verbose_name="content")),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="made at"),
                ),
            ],
            options={
                "verbose_name": "kept answer",
                "verbose_name_plural": "kept answers",
                "indexes": [models.Index(fields=["made_at"], name="keptanswer_made")],
                "constraints": [models.UniqueConstraint(fields=("caller", "key"), name="registry_keptanswer_once")],
            },
        ),
    ]
