"""How large an uploaded sheet may be. All are checked before the file is read into rows."""

from django.utils.translation import gettext as _

from registry.sheets.errors import SheetError

MAXIMUM_FILE_BYTES = 50 * 1024 * 1024
MAXIMUM_UNPACKED_BYTES = 128 * 1024 * 1024
# Deflate reaches 1032:1; office files of real rows stay under 30:1. Small files may repeat themselves.
MAXIMUM_RATIO = 100
RATIO_MATTERS_FROM_BYTES = 20 * 1024 * 1024
MAXIMUM_PARTS = 2_000
MAXIMUM_ROWS = 200_000
MAXIMUM_COLUMNS = 200
# The reader holds the whole rectangle, so one cell in a far corner costs as much as a full sheet.
MAXIMUM_CELLS = 4_000_000
# One shared text may be named by every cell and is copied for each of them.
MAXIMUM_TEXT_CHARACTERS = 128 * 1024 * 1024
# Excel's own limit of a cell.
MAXIMUM_CELL_CHARACTERS = 32_767


def check_extent(row_count: int, column_count: int) -> None:
    if row_count > MAXIMUM_ROWS:
        raise SheetError(
            _("The sheet reaches row %(found)d; at most %(most)d rows are read, so split the file.")
            % {"found": row_count, "most": MAXIMUM_ROWS}
        )
    if column_count > MAXIMUM_COLUMNS:
        raise SheetError(
            _("The sheet reaches column %(found)d; at most %(most)d are read, so remove those not needed.")
            % {"found": column_count, "most": MAXIMUM_COLUMNS}
        )
    if row_count * column_count > MAXIMUM_CELLS:
        raise SheetError(
            _("The sheet spans %(rows)d rows by %(columns)d columns, over %(most)d cells; split it.")
            % {"rows": row_count, "columns": column_count, "most": MAXIMUM_CELLS}
        )


def check_text(characters: int) -> None:
    if characters > MAXIMUM_TEXT_CHARACTERS:
        raise SheetError(
            _("The texts of the sheet unfold to more than %d million characters, so it is not read.") % 128
        )
