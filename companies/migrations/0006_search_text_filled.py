"""Fills the keys of the names that are there, and the search text of their firms.

Keys are derived: a name's version does not change when they do, so the triggers of history rest meanwhile.
"""

import hashlib

from django.db import migrations, transaction

from registry.names import pinyin_initials, pinyin_key

BATCH = 2_000
WRITE_KEYS = """
UPDATE companies_companyname n SET pinyin = k.pinyin, initials = k.initials, keys_of = k.keys_of
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS k (id, pinyin, initials, keys_of)
WHERE n.id = k.id
"""


def fill(apps, schema_editor):
    connection = schema_editor.connection
    for ids, names in batches(apps.get_model("companies", "CompanyName"), "name_zh", connection):
        marks = [hashlib.md5(name.encode(), usedforsecurity=False).hexdigest() for name in names]
        keys = [ids, [pinyin_key(name) for name in names], [pinyin_initials(name) for name in names], marks]
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '1s'")
            cursor.execute("ALTER TABLE companies_companyname DISABLE TRIGGER USER")
            cursor.execute(WRITE_KEYS, keys)
            cursor.execute("ALTER TABLE companies_companyname ENABLE TRIGGER USER")
    for ids, _codes in batches(apps.get_model("companies", "Company"), "uscc", connection):
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute("SELECT companies_write_search_text(%s::bigint[])", [ids])


def batches(model, field, connection):
    last = 0
    rows = model.objects.using(connection.alias).order_by("pk").values_list("pk", field)
    while found := list(rows.filter(pk__gt=last)[:BATCH]):
        last = found[-1][0]
        yield [key for key, _value in found], [value for _key, value in found]


class Migration(migrations.Migration):
    atomic = False  # a batch at a time: nobody waits for more than that
    dependencies = [("companies", "0005_search_text")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
