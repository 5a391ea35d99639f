"""Days and moments as ISO 8601 writes them, as everywhere on the pages."""

DATE_FORMAT = "Y-m-d"
DATETIME_FORMAT = "Y-m-d H:i:s"
