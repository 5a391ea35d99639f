from collections.abc import Sequence


class SheetError(ValueError):
    """A file that cannot be read as it is; the text is one sentence for the person who uploaded it."""


class SeveralSheets(SheetError):
    """A file of which more than one sheet could be meant: `names` are theirs, in the order of the file."""

    def __init__(self, sentence: str, names: Sequence[str]) -> None:
        super().__init__(sentence)
        self.names = tuple(names)


class Unusable(ValueError):
    """What was sent cannot be used; the text is one sentence for the person."""
