#!/usr/bin/env python3
"""Writes an SBOM (SPDX 2.3, JSON) of the programs to standard output.

What they load comes from their dynamic sections and dpkg; what is compiled into them from the packages
of headers and archives that are installed, and from npm's package-lock.json. A licence is the one that
a package's machine-readable copyright file has for most of its files, else NOASSERTION.

    sbom.py --version V --commit C --lock package-lock.json PROGRAM...
"""

import argparse
import datetime
import json
import os
import pathlib
import re
import subprocess
import urllib.parse

# Compiled into the programs: headers, and archives (Boost.JSON, nettle).
COMPILED_IN = ["libboost1.81-dev", "libboost-json1.81-dev", "libcli11-dev", "nettle-dev"]

# What their copyright files say in words alone, read on Debian 12.
SAID_IN_WORDS = {
    "libc6": "LGPL-2.1-or-later", "libfmt9": "MIT", "libgcc-s1": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libnl-3-200": "LGPL-2.1-only", "libnl-genl-3-200": "LGPL-2.1-only", "libpcap0.8": "BSD-3-Clause",
    "libstdc++6": "GPL-3.0-or-later WITH GCC-exception-3.1", "libyaml-cpp0.7": "MIT",
}

# Debian's names of licences, where SPDX has others.
SPDX_LICENCES = {
    "apache-2.0": "Apache-2.0", "bsd-2-clause": "BSD-2-Clause", "bsd-3-clause": "BSD-3-Clause",
    "boost-1.0": "BSL-1.0", "bsl-1.0": "BSL-1.0", "boost": "BSL-1.0", "expat": "MIT", "mit": "MIT",
    "gpl-2": "GPL-2.0-only", "gpl-2+": "GPL-2.0-or-later", "gpl-3": "GPL-3.0-only", "gpl-3+": "GPL-3.0-or-later",
    "lgpl-2.1": "LGPL-2.1-only", "lgpl-2.1+": "LGPL-2.1-or-later", "lgpl-3": "LGPL-3.0-only",
    "lgpl-3+": "LGPL-3.0-or-later", "zlib": "Zlib",
}


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def loaded_by(program):
    """The files of the shared libraries that a program names itself."""
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", output_of("readelf", "-d", program))
    found = dict(re.findall(r"^\s*(\S+)(?: => (\S+))? \(0x", output_of("ldd", program), re.M))
    return [found.get(name) or name for name in needed]


def packages_of(libraries):
    """The Debian packages of libraries' files. dpkg may know a path from before /lib became a link."""
    paths = {path: library for library in libraries for real in (library, os.path.realpath(library))
             for path in (real, real.removeprefix("/usr"))}
    owners = subprocess.run(["dpkg-query", "-S", *paths], capture_output=True, text=True).stdout
    found = {paths[path]: names.split(",")[0] for names, path in re.findall(r"^(.+): (.+)$", owners, re.M)}
    if missing := set(libraries) - set(found):
        raise SystemExit(f"sbom: of no package: {', '.join(sorted(missing))}")
    return sorted(set(found.values()))


def licence_of(package):
    copyright_file = pathlib.Path("/usr/share/doc", package.split(":")[0], "copyright")
    text = copyright_file.read_text(errors="replace") if copyright_file.exists() else ""
    for stanza in re.split(r"\n\s*\n", text):
        if re.search(r"^Files:\s*\*\s*$", stanza, re.M):
            words = re.search(r"^License:[ \t]*(.*)$", stanza, re.M)
            parts = re.split(r"\s+(and|or)\s+", words.group(1).strip().lower()) if words else [""]
            spdx = [SPDX_LICENCES.get(part, part.upper() if part in ("and", "or") else None) for part in parts]
            if all(spdx):
                return " ".join(spdx)
    return SAID_IN_WORDS.get(package.split(":")[0], "NOASSERTION")


def identifier(name):
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)


def package(name, version, licence, purl=None, supplier="NOASSERTION"):
    entry = {
        "SPDXID": identifier(name), "name": name, "versionInfo": version, "supplier": supplier,
        "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION", "licenseDeclared": licence, "copyrightText": "NOASSERTION",
    }
    if purl:
        entry["externalRefs"] = [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                                  "referenceLocator": purl}]
    return entry


def debian_package(name):
    version, architecture = output_of("dpkg-query", "-W", "-f=${Version} ${Architecture}", name).split()
    bare = name.split(":")[0]
    locator = f"pkg:deb/debian/{bare}@{urllib.parse.quote(version)}?arch={architecture}"
    return package(bare, version, licence_of(name), locator,
                   "Organization: Debian")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--version", required=True)
    parser.add_argument("--commit", required=True)
    parser.add_argument("--lock", type=pathlib.Path, required=True)
    parser.add_argument("programs", nargs="+", type=pathlib.Path)
    options = parser.parse_args()

    created = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    packages, relations = {}, []

    def relate(program, kind, entry):
        packages[entry["SPDXID"]] = entry
        relations.append((identifier(program), kind, entry["SPDXID"]))

    for program in options.programs:
        entry = package(program.name, options.version, "GPL-2.0-only")
        packages[entry["SPDXID"]] = entry
        relations.append(("SPDXRef-DOCUMENT", "DESCRIBES", entry["SPDXID"]))
        for name in packages_of(loaded_by(program)):
            relate(program.name, "DYNAMIC_LINK", debian_package(name))
        for name in COMPILED_IN:
            relate(program.name, "STATIC_LINK", debian_package(name))
    for path, locked in json.loads(options.lock.read_text())["packages"].items():
        if path:
            name = path.removeprefix("node_modules/")
            relate("pianissimo-lab", "CONTAINS",
                   package(name, locked["version"], locked.get("license", "NOASSERTION"),
                           f"pkg:npm/{name}@{locked['version']}"))

    print(json.dumps({
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"pianissimo-{options.version}",
        "documentNamespace": f"https://spdx.org/spdxdocs/pianissimo-{options.version}-{options.commit}",
        "creationInfo": {"created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
                         "creators": ["Tool: pianissimo packaging/sbom.py"]},
        "packages": [packages[key] for key in sorted(packages)],
        "relationships": [{"spdxElementId": of, "relationshipType": kind, "relatedSpdxElement": to}
                          for of, kind, to in sorted(set(relations))],
    }, indent=1))


if __name__ == "__main__":
    main()
