"""Settings of a served process to which every list is too long for a whole file."""

from config.serving import *  # noqa: F403

MOST_ROWS_OF_A_FILE = 1
