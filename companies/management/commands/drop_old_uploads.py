"""`manage.py drop_old_uploads`: files and rows of uploads older than 90 days go; who wrote what stays."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from companies.models import Upload


class Command(BaseCommand):
    help = "Empty uploads older than 90 days of their files, rows and corrections. For a daily timer."

    def handle(self, *_args: Any, **_options: Any) -> None:
        count = Upload.objects.drop_old()
        self.stdout.write(ngettext("%d upload emptied.", "%d uploads emptied.", count) % count)
