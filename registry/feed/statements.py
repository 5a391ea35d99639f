"""The feed's questions as SQL over the versions. Every name in them is the register's own; values are parameters.

`%(until)s` and `%(since)s` are the moments of two numbers; a version holds from the moment of its change-set on, so
what is read of a number that is past never changes, whoever writes meanwhile.
"""

from __future__ import annotations

from registry.feed.types import Circle, FeedType

SPAN = "SELECT id FROM registry_changeset WHERE sequence > %(after)s AND sequence <= %(sequence)s"
# Withdrawn since: not shown, although it was to be seen at the moment of the walk. What was deleted since was a
# mistake, and no withdrawal.
STILL_SHOWN = "NOT EXISTS (SELECT FROM public.{table} n WHERE n.id = {v}.id AND NOT ({own}))"


def shown(type_: FeedType, v: str, at: str, circle: Circle, *, today: bool = False, depth: int = 0) -> str:
    """Whether the version `v` is to be seen by the circle at the moment `at`; with `today`, also by now."""
    own = type_.shown.get(circle, "false")
    conditions = [own.format(v=v)]
    if today:
        conditions.append(STILL_SHOWN.format(table=type_.table, v=v, own=own.format(v="n")))
    if (owner := type_.owner_type) is not None:
        o = f"o{depth}"
        inner = shown(owner, o, at, circle, today=today, depth=depth + 1)
        conditions.append(
            f"EXISTS (SELECT FROM history.{owner.table} {o} WHERE {o}.id = {v}.{type_.owner}_id"
            f" AND {o}.recorded @> {at} AND {inner})"
        )
    return " AND ".join(f"({condition})" for condition in conditions)


def data(type_: FeedType, v: str, circle: Circle) -> str:
    """The stored facts as compact JSON, members in the order of their names."""
    texts = type_.decimals()
    columns = ", ".join(
        f'{v}."{name}"::text AS "{name}"' if name in texts else f'{v}."{name}"' for name in type_.columns(circle)
    )
    return f"(SELECT row_to_json(d)::text FROM (SELECT {columns}) d)"


def touched(type_: FeedType) -> str:
    """The ids of which something changed in the span: versions that began or ended, of the entry or of its owners."""
    own = (
        f"SELECT id FROM history.{type_.table} WHERE changeset_id IN ({SPAN})"
        f" UNION SELECT id FROM history.{type_.table} WHERE closed_by IN ({SPAN})"
    )
    owner = type_.owner_type
    if owner is None:
        return own
    return f"{own} UNION SELECT id FROM history.{type_.table} WHERE {type_.owner}_id IN ({touched(owner)})"


def there(type_: FeedType, id_: str, at: str, circle: Circle, *, today: bool = False) -> str:
    """Whether the entry of the id was to be seen at a moment."""
    inner = shown(type_, "p", at, circle, today=today)
    return f"EXISTS (SELECT FROM history.{type_.table} p WHERE p.id = {id_} AND p.recorded @> {at} AND {inner})"


def whole(type_: FeedType, circle: Circle, *, today: bool = True) -> str:
    """Every entry at `%(until)s` after `%(last)s`: sequence, id, whether it is new to the reader, data."""
    return f"""
SELECT c.sequence, v.id, true, {data(type_, "v", circle)}
FROM history.{type_.table} v JOIN registry_changeset c ON c.id = v.changeset_id
WHERE v.id > %(last)s AND v.recorded @> %(until)s AND {shown(type_, "v", "%(until)s", circle, today=today)}
ORDER BY v.id LIMIT %(limit)s"""


def was_hidden(type_: FeedType, v: str, circle: Circle, depth: int = 0) -> str:
    """Whether an owner of the row was not to be seen at some time of the span. A walk that passed then left the row out
    or took it away, by `today`; it is told once more, although it is what it was."""
    owner = type_.owner_type
    if owner is None:
        return "false"
    h, o = f"h{depth}", f"i{depth}"
    own = owner.shown.get(circle, "false").format(v=h)
    hidden = (
        f"EXISTS (SELECT FROM history.{owner.table} {h} WHERE {h}.id = {v}.{type_.owner}_id"
        f" AND {h}.changeset_id IN ({SPAN}) AND NOT ({own}))"
    )
    if owner.owner_type is None:
        return hidden
    above = was_hidden(owner, o, circle, depth + 1)
    return (
        f"{hidden} OR EXISTS (SELECT FROM history.{owner.table} {o} WHERE {o}.id = {v}.{type_.owner}_id"
        f" AND {o}.recorded @> %(until)s AND ({above}))"
    )


def written(type_: FeedType, circle: Circle) -> str:
    """As `whole`, but only what is other than at `%(since)s`."""
    return f"""
SELECT sequence, id, NOT was_there, data FROM (
    SELECT c.sequence, v.id, {there(type_, "v.id", "%(since)s", circle)} AS was_there,
           {was_hidden(type_, "v", circle)} AS was_hidden, {data(type_, "v", circle)} AS data
    FROM history.{type_.table} v JOIN registry_changeset c ON c.id = v.changeset_id
    WHERE v.id IN ({touched(type_)}) AND v.id > %(last)s AND v.recorded @> %(until)s
      AND {shown(type_, "v", "%(until)s", circle, today=True)}
) changed
WHERE sequence > %(after)s OR NOT was_there OR was_hidden
ORDER BY id LIMIT %(limit)s"""


def gone(type_: FeedType, circle: Circle) -> str:
    """What was to be seen at `%(since)s` and is not at `%(until)s`: sequence, id, from the highest id down."""
    return f"""
SELECT LEAST(COALESCE(c.sequence, %(sequence)s), %(sequence)s), v.id, false, NULL
FROM history.{type_.table} v LEFT JOIN registry_changeset c ON c.id = v.closed_by
WHERE v.id IN ({touched(type_)}) AND v.id < %(last)s AND v.recorded @> %(since)s
  AND {shown(type_, "v", "%(since)s", circle)}
  AND NOT {there(type_, "v.id", "%(until)s", circle, today=True)}
ORDER BY v.id DESC LIMIT %(limit)s"""


def digest(type_: FeedType, circle: Circle) -> str:
    """Count, and XOR of the first 16 bytes of SHA-256 over `type:id:data` of each entry at `%(until)s`."""
    hashed = f"sha256(convert_to('{type_.name}:' || v.id || ':' || {data(type_, 'v', circle)}, 'UTF8'))"
    return f"""
SELECT count(*), COALESCE(bit_xor(one), 0), COALESCE(bit_xor(two), 0) FROM (
    SELECT ('x' || encode(substr(h, 1, 8), 'hex'))::bit(64)::bigint AS one,
           ('x' || encode(substr(h, 9, 8), 'hex'))::bit(64)::bigint AS two
    FROM (SELECT {hashed} AS h FROM history.{type_.table} v
          WHERE v.recorded @> %(until)s AND {shown(type_, "v", "%(until)s", circle)}) hashes
) halves"""


def withdrawn(type_: FeedType, circle: Circle) -> str:
    """Whether an entry that was to be seen at `%(until)s`, the moment of `%(sequence)s`, is there and not shown now."""
    own = type_.shown.get(circle, "false")
    since = "SELECT id FROM registry_changeset WHERE sequence > %(sequence)s"
    return f"""
SELECT EXISTS (
    SELECT FROM history.{type_.table} h JOIN public.{type_.table} n ON n.id = h.id
    WHERE h.changeset_id IN ({since}) AND NOT ({own.format(v="n")}) AND {there(type_, "h.id", "%(until)s", circle)}
)"""
