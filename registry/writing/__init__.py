"""Writing over the API: strict bodies, the models' own rules, the caller's scope, one transaction, one answer."""
