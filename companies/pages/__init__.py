"""Public pages of firms and of districts. What they tell, they ask the API for; see docs/public-pages.md."""
