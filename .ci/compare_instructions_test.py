"""That compare_instructions.py fails when it should, and only then."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path

import compare_instructions

RECORDED = """\
# with rustc 1, valgrind 2
# name    lines  instructions  a line
alb        1000       1000000    1000
waf         500       2000000    4000
"""


def compare(counted, recorded=RECORDED, tools="rustc 1, valgrind 2", mode=None):
    """The exit code, what was said, and the recorded file as it is then."""
    with tempfile.TemporaryDirectory() as name:
        recorded_path, counted_path = Path(name, "recorded"), Path(name, "counted")
        recorded_path.write_text(recorded)
        counted_path.write_text(counted)
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = compare_instructions.main(recorded_path, counted_path, tools, mode)
        return code, out.getvalue(), err.getvalue(), recorded_path.read_text()


class Compare(unittest.TestCase):
    def test_two_percent_more_are_still_good(self):
        code, out, err, _ = compare("alb 1000 1020000\nwaf 500 2000000\n")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("+2.00%", out)

    def test_a_type_of_the_user_may_cost_a_little_more_than_the_built_in_one(self):
        recorded = RECORDED + "own-json    500       2500000    5000\n"
        code, out, err, _ = compare("alb 1000 1000000\nwaf 500 2000000\nown-json 500 2500000\n", recorded)
        self.assertEqual((code, err), (0, ""))
        self.assertIn("own-json takes 1.25 times the instructions of waf", out)
        recorded = RECORDED + "own-json    500       2700000    5400\n"
        code, _, err, _ = compare("alb 1000 1000000\nwaf 500 2000000\nown-json 500 2700000\n", recorded)
        self.assertEqual(code, 1)
        self.assertIn("own-json takes 1.35 times the instructions of waf, and 1.3 is the limit", err)

    def test_more_than_that_fails_and_says_which_and_by_how_much(self):
        code, _, err, _ = compare("alb 1000 1000000\nwaf 500 2042000\n")
        self.assertEqual(code, 1)
        self.assertIn("waf takes 2.1% more instructions than recorded", err)
        self.assertNotIn("alb", err)
        self.assertIn(".ci/instructions --record", err)
        self.assertNotIn("They are recorded with", err)

    def test_other_tools_are_named_when_it_fails(self):
        code, _, err, _ = compare("alb 1000 2000000\nwaf 500 2000000\n", tools="rustc 3, valgrind 2")
        self.assertEqual(code, 1)
        self.assertIn("recorded with rustc 1, valgrind 2\nand were counted with rustc 3, valgrind 2", err)

    def test_fewer_only_ask_to_be_recorded(self):
        code, out, err, recorded = compare("alb 1000 970000\nwaf 500 2000000\n")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("alb: fewer than recorded", out)
        self.assertEqual(recorded, RECORDED)

    def test_one_that_is_missing_or_new_or_has_other_lines_fails(self):
        for counted, words in [
            ("alb 1000 1000000\n", "waf is recorded and was not counted"),
            ("alb 1000 1000000\nwaf 500 2000000\nelb 9 9000\n", "elb is not recorded"),
            ("alb 1001 1000000\nwaf 500 2000000\n", "alb has 1001 lines, and 1000 are recorded"),
        ]:
            code, _, err, _ = compare(counted)
            self.assertEqual(code, 1)
            self.assertIn(words, err)

    def test_what_was_not_counted_at_all_is_no_improvement(self):
        for counted in ["alb 1000 0\nwaf 500 2000000\n", "", "alb 0 1000000\nwaf 500 2000000\n"]:
            for mode in [None, "--record"]:
                code, _, _, recorded = compare(counted, mode=mode)
                self.assertEqual((code, recorded), (1, RECORDED), counted)

    def test_what_is_recorded_is_what_is_compared_with(self):
        counted = "alb 1000 3000000\nwaf 500 2000000\n"
        _, _, _, recorded = compare(counted, tools="rustc 3", mode="--record")
        self.assertIn("# with rustc 3\n", recorded)
        self.assertEqual(compare(counted, recorded)[0], 0)
        self.assertEqual(compare("alb 1000 3200000\nwaf 500 2000000\n", recorded)[0], 1)


if __name__ == "__main__":
    unittest.main()
