"""Documents that set the targets, in the reader's language. They are published in Chinese alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DOCUMENTS: dict[str, StrOrPromise] = {
    "“双倍增”行动计划（2023—2027年）": _("“Doubling” action plan (2023–2027)"),
    "全市科技工作会议 2023-02-23": _("City conference on science and technology, 2023-02-23"),
    "高质量孵化载体方案（2021—2025年），渝府办发〔2021〕142号": _(
        "Plan for high-quality incubation space (2021–2025), Yu Fu Ban Fa [2021] No. 142"
    ),
    "渝高新发〔2023〕8号": _("Yu Gao Xin Fa [2023] No. 8"),
    "荣昌区双倍增行动计划 2023-07": _("“Doubling” action plan of Rongchang District, 2023-07"),
    "北碚区双倍增行动计划": _("“Doubling” action plan of Beibei District"),
    "2022-11 指导意见": _("Guiding opinions, 2022-11"),
    "项目任务书所列目标": _("Target listed in the project's terms of reference"),
}


def document_in_words(title: str) -> str:
    """A document of the reference data by its name; any other as it is titled."""
    return str(DOCUMENTS.get(title, title))
