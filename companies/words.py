"""Words for the rules that a migration made in SQL."""

from django.utils.translation import gettext_lazy as _

from companies.models.financing import COUNTED_IN_A_TABLE
from companies.models.links import SITE_OF_ANOTHER
from registry.database_words import WORDS
from registry.models.places import UNIT_OF_ANOTHER

SHARES_SUM_TO_100 = _("The shares of risk sum to 100 %, or none is given.")
HUB_OF_FIELD = _("This strategic field belongs to another hub.")

WORDS |= {
    "companies_financingparty_shares_sum_to_100": SHARES_SUM_TO_100,
    "companies_company_field_of_hub": HUB_OF_FIELD,
    "companies_company_field_has_hub": HUB_OF_FIELD,
    "companies_universitylink_site_of_university": SITE_OF_ANOTHER,
    "companies_seat_unit_of_district": UNIT_OF_ANOTHER,
    "companies_financing_published_before_release": COUNTED_IN_A_TABLE,
    "companies_certification_renews_own": _("A certificate renews one of the same firm."),
}
