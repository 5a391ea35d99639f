"""The digest of an answer that is to stay: over the question and the data, so that whoever quotes it can prove both."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def digest_of(question: Mapping[str, Any], data: bytes) -> str:
    """`sha256:…` over the question as JSON with sorted names, a line's end, and the data as they are answered."""
    text = json.dumps(question, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode() + b"\n" + data).hexdigest()
