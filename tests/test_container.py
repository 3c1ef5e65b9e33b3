"""The image is made of what the container's file is given, and that is enough."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONTAINERFILE = (ROOT / "Containerfile").read_text("utf-8")


def context(folder: Path) -> Path:
    """Copy into *folder* what .dockerignore leaves of the checkout."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    kept = [line.removeprefix("!") for line in lines if line.startswith("!")]
    for name in kept:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return folder


@pytest.mark.slow
def test_the_whole_package_can_be_built_of_what_goes_into_the_image(tmp_path: Path) -> None:
    source = context(tmp_path / "src")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=source,
        check=True,
        capture_output=True,
    )

    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    package = {str(path.relative_to(ROOT)) for path in (ROOT / "hanicrawler").rglob("*.py")}
    versions = {path.name for path in (ROOT / "migrations" / "versions").glob("*.py")}
    assert package <= names
    assert {f"hanicrawler/migrations/versions/{name}" for name in versions} <= names
    assert "hanicrawler/replica/server.py" in names
    assert (source / "constraints.txt").exists()


def test_a_container_runs_as_nobody_special_and_keeps_its_data_in_the_volume() -> None:
    assert re.search(r"^USER 10001$", CONTAINERFILE, re.MULTILINE)
    assert re.search(r"^VOLUME /data$", CONTAINERFILE, re.MULTILINE)
    assert "HANICRAWLER_DATABASE=/data/" in CONTAINERFILE
    assert 'ENTRYPOINT ["scrapy", "crawl", "hani"]' in CONTAINERFILE
