#!/usr/bin/env python3
"""The OpenWrt packages' Makefiles and JSON files, held to the rules of the packages feed, without its SDK.

usage: openwrt_makefile.py SOURCE_DIR
"""

import json
import pathlib
import re
import sys

# apk-package(5): digits, a letter, suffixes, a revision. Releases are whole numbers.
APK_VERSION = re.compile(
    r"\d+(\.\d+)*[a-z]?(_(alpha|beta|pre|rc|cvs|svn|git|hg|p)\d*)*(~[0-9a-f]+)?(-r\d+)?")
NEEDED = ("PKG_NAME", "PKG_VERSION", "PKG_RELEASE", "PKG_LICENSE", "PKG_MAINTAINER")
NEEDED_IN_PACKAGE = ("SECTION", "CATEGORY", "TITLE")
ENDING = "# call BuildPackage - OpenWrt buildroot signature"


def read_makefile(text):
    """-> variables, {name of a define: its lines}, [package of each BuildPackage], complaints"""
    variables, defines, built, wrong = {}, {}, [], []
    name = None
    for number, line in enumerate(text.split("\n"), 1):
        if line.rstrip() != line:
            wrong.append(f"line {number}: ends with white space")
        if match := re.fullmatch(r"define (\S+)", line):
            name = match[1]
            defines[name] = []
        elif line == "endef":
            name = None
        elif name is not None:
            defines[name].append(line)
        elif match := re.fullmatch(r"(\w+)\s*[:+?]?=\s*(.*)", line):
            variables.setdefault(match[1], match[2])
        elif match := re.fullmatch(r"([\w/-]+) = \$\(([\w/-]+)\)", line):
            defines[match[1]] = defines.get(match[2], [])
        elif match := re.fullmatch(r"\$\(eval \$\(call BuildPackage,(.*)\)\)", line):
            built.append(match[1])
    if name is not None:
        wrong.append(f"define {name}: no endef")
    return variables, defines, built, wrong


def whole(defines, name):
    """A define's lines, with those of the defines that it calls by name."""
    lines = []
    for line in defines.get(name, []):
        match = re.fullmatch(r"\s*\$\(call ([\w/-]+)(,.*)?\)", line)
        lines += [line]
        if match and match[1] in defines:
            given = (match[2] or "").split(",")
            # $(2) is the second argument; the first is the folder.
            lines += [one.replace("$(2)", given[2] if len(given) > 2 else "$(2)")
                      for one in whole(defines, match[1])]
    return lines


def check_package(name, defines, folder):
    wrong = []
    about = "\n".join(whole(defines, f"Package/{name}"))
    for variable in NEEDED_IN_PACKAGE:
        if not re.search(rf"^  {variable}:=\S", about, re.M):
            wrong.append(f"{name}: no {variable}")
    if not defines.get(f"Package/{name}/description"):
        wrong.append(f"{name}: no description")
    install = whole(defines, f"Package/{name}/install")
    if not install and "BUILDONLY:=1" not in about:
        wrong.append(f"{name}: nothing is installed")
    text = "\n".join(install)
    for line in install:
        if not line.startswith("\t"):
            wrong.append(f"{name}: a command of install that begins without a tab: {line!r}")
    for file in re.findall(r"\./(files/\S+)", text):
        if not (folder / file).exists():
            wrong.append(f"{name}: {file} does not exist")
    conffiles = whole(defines, f"Package/{name}/conffiles")
    for line in conffiles:
        if not re.fullmatch(r"/\S+", line):
            wrong.append(f"{name}: a conffile is an absolute path without indentation: {line!r}")
    kept = [pathlib.PurePosixPath(line) for line in conffiles]
    for path in re.findall(r"\$\(INSTALL_CONF\) \S+ \$\(1\)(\S+)", text):
        if pathlib.PurePosixPath(path) not in kept:
            wrong.append(f"{name}: {path} is no conffile")
    return wrong


def check_makefile(path, tree):
    folder = path.parent
    variables, defines, built, wrong = read_makefile(path.read_text())
    for variable in NEEDED:
        if not variables.get(variable):
            wrong.append(f"no {variable}")
    version = variables.get("PKG_VERSION", "")
    if not APK_VERSION.fullmatch(version) or "-r" in version:
        wrong.append(f"PKG_VERSION {version} is none of apk's")
    if not variables.get("PKG_RELEASE", "").isdigit():
        wrong.append("PKG_RELEASE is no whole number")
    if not re.fullmatch(r".+ <\S+@\S+>", variables.get("PKG_MAINTAINER", "")):
        wrong.append("PKG_MAINTAINER is not: Name <address>")
    text = path.read_text()
    if not text.startswith("# SPDX-License-Identifier: "):
        wrong.append("no SPDX line")
    includes = re.findall(r"^include (\S+)", text, re.M)
    if includes[:1] != ["$(TOPDIR)/rules.mk"]:
        wrong.append("rules.mk is not included first")
    ours = "pianissimo" in variables.get("PKG_NAME", "")
    if ours and version != tree["version"]:
        wrong.append(f"PKG_VERSION is {version}, the tree's is {tree['version']}")
    if ours and variables.get("PKG_LICENSE") != tree["license"]:
        wrong.append(f"PKG_LICENSE is not {tree['license']}")
    for file in variables.get("PKG_LICENSE_FILES", "").split() if ours else ():
        if not (tree["folder"] / file).exists():
            wrong.append(f"PKG_LICENSE_FILES: {file} does not exist")
    if includes[-1:] and includes[-1].endswith("/luci.mk"):
        # luci.mk defines the package and builds it; the comment tells the buildroot so.
        return wrong + ([] if ENDING in text else ["no line: " + ENDING])
    packages = [match[1] for name in defines if (match := re.fullmatch(r"Package/([\w-]+)", name))]
    for name in packages:
        if name not in built:
            wrong.append(f"{name}: defined, but BuildPackage is not called")
        wrong += check_package(name, defines, folder)
    for name in built:
        if name not in packages:
            wrong.append(f"{name}: BuildPackage is called, but it is not defined")
    return wrong


def check_options(path, tree):
    """Every -DPIANISSIMO_ of the package is an option of the build."""
    known = set(re.findall(r"\b(PIANISSIMO_\w+|BPF_CLANG|BPFTOOL)\b",
                           "".join(file.read_text() for file in (
                               tree["folder"] / "CMakeLists.txt", tree["folder"] / "bpf/skeleton.cmake"))))
    return [f"-D{name}: no option of the build"
            for name in re.findall(r"-D(PIANISSIMO_\w+|BPF\w+)=", path.read_text()) if name not in known]


def check_self():
    """What is wrong is found: each of these breaks a good Makefile in one place."""
    good = "define Package/a\n  SECTION:=x\nendef\n$(eval $(call BuildPackage,a))\n"
    assert read_makefile(good)[3] == [] and read_makefile(good)[2] == ["a"]
    assert read_makefile(good.replace("endef\n", ""))[3]
    assert read_makefile(good.replace(":=x", ":=x "))[3]
    bad_install = {"Package/a": ["  SECTION:=x", "  CATEGORY:=x", "  TITLE:=x"],
                   "Package/a/description": ["x"], "Package/a/install": ["    $(CP) ./files/none $(1)"]}
    assert len(check_package("a", bad_install, pathlib.Path("/none"))) == 2
    for version in ("1.2.3", "1.2.3_rc1", "1.2.3_rc1-r1", "2024.01.02"):
        assert APK_VERSION.fullmatch(version), version
    for version in ("1.2.3-rc1", "v1.2.3", "1.2.3_beta-1", "1..2"):
        assert not APK_VERSION.fullmatch(version), version


def main():
    check_self()
    folder = pathlib.Path(sys.argv[1])
    cmake = (folder / "CMakeLists.txt").read_text()
    tree = {"folder": folder,
            "version": re.search(r"project\(pianissimo VERSION (\S+)", cmake)[1],
            "license": re.search(r"^license: (\S+)", (folder / "CITATION.cff").read_text(), re.M)[1]}
    openwrt = folder / "packaging/openwrt"
    wrong = []
    for path in sorted(openwrt.glob("*/Makefile")):
        found = check_makefile(path, tree) + check_options(path, tree)
        wrong += [f"{path.relative_to(folder)}: {one}" for one in found]
    for path in sorted(openwrt.rglob("*.json")):
        json.loads(path.read_text())
    # Who may call what is what there is to call.
    luci = openwrt / "luci-app-pianissimo"
    access = json.loads((luci / "root/usr/share/rpcd/acl.d/luci-app-pianissimo.json").read_text())
    granted = {method for side in ("read", "write")
               for method in access["luci-app-pianissimo"][side]["ubus"]["luci.pianissimo"]}
    script = (luci / "root/usr/share/rpcd/ucode/pianissimo.uc").read_text()
    offered = set(re.findall(r"^\t(\w+): \{$", script, re.M))
    if granted != offered:
        wrong.append(f"the ACL grants {sorted(granted)}, the script has {sorted(offered)}")
    menu = json.loads((luci / "root/usr/share/luci/menu.d/luci-app-pianissimo.json").read_text())
    for entry in menu.values():
        view = entry["action"].get("path")
        if view and not (luci / f"htdocs/luci-static/resources/view/{view}.js").exists():
            wrong.append(f"the menu names {view}, which does not exist")
    print("\n".join(wrong) or "ok")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
