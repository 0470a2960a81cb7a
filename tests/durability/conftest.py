"""The shim compiled, the nursery started, and a folder in memory where there is one: the disk is a simulated one."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from durability.nursery import HERE, Nursery

MEMORY = Path("/dev/shm")


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shim `disk.c`, compiled; where it cannot be, its tests are passed over, except where CI must run them."""
    compiler = shutil.which("cc")
    if not sys.platform.startswith("linux") or compiler is None:
        if "CI" in os.environ:
            pytest.fail("CI runs the durability tests: it needs Linux and a C compiler, `cc`")
        pytest.skip("the disk is simulated on Linux, with a C compiler, `cc`")
    library = tmp_path_factory.mktemp("shim") / "disk.so"
    flags = ("-Wall", "-Wextra", "-Werror", "-O2", "-shared", "-fPIC")
    subprocess.run([compiler, *flags, "-o", library, HERE / "disk.c", "-ldl"], check=True, timeout=60)
    return library


@pytest.fixture(scope="session")
def nursery(shim: Path) -> Iterator[Nursery]:
    """Children whose disk can be watched and made to fail."""
    nursery = Nursery(shim)
    yield nursery
    nursery.close()


@pytest.fixture(scope="session")
def plain_nursery() -> Iterator[Nursery]:
    """Children whose disk is as it is."""
    nursery = Nursery(None)
    yield nursery
    nursery.close()


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder, in memory where the system has such a place."""
    with tempfile.TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as name:
        yield Path(name).resolve()
