"""Django's DATABASES entry, made from an address. Pure: reads neither the environment nor the settings."""

from typing import Any

from config.environment import DatabaseAddress

TIME_ZONE = "Asia/Shanghai"
CONNECT_SECONDS = 2
POOL_SECONDS = 3
SERVED_LIMITS = {
    "statement_timeout": "5s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "10s",
}

PLANNING = {"jit": "off", "random_page_cost": "1.1"}
"""Short queries over data that mostly lie in memory: compiling them costs more than running them."""


def entry(address: DatabaseAddress, *, pooler: str = "none") -> dict[str, Any]:
    """For management commands: one connection and no time limit, since an import may take its time."""
    options: dict[str, Any] = dict(address.extra)
    if pooler == "none":
        options["options"] = _with_settings(options.get("options", ""), PLANNING)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.name,
        "USER": address.user,
        "PASSWORD": address.password,
        "HOST": address.host,
        "PORT": address.port,
        "TIME_ZONE": TIME_ZONE,
        "OPTIONS": {"connect_timeout": CONNECT_SECONDS, **options},
        # A pooler in transaction mode gives each transaction another connection: a cursor would not be found.
        "DISABLE_SERVER_SIDE_CURSORS": pooler == "transaction",
    }


def served_entry(address: DatabaseAddress, pool_size: int, *, pooler: str = "none") -> dict[str, Any]:
    """For the served process: a pool, and limits that turn a sick database into a quick 503.

    Behind a pooler the limits belong to the role (`ALTER ROLE ... SET`), as start parameters are refused there.
    """
    made = entry(address, pooler=pooler)
    if pooler == "none":
        made["OPTIONS"]["options"] = _with_settings(made["OPTIONS"]["options"], SERVED_LIMITS)
    made["OPTIONS"]["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": POOL_SECONDS}
    made["CONN_HEALTH_CHECKS"] = True
    return made


def _with_settings(given: str, settings: dict[str, str]) -> str:
    """What the address gives stands last, so that it wins."""
    return " ".join([*(f"-c {key}={value}" for key, value in settings.items()), given]).strip()
