"""Firms invented for demonstration are found at once, where there are none, too: each figure asks for them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("companies", "0016_fewer_steps")]

    operations = [
        migrations.AddIndex(
            model_name="company",
            index=models.Index(condition=models.Q(("is_invented", True)), fields=["id"], name="company_invented"),
        ),
    ]
