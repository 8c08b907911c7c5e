"""Plants one broken link after the other in a page and sees links.py find it."""

import pathlib
import tempfile
import unittest

import links


class LinksTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()
        self.write("bpf/README.md", "# bpf: what flows\n\n## Who else sets a power?\n\n## Tests\n\n## Tests\n")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def broken(self, text, name="config/README.md"):
        return list(links.broken_links(self.root, self.write(name, text)))

    def test_a_link_to_a_file_a_folder_or_a_heading_is_whole(self):
        self.assertEqual(self.broken("[a](../bpf/README.md) [b](../bpf) [c](../bpf/README.md#who-else-sets-a-power)\n"
                                     "[d](../bpf/README.md#tests-1) [e](#here)\n\n# Here\n"), [])

    def test_a_file_that_is_not_there_is_found_with_its_line(self):
        self.assertEqual(self.broken("One.\n\nSee [it](../bpf/READMEE.md) and `code`.\n"),
                         ["config/README.md:3: ../bpf/READMEE.md: there is no such file"])

    def test_a_picture_that_is_not_there_is_found(self):
        self.assertEqual(self.broken("![A page](example.png)\n"),
                         ["config/README.md:1: example.png: there is no such file"])

    def test_a_heading_that_is_not_there_is_found_in_this_page_and_in_another(self):
        self.assertEqual(self.broken("[a](#gone)\n[b](../bpf/README.md#tests-2)\n"),
                         ["config/README.md:1: #gone: there is no such heading",
                          "config/README.md:2: ../bpf/README.md#tests-2: there is no such heading"])

    def test_a_definition_of_a_link_is_one_too(self):
        self.assertEqual(self.broken("[it]: gone.md\n"),
                         ["config/README.md:1: gone.md: there is no such file"])

    def test_a_link_out_of_the_project_is_found(self):
        self.assertEqual(self.broken("[it](../../etc)\n"),
                         ["config/README.md:1: ../../etc: leads out of the project"])

    def test_code_and_other_sites_have_no_links_to_check(self):
        self.assertEqual(self.broken("`[a](gone.md)` [b](https://example.org/gone)\n"
                                     "```\n[c](gone.md)\n```\n"), [])

    def test_pages_of_builds_are_left_out(self):
        self.write("build/release/page.md", "[a](gone.md)\n")
        self.assertEqual(links.pages_of(self.root), [self.root / "bpf/README.md"])


if __name__ == "__main__":
    unittest.main()
