"""The page of figures: what the API answers, as sentences, charts and tables."""
