"""`manage.py publish_exports`: whole sets as files at the last number, for everyone and for partners."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from registry.exports.building import publish
from registry.feed.types import Circle


class Command(BaseCommand):
    help = "Publish whole sets as files at the number of the last change. For a nightly timer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--circle", choices=[one.value for one in Circle], action="append", help="all by default")

    def handle(self, *_args: Any, circle: list[str] | None, **_options: Any) -> None:
        for name in circle or list(Circle):
            made = publish(Circle(name))
            size = sum(file.bytes for file in made.files) / 1e6
            self.stdout.write(f"{made.circle.value}: {made.sequence}, {len(made.files)} files, {size:.1f} MB")
