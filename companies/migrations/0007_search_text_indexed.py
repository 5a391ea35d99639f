"""The indexes of the search texts, built while others write, and the rule that keys fit their name."""

import django.contrib.postgres.indexes
import django.db.models.functions
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models

import registry.search.words


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("companies", "0006_search_text_filled")]
    operations = [
        AddConstraintNotValid(
            model_name="companyname",
            constraint=models.CheckConstraint(
                condition=models.Q(keys_of=django.db.models.functions.MD5("name_zh")),
                name="companies_companyname_keys_fit",
                violation_error_message="Pinyin and initials were made from another name: save the name, or call set_keys().",
            ),
        ),
        ValidateConstraint(model_name="companyname", name="companies_companyname_keys_fit"),
        AddIndexConcurrently(
            model_name="searchtext",
            index=models.Index(fields=["pinyin", "company"], name="companies_searchtext_order"),
        ),
        migrations.AddIndex(
            model_name="searchtext",
            index=models.Index(fields=["named_from"], name="companies_searchtext_named"),
        ),
        AddIndexConcurrently(
            model_name="searchtext",
            index=django.contrib.postgres.indexes.GinIndex(
                registry.search.words.Pieces("written"),
                gin_pending_list_limit=512,
                name="companies_searchtext_pieces",
            ),
        ),
        AddIndexConcurrently(
            model_name="searchtext",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["spelled"],
                gin_pending_list_limit=512,
                name="companies_searchtext_spelled",
                opclasses=["gin_trgm_ops"],
            ),
        ),
    ]
