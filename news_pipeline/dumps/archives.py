"""The members of zip and tar archives, each as a stream of its own. Nothing is ever unpacked to disk: names are names."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from news_pipeline.dumps.metadata import valid
from news_pipeline.dumps.records import Damaged
from news_pipeline.dumps.streams import CountedFile, Gunzip, Limited, Readable, Source

_MAX_RATIO = 200
_RATIO_FREE = 64 << 20
_MAX_HEADER = 1 << 20
_LOCAL = struct.Struct("<4s5H3I2H")


class Member(NamedTuple):
    """A file in an archive: its name, made unique, and its bytes; without bytes the reason why."""

    name: str
    source: Source | None
    reason: str = ""
    detail: str = ""


def zip_members(file: CountedFile) -> Iterator[Member]:
    """The files of a zip in the order of its directory.

    A zip without a readable directory, such as one that was cut off, is read from its beginning as far as it goes.

    Raises:
        Damaged: what follows cannot be read; the file stands where that begins.
    """
    try:
        archive = zipfile.ZipFile(file)
    except Damaged:
        raise
    except Exception as error:  # zipfile raises half a dozen kinds on hostile directories
        yield from _zip_without_directory(file, str(error))
        return
    seen: set[str] = set()
    inflated = 0
    with archive:
        size = file.seek(0, io.SEEK_END)
        for info in archive.infolist():
            if info.filename.endswith("/") or _is_system_file(info.filename):
                continue
            name = _unique(valid(info.filename), seen)
            if info.flag_bits & 1:
                yield Member(name, None, "encrypted", "the member needs a password")
            elif info.file_size > _RATIO_FREE and info.file_size > _MAX_RATIO * info.compress_size:
                yield Member(name, None, "too_large", f"inflates {info.compress_size} bytes to {info.file_size}")
            elif inflated + info.file_size > max(_RATIO_FREE, _MAX_RATIO * size):
                yield Member(name, None, "too_large", f"the archive inflates {size} bytes to more than {inflated}")
            else:
                inflated += info.file_size
                try:
                    handle = archive.open(info)
                except Damaged:
                    raise
                except NotImplementedError as error:
                    yield Member(name, None, "unsupported_format", str(error))
                except Exception as error:  # a local header that contradicts the directory
                    yield Member(name, None, "corrupt_archive", str(error))
                else:
                    with handle:
                        yield Member(name, Source(_ZipMember(handle)))


def tar_members(source: Source) -> Iterator[Member]:
    """The files of a tar in order, streamed: a member's source is to be read before the next member is asked for.

    Raises:
        Damaged: what follows cannot be read; the damage's ``pending`` bytes belong to it.
    """
    seen: set[str] = set()
    long_name: str | None = None
    pax: dict[str, str] = {}
    pending = b""
    while True:
        header = _exactly(source, 512, pending)
        if not header.strip(b"\0"):
            if pending:
                raise Damaged("corrupt_archive", "a header with a long name is followed by nothing", pending + header)
            _require_zeros(source)
            return
        pending += header
        try:
            info = tarfile.TarInfo.frombuf(header, "utf-8", "surrogateescape")
        except tarfile.HeaderError as error:
            raise Damaged("corrupt_archive", f"tar header: {error}", pending) from error
        size = info.size
        if info.type in (
            tarfile.GNUTYPE_LONGNAME,
            tarfile.GNUTYPE_LONGLINK,
            tarfile.XHDTYPE,
            tarfile.XGLTYPE,
            tarfile.SOLARIS_XHDTYPE,
        ):
            if not 0 <= size <= _MAX_HEADER:
                raise Damaged("corrupt_archive", f"tar header of {size} bytes", pending)
            body = _exactly(source, -(-size // 512) * 512, pending)
            pending += body
            if info.type == tarfile.GNUTYPE_LONGNAME:
                long_name = body[:size].split(b"\0", 1)[0].decode("utf-8", "surrogateescape")
            elif info.type in (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE):
                pax = _pax(body[:size])
            continue
        if pax.get("size", "").isascii() and pax.get("size", "").isdigit():
            size = int(pax["size"][:18])
        if size < 0:
            raise Damaged("corrupt_archive", f"tar member of {size} bytes", pending)
        written = pax.get("path") or long_name or info.name
        long_name, pax, pending = None, {}, b""
        if not info.isreg():
            if info.type not in (
                tarfile.DIRTYPE,
                tarfile.SYMTYPE,
                tarfile.LNKTYPE,
                tarfile.CHRTYPE,
                tarfile.BLKTYPE,
                tarfile.FIFOTYPE,
            ):
                yield Member(
                    _unique(_name(written), seen), None, "unsupported_format", f"tar member of type {info.type!r}"
                )
            elif info.type in (tarfile.SYMTYPE, tarfile.LNKTYPE):
                size = 0  # a link states the size of what it points to, and no bytes follow
        content = Limited(source, size)
        if info.isreg() and not _is_system_file(written) and not written.endswith("/"):
            yield Member(_unique(_name(written), seen), Source(content))
        while content.read(1 << 18):
            pass
        if size % 512:
            source.skip(512 - size % 512)


class _ZipMember:
    """A zip member whose many kinds of failure are all Damaged."""

    def __init__(self, handle: Readable) -> None:
        self._handle = handle

    def read(self, size: int) -> bytes:
        try:
            return self._handle.read(size)
        except Damaged:
            raise
        except EOFError as error:
            raise Damaged("truncated_archive", "the member breaks off") from error
        except Exception as error:  # zipfile passes on whatever its decompressors raise
            raise Damaged("corrupt_archive", str(error)) from error


class _Deflated:
    """A raw deflate stream of unknown length, for zips without a directory."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._gunzip = Gunzip(wbits=-15)
        self._given = 0

    def read(self, size: int) -> bytes:
        while not self._gunzip.eof:
            block = self._source.read(1 << 14) if self._gunzip.needs_input else b""
            if self._gunzip.needs_input and not block:
                raise Damaged("truncated_archive", "the member breaks off")
            try:
                piece = self._gunzip.decompress(block, size)
            except zlib.error as error:
                raise Damaged("corrupt_archive", str(error)) from error
            if self._gunzip.eof:
                self._source.unread(self._gunzip.unused_data)
            self._given += len(piece)
            if self._given > _RATIO_FREE and self._given > _MAX_RATIO * self._source.position:
                raise Damaged("too_large", f"inflates more than {_MAX_RATIO}-fold")
            if piece:
                return piece
        return b""


def _zip_without_directory(file: CountedFile, why: str) -> Iterator[Member]:
    file.seek(0)
    source = Source(file)
    seen: set[str] = set()
    while True:
        start = source.position
        head = source.peek(_LOCAL.size)
        if head[:4] == b"PK\7\10":  # what follows a member whose sizes were not known beforehand
            source.skip(16)
            continue
        if len(head) < _LOCAL.size or head[:4] != b"PK\3\4":
            break
        _, _, flags, method, _, _, _, packed, _, name_length, extra_length = _LOCAL.unpack(head)
        source.skip(_LOCAL.size)
        try:
            raw_name = _exactly(source, name_length)
            _exactly(source, extra_length)
        except Damaged:
            break
        written = raw_name.decode("utf-8" if flags & 0x800 else "cp437", "replace")
        if method not in (0, 8) or flags & 1 or (flags & 8 and method == 0) or packed == 0xFFFFFFFF:
            break
        content: _Deflated | Limited = Limited(source, packed) if method == 0 else _Deflated(source)
        if not written.endswith("/") and not _is_system_file(written):
            yield Member(_unique(written, seen), Source(content))
        try:
            while content.read(1 << 18):
                pass
        except Damaged:
            file.seek(source.position)
            raise
        start = source.position
    file.seek(start)
    raise Damaged("truncated_archive" if start else "corrupt_archive", f"zip: {why}")


def _exactly(source: Source, size: int, pending: bytes = b"") -> bytes:
    """Reads ``size`` bytes; a damage carries what was read of them, after ``pending``."""
    data = b""
    try:
        while len(data) < size:
            piece = source.read(size - len(data))
            if not piece:
                raise Damaged("truncated_archive", "the archive breaks off")
            data += piece
    except Damaged as damage:
        raise Damaged(damage.reason, damage.detail, pending + data) from damage
    return data


def _require_zeros(source: Source) -> None:
    """After the end mark only padding may follow: anything else would be lost silently."""
    while piece := source.read(1 << 18):
        if piece.strip(b"\0"):
            raise Damaged("corrupt_archive", "data follow the end mark of the tar", piece)


def _pax(body: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    while body:
        length, _, rest = body.partition(b" ")
        if not length.isdigit() or not 5 <= int(length) <= len(body):
            break
        key, _, value = rest[: int(length) - len(length) - 1].partition(b"=")
        found[key.decode("utf-8", "replace")] = value.removesuffix(b"\n").decode("utf-8", "surrogateescape")
        body = body[int(length) :]
    return found


def _name(written: str) -> str:
    return written.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _unique(name: str, seen: set[str]) -> str:
    number = 1
    unique = name
    while unique in seen:
        number += 1
        unique = f"{name}#{number}"
    seen.add(unique)
    return unique


def _is_system_file(name: str) -> bool:
    """What operating systems put beside the files: resource forks, folder settings."""
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1].startswith(".")
