"""Two people on one page: what only one changed is kept, what both changed is shown and chosen."""
