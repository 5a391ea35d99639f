"""The feed: what changed between two numbers of the register, worked out from the versions of its entries.

Docs: docs/feed.md, docs/decisions/0029-feed.md.
"""
