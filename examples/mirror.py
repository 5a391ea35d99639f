"""A mirror of the register in SQLite: begins from 0 or from a dump, follows the feed, and proves itself by digest.

    python mirror.py mirror.sqlite https://register.example sync            # again and again, every night or minute
    python mirror.py mirror.sqlite https://register.example prove
    python mirror.py mirror.sqlite https://register.example load dump.jsonl

With a key in REGISTER_KEY it mirrors what the key may read. Needs httpx. It may be killed at any moment: each page is
one transaction that also keeps where the walk goes on.
"""

import hashlib
import json
import os
import sqlite3
import sys
import time
from typing import Any

import httpx

MOST_TRIES = 20
LONGEST_PAUSE = 60.0


class Mirror:
    """Entries by type and id, as the feed tells them."""

    def __init__(self, file: str, root: str, client: httpx.Client | None = None) -> None:
        key = os.environ.get("REGISTER_KEY")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.feed = f"{root}/api/v1/changes/"
        self.client = client or httpx.Client(headers=headers, timeout=60)
        self.database = sqlite3.connect(file, isolation_level=None)
        self.database.executescript("""
            CREATE TABLE IF NOT EXISTS entry (type TEXT, id INTEGER, data TEXT NOT NULL, PRIMARY KEY (type, id));
            CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT);
        """)

    # --- What is kept
    def get(self, name: str) -> str | None:
        found = self.database.execute("SELECT value FROM state WHERE name = ?", [name]).fetchone()
        return found[0] if found else None

    def put(self, name: str, value: Any) -> None:
        self.database.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", [name, value])

    def apply(self, event: dict[str, Any]) -> None:
        """Doing it twice does no harm."""
        if event["op"] == "delete":
            self.database.execute("DELETE FROM entry WHERE type = ? AND id = ?", [event["type"], event["id"]])
        else:
            row = [event["type"], event["id"], canonical(event["data"])]
            self.database.execute("INSERT OR REPLACE INTO entry VALUES (?, ?, ?)", row)

    # --- The way there
    def sync(self) -> int:
        """Walks on to the last number, wherever an earlier walk broke off; gives that number."""
        while True:
            url = self.get("next") or f"{self.feed}?after={self.get('sequence') or 0}&limit=1000"
            page = self.ask(url)
            if page is None:  # the walk is too old: begin again from the last whole state
                self.put("next", None)
                continue
            self.database.execute("BEGIN")
            for event in page["data"]:
                self.apply(event)
            self.put("next", page["next"])
            if page["next"] is None:
                self.put("sequence", page["meta"]["sequence"])
            self.database.execute("COMMIT")
            if page["next"] is None:
                return int(page["meta"]["sequence"])

    def load(self, dump: str) -> int:
        """Begins from a dump: a first line with its number, then an event a line."""
        with open(dump, encoding="utf-8") as lines:
            sequence = json.loads(next(lines))["sequence"]
            self.database.execute("BEGIN")
            self.database.execute("DELETE FROM entry")
            for line in lines:
                self.apply(json.loads(line))
            self.put("next", None)
            self.put("sequence", sequence)
            self.database.execute("COMMIT")
        return int(sequence)

    def ask(self, url: str) -> dict[str, Any] | None:
        """The answer; waits as long as the register asks for when it is busy, away, or asked too often."""
        for _try in range(MOST_TRIES):
            try:
                answer = self.client.get(url)
            except httpx.TransportError:
                time.sleep(1)
                continue
            if answer.status_code in (429, 503):
                time.sleep(min(float(answer.headers.get("Retry-After", 5)), LONGEST_PAUSE))
                continue
            if answer.status_code == 400 and answer.json()["errors"][0]["code"] in ("walk_too_old", "cursor_mismatch"):
                return None
            answer.raise_for_status()
            found: dict[str, Any] = answer.json()
            return found
        raise SystemExit(f"The register did not answer {MOST_TRIES} times.")

    # --- The proof
    def digests(self) -> dict[str, tuple[int, str]]:
        """Of each type its count, and the XOR over the first 16 bytes of SHA-256 of `type:id:data`."""
        found: dict[str, tuple[int, int]] = {}
        for type_, id_, data in self.database.execute("SELECT type, id, data FROM entry"):
            count, digest = found.get(type_, (0, 0))
            one = hashlib.sha256(f"{type_}:{id_}:{data}".encode()).digest()[:16]
            found[type_] = (count + 1, digest ^ int.from_bytes(one, "big"))
        return {type_: (count, f"{digest:032x}") for type_, (count, digest) in found.items()}

    def differences(self) -> dict[str, Any]:
        """By type what the register has and the mirror has; empty when the mirror is complete."""
        told = self.ask(f"{self.feed}checkpoint/?at={self.get('sequence') or 0}")
        assert told is not None
        own = self.digests()
        theirs = {one["type"]: (one["count"], one["digest"]) for one in told["data"]}
        none = (0, "0" * 32)
        types = own.keys() | theirs.keys()
        return {t: (theirs.get(t, none), own.get(t, none)) for t in types if theirs.get(t, none) != own.get(t, none)}


def canonical(data: dict[str, Any]) -> str:
    """As the register digests it: members by name, no blanks, letters as they are."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


if __name__ == "__main__":
    mirror, act = Mirror(sys.argv[1], sys.argv[2]), sys.argv[3]
    if act == "load":
        print("loaded", mirror.load(sys.argv[4]))
    elif act == "sync":
        print("synchronised to", mirror.sync())
    elif wrong := mirror.differences():
        raise SystemExit(f"not the same: {wrong}")
    else:
        print("the same as the register at", mirror.get("sequence"))
