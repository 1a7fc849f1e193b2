"""Finds the dumps of a landing folder: one per top-level file or folder, loose pages by their day of modification."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from news_pipeline.dumps.sidecar import SUFFIX

LOOSE_PREFIX = "loose-"
"""Begins the name of a dump of loose pages; the day of modification follows."""

_LOOSE_SUFFIXES = (".txt", ".html", ".htm")
_UNFINISHED_SUFFIXES = (".part", ".tmp", ".crdownload", ".download", "~")


class DumpFile(NamedTuple):
    r"""One file of a dump as it was when listed, or a folder in it that could not be listed.

    Attributes:
        path: posix path relative to the landing folder. Bytes of a name that are not UTF-8 stand as ``\xNN``.
        size: bytes.
        mtime_ns: time of last modification, nanoseconds since 1970.
        is_readable: whether it may be read, as its permissions stand.
    """

    path: str
    size: int
    mtime_ns: int
    is_readable: bool = True


class Dump(NamedTuple):
    """One dump: its name, its files sorted by path, and the file beside it that says how to read it, if there is one."""

    name: str
    files: tuple[DumpFile, ...]
    sidecar: DumpFile | None = None

    @property
    def fingerprint(self) -> str:
        """Hash of all paths, sizes, modification times and permissions to read, the sidecar's included.

        It changes whenever the dump has to be read again.
        """
        digest = hashlib.blake2b(digest_size=16)
        for file in (*self.files, *([self.sidecar] if self.sidecar else [])):
            unreadable = "" if file.is_readable else "\0unreadable"
            digest.update(f"{file.path}\0{file.size}\0{file.mtime_ns}{unreadable}\n".encode())
        return digest.hexdigest()

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def modified_at(self) -> float:
        """Latest modification of any file, seconds since 1970."""
        sidecar = self.sidecar.mtime_ns if self.sidecar else 0
        return max((sidecar, *(file.mtime_ns for file in self.files))) / 1e9


def list_dumps(raw: Path) -> dict[str, Dump]:
    """Lists the dumps lying in the landing folder, by name in sorted order.

    Every visible top-level file or folder is a dump; loose ``.txt``, ``.html`` and ``.htm`` files form one dump per UTC
    day of modification, ``loose-YYYY-MM-DD``. Left out are names that begin with a dot, top-level names that begin
    with ``_`` (a place to assemble dumps in), downloads in progress, links to folders, links that lead out of the
    landing folder, and folders without any file. A file ``<dump>.toml`` belongs to the dump of that name (see
    ``sidecar``); one without its dump waits for it.

    A folder within the landing folder that cannot be listed stands among its dump's files, as one that cannot be read.

    Raises:
        OSError: the landing folder itself cannot be listed; a failed listing never looks like no files.
    """
    root = os.path.realpath(raw)
    found: dict[str, list[DumpFile]] = {}
    sidecars: dict[str, DumpFile] = {}
    with os.scandir(raw) as entries:
        for entry in entries:
            if _is_hidden(entry.name) or entry.name.startswith("_"):
                continue
            name = _as_text(entry.name)
            if entry.is_dir(follow_symlinks=False):
                files = list(_walk(entry.path, name, root))
                if files:
                    found.setdefault(name, []).extend(files)
                continue
            file = _stat(entry, name, root)
            if file is None:
                continue
            if name.endswith(SUFFIX):
                sidecars[name.removesuffix(SUFFIX)] = file
                continue
            if name.lower().endswith(_LOOSE_SUFFIXES):
                name = f"{LOOSE_PREFIX}{datetime.fromtimestamp(file.mtime_ns // 1_000_000_000, UTC):%Y-%m-%d}"
            found.setdefault(name, []).append(file)
    return {name: Dump(name, tuple(sorted(found[name])), sidecars.get(name)) for name in sorted(found)}


def file_on_disk(raw: Path, path: str) -> Path:
    """The file that a ``DumpFile.path`` names.

    Raises:
        ValueError: the path would lead out of the landing folder.
    """
    if path.startswith("/") or ".." in path.split("/") or "\0" in path:
        raise ValueError(f"{path!r} is not a path within the landing folder")
    plain = raw / path
    if "\\x" in path and not plain.exists():
        return raw / os.fsdecode(_to_bytes(path))
    return plain


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name.lower().endswith(_UNFINISHED_SUFFIXES)


def _walk(folder: str, path: str, root: str) -> Iterator[DumpFile]:
    folders = [(folder, path)]
    while folders:
        folder, path = folders.pop()
        try:
            with os.scandir(folder) as entries:
                listed = list(entries)
        except FileNotFoundError:
            continue
        except OSError:
            yield DumpFile(path, 0, 0, is_readable=False)
            continue
        for entry in listed:
            if _is_hidden(entry.name):
                continue
            name = f"{path}/{_as_text(entry.name)}"
            if entry.is_dir(follow_symlinks=False):
                folders.append((entry.path, name))
            elif file := _stat(entry, name, root):
                yield file


def _stat(entry: os.DirEntry[str], path: str, root: str) -> DumpFile | None:
    """The entry as a file; None for links that lead out, other things than files, and files gone since the listing.

    A file whose permissions change later looks changed then, though neither its size nor its time is.
    """
    if entry.is_symlink() and not os.path.realpath(entry.path).startswith(root + os.sep):
        return None
    try:
        if not entry.is_file():
            return None
        stat = entry.stat()
    except FileNotFoundError:
        return None
    except OSError:  # a folder that may be listed and not entered, a link in a circle
        return DumpFile(path, 0, 0, is_readable=False)
    return DumpFile(path, stat.st_size, stat.st_mtime_ns, os.access(entry.path, os.R_OK))


def _as_text(name: str) -> str:
    r"""A file name as valid Unicode: surrogates, which stand for bytes that are not UTF-8, become ``\xNN``."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")


def _to_bytes(path: str) -> bytes:
    head, *rest = path.encode().split(b"\\x")
    joined = head
    for part in rest:
        try:
            joined += bytes.fromhex(part[:2].decode("ascii")) + part[2:]
        except ValueError:
            joined += b"\\x" + part
    return joined
