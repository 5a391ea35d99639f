"""What is said of a row before anything is written."""

from enum import StrEnum


class Verdict(StrEnum):
    """What a row means for the register; `wrong` and `ambiguous` ones keep the file from being written."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    AMBIGUOUS = "ambiguous"
    WRONG = "wrong"
