"""What drf-spectacular is told of a `RegisterView`; the whole document is put together in `config/openapi/`."""

from registry.api.openapi.schema import RegisterSchema
from registry.api.openapi.security import KeyScheme

__all__ = ["KeyScheme", "RegisterSchema"]
