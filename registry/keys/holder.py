"""Who calls with a key, as `registry.scope` and the views ask a person."""

from __future__ import annotations

from registry.models import PartnerKey


class KeyHolder:
    """Stands where a user stands. It has no role; its rights are those of its key, over incubators as their staff."""

    is_authenticated = True
    is_anonymous = False
    is_active = True
    is_staff = False
    is_superuser = False
    is_registrar = False
    is_auditor = False
    is_analyst = False
    is_incubator_staff = True
    """For which incubators is told by what the key is granted, which may be none."""
    pk = None
    id = None

    def __init__(self, key: PartnerKey) -> None:
        self.key = key

    def __str__(self) -> str:
        return str(self.key)

    def get_username(self) -> str:
        return self.key.prefix

    @property
    def party(self) -> int | None:
        """The partner whose financings the key records."""
        return self.key.partner_id if self.key.records_financings else None

    @property
    def reads_partner_fields(self) -> bool:
        return self.key.reads_partner_fields
