"""A folder of images, whose sub-folders say what they show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tacit.errors import FileError
from tacit.files.batches import AT_ONCE, Batch, Rows

__all__ = ["SUFFIXES", "read_images"]

SUFFIXES = frozenset({".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})


def read_images(folder: Path) -> Rows:
    """The images below a folder, sorted by path; their rows are numbered in that order.

    Columns: "image", the path; "folder", the name of the sub-folder it is in, None for those right in `folder`.

    Raises:
        FileError: There is no image.
    """
    paths = sorted(
        (p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES and not p.name.startswith(".") and p.is_file()),
        key=lambda p: p.relative_to(folder).as_posix(),
    )
    if not paths:
        raise FileError(
            f"the folder {folder} has no images",
            right=f"images end in {', '.join(sorted(SUFFIXES))}",
            next=f"ls -R {folder} | head",
        )
    return Rows(folder.name or str(folder), ("image", "folder"), lambda _: _batches(folder, paths), images=True)


def _batches(folder: Path, paths: list[Path]) -> Iterator[Batch]:
    for start in range(0, len(paths), AT_ONCE):
        some = paths[start : start + AT_ONCE]
        names = [None if p.parent == folder else p.parent.name for p in some]
        yield Batch({"image": [str(p) for p in some], "folder": names}, range(start + 1, start + len(some) + 1))
