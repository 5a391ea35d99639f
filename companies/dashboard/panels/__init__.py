"""What stands on the page: each panel is a finding, its charts and its tables, made from the API's answers."""
