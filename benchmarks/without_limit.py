"""The settings of the served process without the counter of requests: what `benchmarks.limits` compares with."""

from config.serving import *
from config.serving import MIDDLEWARE as EVERY

MIDDLEWARE = [name for name in EVERY if not name.startswith("registry.limits.")]
