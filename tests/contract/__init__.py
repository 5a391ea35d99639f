"""Checks of the OpenAPI document by other people's tools, each a command of its own (see the Makefile)."""
