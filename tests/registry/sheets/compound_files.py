"""Writes what only old Office files hold: streams in an OLE container."""

import struct


def compound_file(streams: dict[str, bytes]) -> bytes:
    """The smallest OLE container that holds these streams."""
    sector, content_bytes, table, entries = 512, b"", [0xFFFFFFFD], []
    for name, data in streams.items():
        data = data.ljust(4096, b"\0")
        start, count = 2 + len(content_bytes) // sector, -(-len(data) // sector)
        entries.append((name, 2, start, len(data)))
        content_bytes += data.ljust(count * sector, b"\0")
    total = len(content_bytes) // sector
    chains = []
    for _name, _kind, start, length in entries:
        count = -(-length // sector)
        chains += [*range(start + 1, start + count), 0xFFFFFFFE]
    table += [0xFFFFFFFE, *chains]
    assert len(table) <= 128, total
    directory = b""
    for name, kind, start, length in [("Root Entry", 5, 0xFFFFFFFE, 0), *entries]:
        raw = name.encode("utf-16-le") + b"\0\0"
        directory += (
            raw.ljust(64, b"\0")
            + struct.pack("<HB", len(raw), kind)
            + b"\0" * 49
            + struct.pack("<III", start, length, 0)
        )
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header = header.ljust(44, b"\0") + struct.pack("<IIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    allocation = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
    return header + allocation + directory.ljust(512, b"\0")[:512] + content_bytes


BOF = struct.pack("<HHHH", 0x809, 4, 0x600, 5)
