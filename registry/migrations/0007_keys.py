"""Keys of partners, how they are used, and the key beside the acting user of a change."""

import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import registry.models.keys

KEEP = """
CREATE FUNCTION registry_keep_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.prefix, NEW.digest, NEW.partner_id, NEW.is_trial, NEW.reads_partner_fields, NEW.records_financings,
        NEW.valid_from, NEW.made_at, NEW.made_by_id, NEW.replaces_id)
       IS DISTINCT FROM
       (OLD.prefix, OLD.digest, OLD.partner_id, OLD.is_trial, OLD.reads_partner_fields, OLD.records_financings,
        OLD.valid_from, OLD.made_at, OLD.made_by_id, OLD.replaces_id)
    THEN
        RAISE EXCEPTION 'what a key is and may do never changes: make another (key %)', OLD.prefix
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.valid_until > OLD.valid_until OR OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at
    THEN
        RAISE EXCEPTION 'a key is not prolonged, and not taken back into use: make another (key %)', OLD.prefix
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_key BEFORE UPDATE ON registry_partnerkey FOR EACH ROW EXECUTE FUNCTION registry_keep_key();
"""
LET_GO = "DROP TRIGGER keep_key ON registry_partnerkey; DROP FUNCTION registry_keep_key;"


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0006_accounts_and_readings"),
    ]

    operations = [
        migrations.CreateModel(
            name="PartnerKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("prefix", models.CharField(editable=False, max_length=12, unique=True, verbose_name="prefix")),
                ("digest", models.CharField(editable=False, max_length=64, verbose_name="digest of the secret")),
                (
                    "label",
                    models.CharField(
                        help_text="Which programme calls, and who answers for it.",
                        max_length=100,
                        verbose_name="used for",
                    ),
                ),
                (
                    "is_trial",
                    models.BooleanField(
                        default=False,
                        help_text="Reads what is public, at most 30 days and with a lower limit.",
                        verbose_name="for trying",
                    ),
                ),
                (
                    "reads_partner_fields",
                    models.BooleanField(
                        default=False,
                        help_text="The scope read:partner.",
                        verbose_name="reads what is meant for partners",
                    ),
                ),
                (
                    "records_financings",
                    models.BooleanField(
                        default=False,
                        help_text="The scope write:financing: those to which the partner is a party, of any firm.",
                        verbose_name="records the partner's financings",
                    ),
                ),
                (
                    "allowed_addresses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=43, validators=[registry.models.keys.check_network]),
                        blank=True,
                        default=list,
                        help_text="Addresses or networks, with commas between; empty for any.",
                        size=20,
                        verbose_name="allowed addresses",
                    ),
                ),
                (
                    "most_requests",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Empty for the register's own limit.",
                        null=True,
                        verbose_name="requests a minute",
                    ),
                ),
                ("valid_from", models.DateField(editable=False, verbose_name="from")),
                ("valid_until", models.DateField(verbose_name="until (excluded)")),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="made at"
                    ),
                ),
                ("revoked_at", models.DateTimeField(editable=False, null=True, verbose_name="revoked at")),
                (
                    "made_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        help_text="The organisation that holds the key; empty for an incubator's own.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="keys",
                        to="registry.partner",
                        verbose_name="partner",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="registry.partnerkey",
                        verbose_name="replaces",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="revoked by",
                    ),
                ),
            ],
            options={
                "verbose_name": "key",
                "verbose_name_plural": "keys",
                "ordering": ("-made_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="KeyUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("answered", models.PositiveBigIntegerField(default=0, verbose_name="answered")),
                ("refused", models.PositiveBigIntegerField(default=0, verbose_name="refused")),
                ("throttled", models.PositiveBigIntegerField(default=0, verbose_name="over the limit")),
                ("failed", models.PositiveBigIntegerField(default=0, verbose_name="failed")),
                ("last_used_at", models.DateTimeField(verbose_name="last used at")),
                ("last_address", models.GenericIPAddressField(blank=True, null=True, verbose_name="last address")),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uses",
                        to="registry.partnerkey",
                        verbose_name="key",
                    ),
                ),
            ],
            options={
                "verbose_name": "use of a key",
                "verbose_name_plural": "uses of keys",
                "ordering": ("-day",),
            },
        ),
        migrations.AddField(
            model_name="changeset",
            name="key",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.partnerkey",
                verbose_name="acting key",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__gt", models.F("valid_from")),
                    (
                        "valid_until__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("valid_from"), "+", models.Value(datetime.timedelta(days=366))
                        ),
                    ),
                ),
                name="registry_partnerkey_expires",
                violation_error_message="A key lasts a day at least and a year at most.",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_trial", False),
                    (
                        "valid_until__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("valid_from"), "+", models.Value(datetime.timedelta(days=30))
                        ),
                    ),
                    _connector="OR",
                ),
                name="registry_partnerkey_trial_is_short",
                violation_error_message="A key for trying lasts 30 days at most.",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_trial", False),
                    models.Q(("reads_partner_fields", False), ("records_financings", False)),
                    _connector="OR",
                ),
                name="registry_partnerkey_trial_reads",
                violation_error_message="A key for trying reads what is public, and no more.",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reads_partner_fields", False), ("records_financings", False)),
                    ("partner__isnull", False),
                    _connector="OR",
                ),
                name="registry_partnerkey_of_a_partner",
                violation_error_message="What is meant for partners needs the partner that holds the key.",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("most_requests__isnull", True), ("most_requests__range", (1, 1000000)), _connector="OR"
                ),
                name="registry_partnerkey_most_requests_positive",
                violation_error_message="A limit is 1 to 1,000,000 requests a minute.",
            ),
        ),
        migrations.AddConstraint(
            model_name="keyuse",
            constraint=models.UniqueConstraint(fields=("key", "day"), name="registry_keyuse_once_a_day"),
        ),
        migrations.RunSQL(KEEP, LET_GO),
    ]
