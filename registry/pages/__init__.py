"""Public pages: HTML for everyone, of what the API answers to everyone.

A page asks the API by its addresses (`asking.py`) and never the database: what the API hides no page can show, and no
figure can differ. `views.py` holds the base of every page.
"""
