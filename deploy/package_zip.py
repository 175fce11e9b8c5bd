"""Packs a binary for Lambda's runtime provided.al2023, after checking that it can run there.

Usage: package_zip.py BINARY x86_64|arm64 ZIP
"""

import hashlib
import re
import struct
import sys
import zipfile
from pathlib import Path

# Amazon Linux 2023's, by the release notes of AL2023.
GLIBC = (2, 34)
# What the runtime's image has beside glibc's own libraries.
LIBRARIES = re.compile(r"(libc|libm|libdl|libpthread|librt|libgcc_s|ld-linux[\w-]*)\.so\.\d+")
# e_machine, by the System V ABI.
MACHINES = {"x86_64": 62, "arm64": 183}

SHT_DYNAMIC, SHT_GNU_VERNEED, DT_NEEDED = 6, 0x6FFFFFFE, 1


class Refused(Exception):
    """Why the binary cannot run there."""


def sections(elf):
    offset, size, count = struct.unpack_from("<Q", elf, 40)[0], *struct.unpack_from("<HH", elf, 58)
    for index in range(count):
        header = struct.unpack_from("<IIQQQQIIQQ", elf, offset + index * size)
        # type, offset, size, link
        yield header[1], header[4], header[5], header[6]


def text(elf, offset):
    return elf[offset : elf.index(b"\0", offset)].decode()


def needed(elf):
    """Names of the libraries it is linked with, and the versions of their symbols."""
    table = list(sections(elf))
    libraries, versions = [], set()
    for kind, offset, size, link in table:
        strings = table[link][1] if kind in (SHT_DYNAMIC, SHT_GNU_VERNEED) else None
        if kind == SHT_DYNAMIC:
            for tag, value in struct.iter_unpack("<qQ", elf[offset : offset + size]):
                if tag == DT_NEEDED:
                    libraries.append(text(elf, strings + value))
        elif kind == SHT_GNU_VERNEED:
            while True:
                _, count, _, first, following = struct.unpack_from("<HHIII", elf, offset)
                version = offset + first
                for _ in range(count):
                    _, _, _, name, further = struct.unpack_from("<IHHII", elf, version)
                    versions.add(text(elf, strings + name))
                    version += further
                if following == 0:
                    break
                offset += following
    return libraries, versions


def check(elf, architecture):
    if elf[:6] != b"\x7fELF\x02\x01":
        raise Refused("it is no 64-bit little-endian ELF file")
    machine = struct.unpack_from("<H", elf, 18)[0]
    if machine != MACHINES[architecture]:
        raise Refused(f"it is for machine {machine}, not for {architecture}")
    libraries, versions = needed(elf)
    foreign = [library for library in libraries if not LIBRARIES.fullmatch(library)]
    if foreign:
        raise Refused(f"the runtime has no {', '.join(foreign)}")
    glibc = {tuple(map(int, found.groups())) for version in versions if (found := re.fullmatch(r"GLIBC_(\d+)\.(\d+)(?:\.\d+)?", version))}
    newest = max(glibc, default=(0, 0))
    if newest > GLIBC:
        raise Refused("it needs glibc {}.{}, and provided.al2023 has {}.{}; build it on Amazon Linux 2023".format(*newest, *GLIBC))
    return newest


def pack(elf, target):
    # Time, permissions and system are set, not taken: nothing but the binary decides the bytes.
    entry = zipfile.ZipInfo("bootstrap", date_time=(1980, 1, 1, 0, 0, 0))
    entry.create_system = 3
    entry.external_attr = 0o100755 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".part")
    with zipfile.ZipFile(unfinished, "w") as archive:
        archive.writestr(entry, elf, compresslevel=9)
    unfinished.replace(target)


def main(binary, architecture, target):
    elf = Path(binary).read_bytes()
    try:
        glibc = check(elf, architecture)
    except Refused as reason:
        sys.exit(f"{binary} cannot run on Lambda: {reason}")
    pack(elf, Path(target))
    # What an image is made of.
    bootstrap = Path(target).with_name("bootstrap")
    bootstrap.write_bytes(elf)
    bootstrap.chmod(0o755)
    packed = Path(target).read_bytes()
    print(
        f"{target}: {len(packed)} bytes of {len(elf)}, {architecture}, needs glibc {glibc[0]}.{glibc[1]}\n"
        f"sha256 {hashlib.sha256(packed).hexdigest()}"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
