"""Where a project goes: its place is checked, and it is made whole beside it and moved there."""

from __future__ import annotations

import contextlib
import keyword
import os
import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from tacit.errors import FileError, OptionError, quote
from tacit.folders import locate
from tacit.scaffold.plans import Content

__all__ = ["place", "write"]


def place(name: str) -> Path:
    """The folder that will be made.

    Raises:
        OptionError: It is no name, or the place is taken or inside a project.
        FileError: The current folder is gone or cannot be read.
    """
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,62}", name) or keyword.iskeyword(name):
        offer = re.sub(r"[^a-z0-9]+", "_", str(name).lower()).strip("_0123456789")[:40]
        raise OptionError(
            f"{quote(name)} cannot name a project",
            right="a name starts with a letter, has letters, digits, - and _, and is no word of Python",
            next=f"tacit new {offer if offer and not keyword.iskeyword(offer) else 'shop'}",
        )
    try:
        target = Path.cwd() / name
        taken = os.path.lexists(target) and (not target.is_dir() or target.is_symlink() or any(target.iterdir()))
    except OSError as error:
        raise FileError(
            f"{name} cannot be made here ({error.strerror})", right="a folder is there and can be read", next="cd ~"
        ) from None
    if taken:
        raise OptionError(
            f"there is {'a folder' if target.is_dir() else 'a file'} {name} already",
            right="a project is made in a new folder or an empty one",
            next=f"tacit new {name}_2",
        )
    around = locate(target)
    if around != target:
        raise OptionError(
            f"this is inside the project {around}",
            right="a project is not inside another; a project may have many tasks, in tasks/*.py",
            next=f"cd {shlex.quote(str(around.parent))} && tacit new {name}",
        )
    return target


def write(target: Path, files: Mapping[str, Content]) -> None:
    """Write all files beside the target, then move them there at once."""
    try:
        with _beside(target) as folder:
            for name, content in files.items():
                file = folder / name
                file.parent.mkdir(parents=True, exist_ok=True)
                if isinstance(content, Path):
                    shutil.copyfile(content, file)
                elif isinstance(content, bytes):
                    file.write_bytes(content)
                else:
                    file.write_text(content, encoding="utf-8", newline="\n")
            with contextlib.suppress(FileNotFoundError):
                target.rmdir()  # it is empty
            folder.rename(target)
    except OSError as error:
        raise FileError(
            f"{target} cannot be written ({error.strerror or error})",
            right="nothing was left behind",
            next=f"ls -ld {shlex.quote(str(target.parent))} && df -h {shlex.quote(str(target.parent))}",
        ) from None


@contextlib.contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A new folder beside the target, which is gone afterwards unless it was moved."""
    outer = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        inner = outer / target.name  # with the permissions that new folders have; those of `outer` are narrower
        inner.mkdir()
        yield inner
    finally:
        shutil.rmtree(outer, ignore_errors=True)
