"""The package: what deploy/package made, and what deploy/package_zip.py refuses.

Usage: package_test.py ZIP
"""

import importlib.util
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("package_zip", ROOT / "deploy/package_zip.py")
package_zip = importlib.util.module_from_spec(spec)
spec.loader.exec_module(package_zip)

MEBIBYTE = 1 << 20
ZIP = Path(sys.argv[1])
OWN = "arm64" if "arm64" in ZIP.parts else "x86_64"


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with zipfile.ZipFile(ZIP) as archive:
            cls.entries = archive.infolist()
            cls.elf = archive.read("bootstrap")

    def test_it_holds_one_executable_bootstrap_at_its_root(self):
        self.assertEqual([entry.filename for entry in self.entries], ["bootstrap"])
        self.assertEqual(self.entries[0].external_attr >> 16, 0o100755)

    def test_it_is_under_five_mebibytes(self):
        self.assertLess(ZIP.stat().st_size, 5 * MEBIBYTE)

    def test_the_same_binary_gives_the_same_bytes(self):
        with tempfile.TemporaryDirectory() as folder:
            again = Path(folder, "elsewhere", "lambda-promtail.zip")
            package_zip.pack(self.elf, again)
            self.assertEqual(again.read_bytes(), ZIP.read_bytes())

    def test_it_needs_no_glibc_newer_than_the_runtimes(self):
        self.assertLessEqual(package_zip.check(self.elf, OWN), (2, 34))

    def test_a_newer_glibc_is_refused(self):
        _, versions = package_zip.needed(self.elf)
        newest = max((v for v in versions if v.startswith("GLIBC_2.")), key=lambda v: int(v.split(".")[1]))
        newer = self.elf.replace(newest.encode() + b"\0", b"GLIBC_2.99\0"[: len(newest)] + b"\0")
        with self.assertRaisesRegex(package_zip.Refused, "it needs glibc 2.99, and provided.al2023 has 2.34"):
            package_zip.check(newer, OWN)

    def test_a_library_that_the_runtime_lacks_is_refused(self):
        # A name of the same length, so that nothing moves.
        with self.assertRaisesRegex(package_zip.Refused, "the runtime has no libz.so.6"):
            package_zip.check(self.elf.replace(b"\0libc.so.6\0", b"\0libz.so.6\0"), OWN)

    def test_another_architecture_is_refused(self):
        other = "arm64" if OWN == "x86_64" else "x86_64"
        with self.assertRaisesRegex(package_zip.Refused, f"not for {other}"):
            package_zip.check(self.elf, other)

    def test_what_is_no_program_is_refused(self):
        with self.assertRaisesRegex(package_zip.Refused, "no 64-bit"):
            package_zip.check(b"#!/bin/sh\n", OWN)


if __name__ == "__main__":
    unittest.main(verbosity=2, argv=[sys.argv[0]])
