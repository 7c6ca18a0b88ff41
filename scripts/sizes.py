"""Reports file sizes beside the reference sizes. They are examples to follow, so nothing fails here."""

import statistics
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEDIAN, LONG = 90, 300  # lines


def sizes(root: Path) -> dict[str, int]:
    """Lines of every Python file that git knows or would add, by path."""
    command = ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")
    files = [name for name in listed if name and (root / name).is_file()]
    return {name: len((root / name).read_text(encoding="utf-8").splitlines()) for name in files}


def report(lines: dict[str, int]) -> str:
    """One line on the whole, then one a long file."""
    if not lines:
        return "sizes: no Python files"
    median = statistics.median(lines.values())
    tests = sum(count for name, count in lines.items() if name.startswith("tests/"))
    source = sum(lines.values()) - tests
    head = f"sizes: {len(lines)} files, median {median:g} lines (reference {MEDIAN}), tests to source "
    head += f"{tests / source:.2f}" if source else "-"
    long = sorted(((count, name) for name, count in lines.items() if count > LONG), reverse=True)
    return "\n".join([head, *(f"  {count} lines: {name}" for count, name in long)])


if __name__ == "__main__":
    print(report(sizes(ROOT)))
