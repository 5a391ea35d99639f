"""Code lists of hosts. Levels are data: the rule of 2025 renamed them."""

from django.utils.translation import gettext_lazy as _

from registry.models.entries import Vocabulary


class IncubatorKind(Vocabulary):
    """A step of the chain from maker space to accelerator, or a science park."""

    class Meta(Vocabulary.Meta):
        verbose_name = _("kind of incubator")
        verbose_name_plural = _("kinds of incubators")


class IncubatorLevel(Vocabulary):
    """A level at which an incubator is recognised."""

    class Meta(Vocabulary.Meta):
        verbose_name = _("level of incubator")
        verbose_name_plural = _("levels of incubators")
