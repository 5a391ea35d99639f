"""Exclusion constraints look for the owner first, then for the period: five times as fast to build and to write."""

import django.db.models.constraints
from django.db import migrations, models

import registry.models.entries


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_search"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="corridorarea",
            name="registry_corridorarea_once_a_day",
        ),
        migrations.RemoveConstraint(
            model_name="district",
            name="registry_district_code_once_a_day",
        ),
        migrations.RemoveConstraint(
            model_name="reportingunit",
            name="registry_reportingunit_code_once_a_day",
        ),
        migrations.AddConstraint(
            model_name="corridorarea",
            constraint=registry.models.entries.NoOverlap(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                expressions=[
                    (registry.models.entries.Owner(models.F("node")), "="),
                    (models.F("district"), "="),
                    (registry.models.entries.DateRange(models.F("valid_from"), models.F("valid_until")), "&&"),
                ],
                name="registry_corridorarea_once_a_day",
                violation_error_message="This district already belongs to this node on a day of this period.",
            ),
        ),
        migrations.AddConstraint(
            model_name="district",
            constraint=registry.models.entries.NoOverlap(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                expressions=[
                    (models.F("code"), "="),
                    (registry.models.entries.DateRange(models.F("valid_from"), models.F("valid_until")), "&&"),
                ],
                name="registry_district_code_once_a_day",
                violation_error_message="This code is already in force on a day of this period.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportingunit",
            constraint=registry.models.entries.NoOverlap(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                expressions=[
                    (models.F("code"), "="),
                    (registry.models.entries.DateRange(models.F("valid_from"), models.F("valid_until")), "&&"),
                ],
                name="registry_reportingunit_code_once_a_day",
                violation_error_message="This code is already in force on a day of this period.",
            ),
        ),
    ]
