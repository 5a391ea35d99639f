"""Who answers the same page, each in its own way. Same rows, same fields, unless it says otherwise."""
