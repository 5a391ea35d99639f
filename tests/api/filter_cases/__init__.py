"""Of each list: for each of its filters some queries, and whom of the hand-made cast they keep."""

# The filter: queries, each with the names of those it keeps. `;` stands between the names.
Cases = dict[str, dict[str, str]]
