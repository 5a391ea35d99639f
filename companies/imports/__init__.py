"""Lists of firms from uploaded sheets: typed (`rows`), matched, compared with the register, written or refused."""

from companies.imports.planning import commit_import, plan_import

__all__ = ["commit_import", "plan_import"]
