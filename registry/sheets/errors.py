class SheetError(ValueError):
    """A file that cannot be read as it is; the text is one sentence for the person who uploaded it."""
