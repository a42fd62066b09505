"""The times of `cargo bench --bench kernels -- --output-format bencher` as a table in Markdown.

Usage: kernels.py TEXT
"""

import re
import sys

LINE = re.compile(r"^test (\S+)/(\S+)/(\S+) \.\.\. bench:\s+([\d,]+) ns/iter")


def main():
    times, models, kinds, kernels = {}, [], [], []
    for line in sys.argv[1].splitlines():
        found = LINE.match(line)
        if not found:
            continue
        model, kind, kernel, time = found.groups()
        times[model, kind, kernel] = time.replace(",", "")
        for seen, new in ((models, model), (kinds, kind), (kernels, kernel)):
            if new not in seen:
                seen.append(new)
    print("\n| ns per trajectory | kernel | " + " | ".join(kinds) + " |")
    print("|" + " --- |" * (2 + len(kinds)))
    for model in models:
        for kernel in kernels:
            cells = (times.get((model, kind, kernel), "–") for kind in kinds)
            print(f"| {model} | {kernel} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
