"""Links in Markdown: every file or folder that a relative link names is there, and so is the heading that its anchor names.

    links.py ROOT [FILE...]     FILE: below ROOT; default: every *.md but those of builds

Prints "file:line: what is wrong" for each broken link. Exit status: 0; 1: a link is broken; 2: ROOT has no Markdown.
Links to other sites are not followed.
"""

import pathlib
import re
import sys
import urllib.parse

LEFT_OUT = {"build", "out", ".git", ".cache", "node_modules"}
LINK = re.compile(r"\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
DEFINITION = re.compile(r"^\[[^\]]+\]:\s+<?([^\s>]+)")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
FENCE = re.compile(r"^\s*(```|~~~)")
CODE = re.compile(r"`[^`]*`")


def lines_of(path):
    """(number, line) of every line that is no code."""
    is_code = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if FENCE.match(line):
            is_code = not is_code
        elif not is_code:
            yield number, line


def anchors_of(path):
    """The names that GitHub and GitLab give to the headings of a page."""
    anchors, seen = set(), {}
    for _, line in lines_of(path):
        heading = HEADING.match(line)
        if not heading:
            continue
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading[1])
        anchor = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
        times = seen[anchor] = seen.get(anchor, -1) + 1
        anchors.add(f"{anchor}-{times}" if times else anchor)
    return anchors


def wrong_with(root, page, target):
    """What is wrong with a link; None: nothing."""
    url = urllib.parse.urlsplit(target)
    if url.scheme or url.netloc:
        return None
    named = (page.parent / urllib.parse.unquote(url.path)).resolve() if url.path else page
    if not named.is_relative_to(root):
        return f"{target}: leads out of the project"
    if not named.exists():
        return f"{target}: there is no such file"
    if url.fragment and named.suffix == ".md" and url.fragment not in anchors_of(named):
        return f"{target}: there is no such heading"
    return None


def broken_links(root, page):
    for number, line in lines_of(page):
        text = CODE.sub(lambda code: "`" + " " * (len(code[0]) - 2) + "`", line)
        for target in LINK.findall(text) + DEFINITION.findall(text):
            wrong = wrong_with(root, page, target)
            if wrong:
                yield f"{page.relative_to(root)}:{number}: {wrong}"


def pages_of(root):
    return sorted(path for path in root.rglob("*.md")
                  if not LEFT_OUT.intersection(path.relative_to(root).parts))


def main(arguments):
    root = pathlib.Path(arguments[0]).resolve()
    pages = [root / name for name in arguments[1:]] or pages_of(root)
    if not pages:
        print(f"{root} has no Markdown", file=sys.stderr)
        return 2
    broken = [line for page in pages for line in broken_links(root, page)]
    for line in broken:
        print(line)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) if len(sys.argv) > 1 else __doc__)
