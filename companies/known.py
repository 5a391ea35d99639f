"""How the tables of firms look back: those that are no entries or final, and those of which entries can be withdrawn.

Who may read is asked of today: of what everyone might read once and may not read now, the past shows nothing.
"""

from registry.history.views import declare_derived, declare_final, declare_withdrawable

declare_derived("companies_searchtext", "companies")
declare_derived("companies_companychange", "companies")
declare_final("companies_financingtable", "companies", known_from="released_at")
declare_withdrawable("companies_company")
declare_withdrawable("companies_financing")
