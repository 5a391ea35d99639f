"""Which keys may write for which incubators."""

import django.db.models.deletion
from django.db import migrations, models

KEEP = """
CREATE FUNCTION incubators_check_grant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'what a key is granted never changes: make another'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT FROM registry_partnerkey WHERE id = NEW.key_id AND is_trial) THEN
        RAISE EXCEPTION 'a key for trying writes for no incubator' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_grant BEFORE INSERT OR UPDATE ON incubators_keygrant
    FOR EACH ROW EXECUTE FUNCTION incubators_check_grant();
"""
LET_GO = "DROP TRIGGER check_grant ON incubators_keygrant; DROP FUNCTION incubators_check_grant;"


class Migration(migrations.Migration):
    dependencies = [
        ("incubators", "0004_owner_before_period"),
        ("registry", "0007_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeyGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "incubator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="key_grants",
                        to="incubators.incubator",
                        verbose_name="incubator",
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="registry.partnerkey",
                        verbose_name="key",
                    ),
                ),
            ],
            options={
                "verbose_name": "grant of a key",
                "verbose_name_plural": "grants of keys",
                "ordering": ("key", "incubator"),
                "constraints": [models.UniqueConstraint(fields=("key", "incubator"), name="incubators_keygrant_once")],
            },
        ),
        migrations.RunSQL(KEEP, LET_GO),
    ]
