"""The SBOM of the laboratory that was built: complete, consistent, and the same each time.

    sbom_test.py PROGRAM SOURCE_DIR
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv.pop())
sys.argv.pop()
LOCK = SOURCE / "controller/drawing/package-lock.json"


def make(epoch="1700000000"):
    command = [sys.executable, "-B", SOURCE / "packaging/sbom.py", "--version", "1.2.3", "--commit", "abc",
               "--lock", LOCK, PROGRAM]
    return subprocess.run(command, check=True, capture_output=True, text=True,
                          env={**os.environ, "SOURCE_DATE_EPOCH": epoch}).stdout


class Sbom(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.text = make()
        cls.document = json.loads(cls.text)
        cls.packages = {entry["name"]: entry for entry in cls.document["packages"]}

    def test_has_what_spdx_asks_of_a_document(self):
        self.assertEqual(self.document["spdxVersion"], "SPDX-2.3")
        self.assertEqual(self.document["dataLicense"], "CC0-1.0")
        self.assertEqual(self.document["SPDXID"], "SPDXRef-DOCUMENT")
        self.assertTrue(self.document["documentNamespace"].startswith("https://"))
        self.assertEqual(self.document["creationInfo"]["created"], "2023-11-14T22:13:20Z")
        for entry in self.packages.values():
            self.assertRegex(entry["SPDXID"], r"^SPDXRef-[A-Za-z0-9.-]+$")
            self.assertIn("downloadLocation", entry)

    def test_is_the_same_each_time(self):
        self.assertEqual(make(), self.text)

    def test_names_no_element_that_is_not_there(self):
        known = {entry["SPDXID"] for entry in self.packages.values()} | {"SPDXRef-DOCUMENT"}
        for relation in self.document["relationships"]:
            self.assertIn(relation["spdxElementId"], known)
            self.assertIn(relation["relatedSpdxElement"], known)

    def test_has_each_library_that_the_program_loads(self):
        needed = re.findall(r"NEEDED.*\[(.*?)\.so", subprocess.run(
            ["readelf", "-d", PROGRAM], check=True, capture_output=True, text=True).stdout)
        loaded = {relation["relatedSpdxElement"].removeprefix("SPDXRef-")
                  for relation in self.document["relationships"] if relation["relationshipType"] == "DYNAMIC_LINK"}
        for library in needed:
            if library not in ("libm", "ld-linux-x86-64"):  # with libc, in libc6
                self.assertTrue(any(name.startswith(re.sub("[_+]", "-", library)) for name in loaded), library)

    def test_has_the_licence_of_each_package(self):
        for name, entry in self.packages.items():
            self.assertNotIn(entry["licenseDeclared"], ("", "NOASSERTION"), name)

    def test_has_uplot_in_the_version_that_is_locked(self):
        locked = json.loads(LOCK.read_text())["packages"]["node_modules/uplot"]
        self.assertEqual(self.packages["uplot"]["versionInfo"], locked["version"])
        self.assertEqual(self.packages["uplot"]["licenseDeclared"], locked["license"])


if __name__ == "__main__":
    if not shutil.which("dpkg-query"):
        print("no dpkg here")
        sys.exit(77)
    unittest.main()
