#!/usr/bin/env python3
"""extract_vmlinux.py VMLINUZ OUT: takes the ELF kernel out of a bzImage (xz or gzip)."""
import lzma
import sys
import zlib

PACKERS = (
    (b"\xfd7zXZ\x00", lambda data: lzma.LZMADecompressor().decompress(data)),
    (b"\x1f\x8b\x08", lambda data: zlib.decompressobj(31).decompress(data)),
)


def extract(image: bytes) -> bytes:
    for magic, unpack in PACKERS:
        at = image.find(magic)
        while at >= 0:
            try:
                kernel = unpack(image[at:])
            except (lzma.LZMAError, zlib.error):
                kernel = b""  # the magic bytes occurred by chance
            if kernel.startswith(b"\x7fELF"):
                return kernel
            at = image.find(magic, at + 1)
    sys.exit(f"{sys.argv[1]}: no ELF kernel found in it (a new way of compression?)")


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as source:
        result = extract(source.read())
    with open(sys.argv[2], "wb") as target:
        target.write(result)
