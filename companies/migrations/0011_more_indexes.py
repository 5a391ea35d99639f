"""What ends between two days is found by the ends and by the revocations; public firms are walked along by code."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("companies", "0010_indexes")]

    operations = [
        migrations.AddIndex(
            model_name="certification",
            index=models.Index(
                condition=models.Q(("revoked_from__isnull", False)),
                fields=["revoked_from"],
                include=("company", "issued_on", "valid_until"),
                name="certification_revoked",
            ),
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(
                condition=models.Q(("is_published", True), models.Q(("uscc__startswith", "92"), _negated=True)),
                fields=["uscc", "id"],
                include=("established_on", "dissolved_on"),
                name="company_by_code",
            ),
        ),
    ]
