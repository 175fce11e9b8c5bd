"""Compares what callgrind counted with what is recorded, or records it.

Usage: compare_instructions.py RECORDED COUNTED TOOLS [--record]

RECORDED and COUNTED have a line for each kind of log: its name, lines, instructions, and instructions per line; `#`
begins a comment, and `# with ` the line that names the tools they were counted with. TOOLS is such a text for COUNTED.
"""

import sys
from pathlib import Path

# In percent of what is recorded.
LIMIT = 2
# The same bytes, read as another type or with a stage: the first may take that many times the instructions of the second.
RATIOS = [("own-json", "waf", 1.3), ("alb-redacted", "alb", 1.38)]
WITH = "# with "
ANEW = "If that is meant to be so, record them anew: .ci/instructions --record"
HEAD = """\
# Instructions of the hot path in memory, from gzip bytes to push bodies, over 4 MiB of each kind of log: what
# .ci/instructions counts, and compares with these. It fails when a count has grown by more than 2 percent.
#
# Recorded by .ci/instructions --record. What is counted depends on the compiler, and on the code that memchr,
# zlib-rs and glibc choose for the CPU: valgrind presents AVX2 where there is AVX2, and never AVX-512. So other
# compilers and other versions of glibc count a little differently, and a CPU without AVX2 a good deal.
#
"""


class Unusable(Exception):
    """Counts that cannot be compared."""


def parse(text):
    """Lines and instructions, by name."""
    counts = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, lines, instructions, *_ = line.split()
            counts[name] = (int(lines), int(instructions))
    for name, (lines, instructions) in counts.items():
        # Even a memchr takes more: callgrind did not find the function that it should count in.
        if instructions < 10 * lines or lines == 0:
            raise Unusable(f"{name}: {instructions} instructions for {lines} lines: what should be counted was not")
    if not counts:
        raise Unusable("nothing is counted")
    return counts


def render(counts, tools):
    """The text to record."""
    rows = [f"{'# name':<13}{'lines':>8}{'instructions':>14}{'a line':>8}"]
    for name, (lines, instructions) in counts.items():
        rows.append(f"{name:<13}{lines:>8}{instructions:>14}{round(instructions / lines):>8}")
    return f"{HEAD}{WITH}{tools}\n" + "\n".join(rows) + "\n"


def compare(recorded, counted):
    """What to say of each, and what is wrong."""
    said, wrong, fallen = [], [], []
    for name in recorded | counted:
        if name not in counted:
            wrong.append(f"{name} is recorded and was not counted")
            continue
        lines, instructions = counted[name]
        a_line = f"{name:<13}{instructions / lines:>8.0f} instructions a line"
        if name not in recorded:
            wrong.append(f"{name} is not recorded")
            said.append(a_line)
            continue
        recorded_lines, recorded_instructions = recorded[name]
        if lines != recorded_lines:
            wrong.append(f"{name} has {lines} lines, and {recorded_lines} are recorded: its corpus has changed")
            said.append(a_line)
            continue
        change = 100 * (instructions - recorded_instructions)
        percent = change / recorded_instructions
        said.append(f"{a_line}{percent:>+9.2f}%")
        if change > LIMIT * recorded_instructions:
            wrong.append(f"{name} takes {percent:.1f}% more instructions than recorded, and {LIMIT}% is the limit")
        if change < -LIMIT * recorded_instructions:
            fallen.append(name)
    for name, other, limit in RATIOS:
        if name in counted and other in counted:
            ratio = counted[name][1] / counted[other][1]
            said.append(f"{name} takes {ratio:.2f} times the instructions of {other}")
            if ratio > limit:
                wrong.append(f"{name} takes {ratio:.2f} times the instructions of {other}, and {limit} is the limit")
    if fallen and not wrong:
        said.append(f"{', '.join(fallen)}: fewer than recorded. To keep it so, record that: .ci/instructions --record")
    return said, wrong


def main(recorded_path, counted_path, tools, mode=None):
    try:
        counted = parse(Path(counted_path).read_text())
        if mode == "--record":
            Path(recorded_path).write_text(render(counted, tools))
            print(Path(recorded_path).read_text(), end="")
            return 0
        text = Path(recorded_path).read_text()
        said, wrong = compare(parse(text), counted)
    except Unusable as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(said))
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        print(ANEW, file=sys.stderr)
        recorded_with = next((line.removeprefix(WITH) for line in text.splitlines() if line.startswith(WITH)), "")
        if recorded_with != tools:
            print(f"They are recorded with {recorded_with}\nand were counted with {tools}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
