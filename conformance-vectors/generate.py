#!/usr/bin/env python3
"""Makes the conformance vectors that this folder holds.

    generate.py                   write the vectors, and the tables of README.md
    generate.py --check           exit 1 with a line for each file that is not what would be written
    generate.py --official DIR    compare the generator's codec with the official vectors in DIR

Each vector goes through the decoder before it is written: positive ones must give their content back,
negative ones must fail with the error, and at the point, that they promise.
"""

import argparse
import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # the folder holds data, no __pycache__

from generator.capabilities import capabilities  # noqa: E402
from generator.drafts import drafts  # noqa: E402
from generator.forms import Json  # noqa: E402
from generator.manifests import manifests  # noqa: E402
from generator.negatives import negatives  # noqa: E402
from generator.official import disagreements  # noqa: E402
from generator.positives import positives  # noqa: E402
from generator.specials import specials  # noqa: E402

HERE = Path(__file__).resolve().parent
FOLDERS = ("positive", "negative", "special")
CASES_HEADING = "## Cases\n"


def generate() -> dict[str, str]:
    """All files, by path."""
    vectors = {
        f"{vector['type']}/{vector['name']}.json": vector
        for vector in (*positives(), *negatives(), *specials())
    }
    lists = {
        "capabilities.json": capabilities(),
        "drafts.json": drafts(),
        "manifests.json": manifests(),
    }
    texts = {path: json.dumps(value, indent=2) + "\n" for path, value in (vectors | lists).items()}
    introduction = (HERE / "README.md").read_text().partition(CASES_HEADING)[0]
    return texts | {"README.md": introduction + CASES_HEADING + case_tables(vectors)}


def case_tables(vectors: dict[str, Json]) -> str:
    """The part of README.md that lists the vectors."""
    columns = {
        "positive": "file | level | encodes",
        "negative": "file | expect | at | why",
        "special": "file | level | decodes",
    }
    tables = []
    for kind in FOLDERS:
        rows = [case_row(path, vector) for path, vector in vectors.items() if vector["type"] == kind]
        rule = " | ".join("---" for _ in columns[kind].split("|"))
        lines = [f"### {kind.capitalize()}: {len(rows)}", "", f"| {columns[kind]} |", f"| {rule} |"]
        tables.append("\n".join(lines + rows) + "\n")
    return "\n" + "\n".join(tables)


def case_row(path: str, vector: Json) -> str:
    """The line of one vector."""
    if vector["type"] == "negative":
        facts = f"{vector['expect']} | {vector['at']}"
    else:
        facts = vector["read-capability"]["level"]
    return f"| `{path}` | {facts} | {vector['description']} |"


def write(files: dict[str, str]) -> None:
    """Makes the folder hold these vectors and no others."""
    for path in present_vectors() - files.keys():
        (HERE / path).unlink()
    for path, text in files.items():
        (HERE / path).parent.mkdir(exist_ok=True)
        (HERE / path).write_bytes(text.encode())


def differences(files: dict[str, str]) -> list[str]:
    """A line for each file in the folder that isn't as it should be."""
    lines = [f"{path} is not generated" for path in sorted(present_vectors() - files.keys())]
    for path, text in files.items():
        if not (HERE / path).exists():
            lines.append(f"{path} is missing")
        elif (HERE / path).read_bytes() != text.encode():
            lines.append(f"{path} differs")
    return lines


def present_vectors() -> set[str]:
    """The paths of the vectors in the folder, of this generator or a former one."""
    return {
        path.relative_to(HERE).as_posix() for folder in FOLDERS for path in (HERE / folder).glob("*.json")
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Makes the conformance vectors.")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="compare and write nothing")
    mode.add_argument(
        "--official", type=Path, metavar="DIR", help="compare the codec with the official vectors"
    )
    arguments = parser.parse_args()

    faults: list[str] = []
    if arguments.official:
        faults = list(disagreements(arguments.official))
    elif arguments.check:
        faults = differences(generate())
    else:
        write(generate())
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
