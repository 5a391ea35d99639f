"""Entering a firm in the admin: what its page shows above and below the form, and help at the field."""
