"""How many requests a caller may make: one counter in the database for each key and each anonymous address."""
