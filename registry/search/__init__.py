"""Finding entries by what people type: one folding and one cutting into pieces, both done by the database.

Knows nothing of firms: who searches keeps a row of text for each entry (see `functions.sql`) and asks it for words.
"""
