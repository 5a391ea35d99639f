"""Indexes that carry what lists ask of a row, and that lists are walked along; plain ones that they replace go."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0009_campus_distance"),
        ("incubators", "0004_owner_before_period"),
        ("registry", "0005_faster_distance"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="certification",
            name="certification_validity",
        ),
        migrations.AlterField(
            model_name="certification",
            name="company",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="certifications",
                to="companies.company",
                verbose_name="firm",
            ),
        ),
        migrations.AlterField(
            model_name="certification",
            name="kind",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="certifications",
                to="companies.certificationkind",
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="company",
            name="hub",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="companies",
                to="registry.hub",
                verbose_name="hub",
            ),
        ),
        migrations.AlterField(
            model_name="company",
            name="strategic_field",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="companies",
                to="registry.strategicfield",
                verbose_name="strategic field",
            ),
        ),
        migrations.AlterField(
            model_name="companychange",
            name="updated_at",
            field=models.DateTimeField(verbose_name="updated at"),
        ),
        migrations.AlterField(
            model_name="companyname",
            name="pinyin",
            field=models.CharField(editable=False, max_length=1500, verbose_name="pinyin"),
        ),
        migrations.AlterField(
            model_name="financing",
            name="company",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="financings",
                to="companies.company",
                verbose_name="firm",
            ),
        ),
        migrations.AlterField(
            model_name="residency",
            name="company",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="residencies",
                to="companies.company",
                verbose_name="firm",
            ),
        ),
        migrations.AlterField(
            model_name="residency",
            name="incubator",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="residencies",
                to="incubators.incubator",
                verbose_name="incubator",
            ),
        ),
        migrations.AlterField(
            model_name="seat",
            name="company",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="seats",
                to="companies.company",
                verbose_name="firm",
            ),
        ),
        migrations.AlterField(
            model_name="seat",
            name="district",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="seats",
                to="registry.district",
                verbose_name="district",
            ),
        ),
        migrations.AlterField(
            model_name="seat",
            name="reporting_unit",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="seats",
                to="registry.reportingunit",
                verbose_name="reporting unit",
            ),
        ),
        migrations.AddIndex(
            model_name="certification",
            index=models.Index(
                fields=["kind", "valid_until", "issued_on"],
                include=("company", "revoked_from", "technology_field"),
                name="certification_validity",
            ),
        ),
        migrations.AddIndex(
            model_name="certification",
            index=models.Index(
                fields=["company", "kind"],
                include=("issued_on", "valid_until", "revoked_from", "technology_field"),
                name="certification_of_company",
            ),
        ),
        migrations.AddIndex(
            model_name="certification",
            index=models.Index(fields=["issued_on", "id"], include=("company",), name="certification_issued"),
        ),
        migrations.AddIndex(
            model_name="certification",
            index=models.Index(fields=["valid_until", "id"], include=("company",), name="certification_ending"),
        ),
        migrations.AddIndex(
            model_name="certification",
            index=models.Index(fields=["number", "id"], include=("company",), name="certification_number"),
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(
                condition=models.Q(("is_published", True), models.Q(("uscc__startswith", "92"), _negated=True)),
                fields=["id"],
                include=("established_on", "dissolved_on", "hub", "strategic_field"),
                name="company_life",
            ),
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(
                condition=models.Q(("is_published", True), models.Q(("uscc__startswith", "92"), _negated=True)),
                fields=["hub"],
                include=("id", "established_on", "dissolved_on"),
                name="company_of_hub",
            ),
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(
                condition=models.Q(("is_published", True), models.Q(("uscc__startswith", "92"), _negated=True)),
                fields=["strategic_field"],
                include=("id", "established_on", "dissolved_on"),
                name="company_of_field",
            ),
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(
                condition=models.Q(("is_published", True), models.Q(("uscc__startswith", "92"), _negated=True)),
                fields=["established_on", "id"],
                include=("dissolved_on",),
                name="company_established",
            ),
        ),
        migrations.AddIndex(
            model_name="companychange",
            index=models.Index(fields=["updated_at", "company"], name="companychange_order"),
        ),
        migrations.AddIndex(
            model_name="companyname",
            index=models.Index(
                fields=["pinyin", "company"], include=("valid_from", "valid_until"), name="companyname_order"
            ),
        ),
        migrations.AddIndex(
            model_name="financing",
            index=models.Index(
                fields=["company"], include=("agreed_on", "confidentiality", "instrument"), name="financing_of_company"
            ),
        ),
        migrations.AddIndex(
            model_name="financing",
            index=models.Index(
                fields=["agreed_on", "id"], include=("company", "confidentiality"), name="financing_agreed"
            ),
        ),
        migrations.AddIndex(
            model_name="financing",
            index=models.Index(
                fields=["agreed_amount", "id"], include=("company", "confidentiality"), name="financing_amount"
            ),
        ),
        migrations.AddIndex(
            model_name="residency",
            index=models.Index(
                fields=["company"],
                include=("entered_on", "left_on", "incubator", "outcome"),
                name="residency_of_company",
            ),
        ),
        migrations.AddIndex(
            model_name="residency",
            index=models.Index(fields=["incubator"], include=("company", "entered_on", "left_on"), name="residency_in"),
        ),
        migrations.AddIndex(
            model_name="residency",
            index=models.Index(fields=["entered_on", "id"], include=("company",), name="residency_entered"),
        ),
        migrations.AddIndex(
            model_name="residency",
            index=models.Index(fields=["left_on", "id"], include=("company",), name="residency_left"),
        ),
        migrations.AddIndex(
            model_name="seat",
            index=models.Index(
                fields=["company"],
                include=("valid_from", "valid_until", "district", "reporting_unit", "campus_metres"),
                name="seat_of_company",
            ),
        ),
        migrations.AddIndex(
            model_name="seat",
            index=models.Index(
                fields=["district"],
                include=("company", "valid_from", "valid_until", "reporting_unit"),
                name="seat_in_district",
            ),
        ),
        migrations.AddIndex(
            model_name="seat",
            index=models.Index(
                fields=["reporting_unit"],
                include=("company", "valid_from", "valid_until", "district"),
                name="seat_in_unit",
            ),
        ),
        migrations.AddIndex(
            model_name="seat",
            index=models.Index(
                fields=["latitude", "longitude"], include=("company", "valid_from", "valid_until"), name="seat_position"
            ),
        ),
        migrations.AddIndex(
            model_name="seat",
            index=models.Index(
                condition=models.Q(("campus_metres__isnull", False)),
                fields=["campus_metres"],
                include=("company", "valid_from", "valid_until"),
                name="seat_near_campus",
            ),
        ),
    ]
