"""Credit codes that are valid and cannot belong to anybody.

GB 11714 sets PDY00001 to PDY99999 apart for numbers that organisations give themselves and do not exchange; no
registered body has an organisation code from there.
"""

from registry.credit_code import complete

INVENTED_RANGE = "PDY"
LARGEST_NUMBER = 99_999
COMPANY, SOLE_TRADER = "91", "92"


def invented_code(number: int, *, is_sole_trader: bool = False) -> str:
    """The code of the invented firm with this number, from 1."""
    if not 1 <= number <= LARGEST_NUMBER:
        raise ValueError(f"Invented firms are numbered from 1 to {LARGEST_NUMBER}, not {number}.")
    kind = SOLE_TRADER if is_sole_trader else COMPANY
    return complete(f"{kind}500000", f"{INVENTED_RANGE}{number:05d}")


def is_invented_code(code: str) -> bool:
    return code[8:11] == INVENTED_RANGE
