"""`exports/`: the published sets, one set, a file of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from registry.api.parameters import LANG, Parameter
from registry.api.snapshots import in_one_snapshot
from registry.exports.ranges import file_response
from registry.exports.sets import ExportSet, published, read_set
from registry.exports.withdrawing import Withdrawn, withdrawn_since
from registry.feed.types import Circle
from registry.feed.views import FeedView, TypeDigestSerializer, circle_of
from registry.history import last_sequence


class ExportFileSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(help_text=gettext_lazy("The name of the file."))
    type = serializers.CharField(
        allow_blank=True,
        help_text=gettext_lazy("The type of its entries; empty for the file with all, from which a mirror begins."),
    )
    format = serializers.CharField(help_text=gettext_lazy("The format of the file."))
    media_type = serializers.CharField(help_text=gettext_lazy("The media type of the file."))
    rows = serializers.IntegerField(help_text=gettext_lazy("How many entries it has."))
    bytes = serializers.IntegerField(help_text=gettext_lazy("Its length in bytes."))
    sha256 = serializers.CharField(help_text=gettext_lazy("SHA-256 of its bytes, in hexadecimal."))
    url = serializers.URLField(help_text=gettext_lazy("Its address; it takes `Range`."))


class ExportSetSerializer(serializers.Serializer[Any]):
    """A set: its manifest."""

    sequence = serializers.IntegerField(
        help_text=gettext_lazy("The number of the change whose state it is; go on from it by the feed.")
    )
    circle = serializers.ChoiceField(list(Circle), help_text=gettext_lazy("For whom the set is."))
    recorded_at = serializers.DateTimeField(
        allow_null=True, help_text=gettext_lazy("When the register took that number.")
    )
    published_at = serializers.DateTimeField(help_text=gettext_lazy("When the files were finished."))
    types = TypeDigestSerializer(many=True, help_text=gettext_lazy("As the checkpoint of that number."))
    files = ExportFileSerializer(many=True, help_text=gettext_lazy("Its files."))
    url = serializers.URLField(help_text=gettext_lazy("The address of the manifest."))


class ExportsMetaSerializer(serializers.Serializer[Any]):
    sequence = serializers.IntegerField(help_text=gettext_lazy("The number of the last change."))
    circle = serializers.ChoiceField(list(Circle), help_text=gettext_lazy("For whom the sets are."))


class ExportsSerializer(serializers.Serializer[Any]):
    """The published sets, the newest first."""

    vars()["data"] = ExportSetSerializer(many=True)
    meta = ExportsMetaSerializer()


class OneExportSerializer(serializers.Serializer[Any]):
    """One published set."""

    vars()["data"] = ExportSetSerializer()
    meta = ExportsMetaSerializer()


class ExportView(FeedView):
    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (LANG,)

    def told_set(self, made: ExportSet) -> dict[str, Any]:
        address = self.request.build_absolute_uri(f"/api/v1/exports/{made.sequence}/")
        told = asdict(made)
        for file in told["files"]:
            file["url"] = f"{address}{file['name']}"
        return told | {"url": address}

    def meta(self, circle: Circle) -> dict[str, Any]:
        return {"sequence": last_sequence(), "circle": circle.value}

    def found(self, sequence: int) -> ExportSet:
        """404 where there is no such set for the caller's circle, 410 where it may be given no more."""
        circle = circle_of(self.request)
        made = read_set(circle, sequence)
        if made is None:
            raise Http404
        if withdrawn_since(circle, sequence):
            raise Withdrawn
        return made


class ExportListView(ExportView):
    """Whole sets as files, the newest first: each at a number of the feed, from which `changes/` leads on. A set leaves
    the list when one of its entries is withdrawn."""

    answer_serializer = ExportsSerializer

    @in_one_snapshot
    def get(self, request: Request) -> HttpResponseBase:
        circle = circle_of(request)
        sets = [self.told_set(one) for one in published(circle) if not withdrawn_since(circle, one.sequence)]
        return Response({"data": sets, "meta": self.meta(circle)})


class ExportSetView(ExportView):
    """One set: its files with their digests, and counts and digests of its types as the checkpoint has them."""

    answer_serializer = OneExportSerializer

    @in_one_snapshot
    def get(self, request: Request, sequence: int) -> HttpResponseBase:
        return Response({"data": self.told_set(self.found(sequence)), "meta": self.meta(circle_of(request))})


class ExportFileView(ExportView):
    """A file of a set, whole or by `Range`."""

    answer_serializer = ExportFileSerializer  # of no answer: what it gives are bytes
    gives_bytes = True

    @in_one_snapshot
    def get(self, request: Request, sequence: int, name: str) -> HttpResponseBase:
        made = self.found(sequence)
        told = made.file(name)
        if told is None:
            raise Http404
        return file_response(request._request, made.folder / told.name, told)
