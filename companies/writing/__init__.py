"""Writing firms, stays, certificates and financings over the API: docs/writing.md."""
