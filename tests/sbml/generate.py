"""Writes the cases beside this file: `python tests/sbml/generate.py`, with mpmath and scipy (ORIGIN.md has the versions)."""

import pathlib
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from generator import cases  # noqa: E402


def main():
    names = {case.name for case in cases.ALL}
    assert len(names) == len(cases.ALL), "every case has a name of its own"
    for folder in HERE.iterdir():
        if folder.is_dir() and folder.name != "generator" and folder.name not in names:
            shutil.rmtree(folder)
    for case in cases.ALL:
        write(case)
    print(f"{len(names)} cases")


def write(case):
    folder = HERE / case.name
    folder.mkdir(exist_ok=True)
    files = {"model.xml": case.model.document(), "settings.txt": case.settings(), "results.csv": case.results(),
             "tags.txt": case.tags_text(), **case.model.files}
    for name, text in files.items():
        (folder / name).write_text(text)


if __name__ == "__main__":
    main()
