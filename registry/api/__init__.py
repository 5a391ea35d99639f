"""What every endpoint shares: strict parameters, paging, problems, languages, the base views."""
