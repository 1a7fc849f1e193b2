"""Byte streams over files and members: look-ahead, positions, decompression that keeps all good bytes before a damage."""

from __future__ import annotations

import bz2
import codecs
import contextlib
import io
import lzma
import sys
import zlib
from collections.abc import Callable
from typing import Protocol, cast

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdDecompressor, ZstdDict, ZstdError
else:
    from backports.zstd import ZstdDecompressor, ZstdDict, ZstdError

from news_pipeline.dumps.records import MAX_PAGE_BYTES, Damaged, Held, Span

BLOCK = 1 << 18
_MAX_RATIO = 200
_RATIO_FREE = 64 << 20
_XZ_MEMORY = 256 << 20
_ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"


class Readable(Protocol):
    """Anything with ``read``: at most ``size`` bytes, fewer where convenient, none only at the end."""

    def read(self, size: int, /) -> bytes:
        """Reads on; raises Damaged where no more can be read."""


class Decompressor(Protocol):
    """The shape of ``bz2.BZ2Decompressor``."""

    @property
    def eof(self) -> bool:
        """Whether the stream is complete."""

    @property
    def needs_input(self) -> bool:
        """Whether more is to be fed before more comes out."""

    @property
    def unused_data(self) -> bytes:
        """What was fed beyond the end of the stream."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Decompresses at most ``max_length`` bytes."""


class CountedFile(io.RawIOBase):
    """An open file that counts the bytes read from it; a failing disk becomes Damaged with reason ``unreadable``."""

    def __init__(self, handle: io.BufferedIOBase | io.RawIOBase) -> None:
        self._handle = handle
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        """Reads up to ``size`` bytes."""
        try:
            piece = self._handle.read(size) or b""
        except OSError as error:
            raise Damaged("unreadable", str(error)) from error
        self.count += len(piece)
        return piece

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Moves to another place, as zip directories need."""
        return self._handle.seek(offset, whence)

    def tell(self) -> int:
        """The current place."""
        return self._handle.tell()

    def seekable(self) -> bool:
        """Always."""
        return True

    def readable(self) -> bool:
        """Always."""
        return True


class Source:
    """A stream with look-ahead and a position. A damage met while looking ahead is raised once the bytes are read."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._ahead = b""
        self._damage: Damaged | None = None
        self.position = 0

    def peek(self, size: int) -> bytes:
        """The next ``size`` bytes, fewer where the stream ends or breaks off, without moving on."""
        pieces = [self._ahead]
        have = len(self._ahead)
        try:
            while have < size and self._damage is None and (piece := self._stream.read(size - have)):
                pieces.append(piece)
                have += len(piece)
        except Damaged as damage:
            self._damage = damage
        self._ahead = b"".join(pieces)
        return self._ahead[:size]

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes, none at the end; raises Damaged where the stream broke off."""
        if self._ahead:
            piece, self._ahead = self._ahead[:size], self._ahead[size:]
        elif self._damage is not None:
            raise self._damage
        else:
            try:
                piece = self._stream.read(size)
            except Damaged as damage:
                self._damage = damage
                raise
        self.position += len(piece)
        return piece

    def unread(self, data: bytes) -> None:
        """Puts back the bytes read last."""
        self._ahead = data + self._ahead
        self.position -= len(data)

    def take(self, size: int, limit: int = MAX_PAGE_BYTES) -> Span:
        """The next ``size`` bytes as a span, shorter at the end of the stream, with its damage where it broke off."""
        held = Held(self.position, limit)
        try:
            while held.size < size and (piece := self.read(min(BLOCK, size - held.size))):
                held.add(piece)
        except Damaged as damage:
            return held.span(damage)
        return held.span()

    def rest(self, pending: bytes = b"", limit: int = 0) -> Span:
        """Everything from here to the end, the ``pending`` bytes just read included, hashed but not held."""
        held = Held(self.position - len(pending), limit)
        held.add(pending)
        try:
            while piece := self.read(BLOCK):
                held.add(piece)
        except Damaged as damage:
            return held.span(damage)
        return held.span()

    def skip(self, size: int) -> int:
        """Moves on by up to ``size`` bytes and says by how many; raises Damaged where the stream broke off."""
        left = size
        while left and (piece := self.read(min(BLOCK, left))):
            left -= len(piece)
        return size - left


class Limited:
    """The next ``size`` bytes of a source as a stream of their own."""

    def __init__(self, source: Source, size: int) -> None:
        self._source = source
        self.left = size

    def read(self, size: int) -> bytes:
        """Reads on; raises Damaged ``truncated_archive`` where the source ends before its time."""
        if not self.left:
            return b""
        piece = self._source.read(min(size, self.left))
        if not piece:
            raise Damaged("truncated_archive", f"{self.left} bytes are missing at the end")
        self.left -= len(piece)
        return piece


class Inflated:
    """The decompressed bytes of a gzip, bzip2, xz or zstd stream, several streams joined in one included.

    Raises Damaged only after every good byte before the damage was given: ``truncated_archive``, ``corrupt_archive``,
    or ``too_large`` for a stream that inflates more than 200-fold beyond its first 64 MiB.
    """

    def __init__(self, source: Source, kind: str) -> None:
        self._source = source
        self._kind = kind
        self._new = _DECOMPRESSORS[kind]
        self._decompressor: Decompressor | None = None
        self._ready = b""
        self._given = 0

    def read(self, size: int) -> bytes:
        """Reads on."""
        if not self._ready:
            self._ready = self._next()
            self._given += len(self._ready)
            # Position in the compressed stream includes what is still buffered, a few hundred kilobytes at most.
            if self._given > _RATIO_FREE and self._given > _MAX_RATIO * self._source.position:
                raise Damaged("too_large", f"inflates more than {_MAX_RATIO}-fold: {self._given} bytes so far")
        piece, self._ready = self._ready[:size], self._ready[size:]
        return piece

    def _next(self) -> bytes:
        while True:
            if self._decompressor is None:
                if not self._source.peek(1):
                    self._source.read(1)  # raises the damage, if that is what ended it
                    return b""
                if self._kind == "zstd" and self._source.peek(4) == _ZSTD_DICTIONARY:
                    self._new = self._with_dictionary()
                    continue
                self._decompressor = self._new()
            decompressor = self._decompressor
            block = b""
            if decompressor.needs_input:
                block = self._source.read(1 << 16)
                if not block:
                    raise Damaged("truncated_archive", f"the {self._kind} stream breaks off")
            try:
                piece = decompressor.decompress(block, BLOCK)
            except (OSError, ValueError, EOFError, MemoryError, zlib.error, lzma.LZMAError, ZstdError) as error:
                raise Damaged("corrupt_archive", f"{self._kind}: {error}") from error
            if decompressor.eof:
                self._finish(decompressor)
            if piece:
                return piece

    def _with_dictionary(self) -> Callable[[], Decompressor]:
        """Takes the dictionary that stands before the frames of a web archive, itself compressed or not."""
        size = int.from_bytes(self._source.peek(8)[4:], "little")
        taken = self._source.take(8 + min(size, MAX_PAGE_BYTES))
        content = (taken.data or b"")[8:]
        if taken.damage or size > MAX_PAGE_BYTES or len(content) < size:
            raise taken.damage or Damaged("truncated_archive", f"zstd: the dictionary of {size} bytes breaks off")
        try:
            if content.startswith(b"\x28\xb5\x2f\xfd"):
                content = ZstdDecompressor().decompress(content, MAX_PAGE_BYTES)
            dictionary = ZstdDict(content)
        except (ValueError, EOFError, ZstdError) as error:
            raise Damaged("corrupt_archive", f"zstd: {error}") from error
        return lambda: cast("Decompressor", ZstdDecompressor(dictionary))

    def _finish(self, decompressor: Decompressor) -> None:
        """Goes over to the stream that follows; zero padding, as tapes and tar leave it, is nothing."""
        self._decompressor = None
        self._source.unread(decompressor.unused_data)
        while (padding := self._source.peek(4096)) and not padding.strip(b"\0"):
            self._source.skip(len(padding))


class Gunzip:
    """Gzip with the interface of ``bz2.BZ2Decompressor``; on a damage it first gives every byte before it."""

    def __init__(self, wbits: int = 31) -> None:
        self._zlib = zlib.decompressobj(wbits)
        self._error: zlib.error | None = None
        self.eof = False
        self.needs_input = True
        self.unused_data = b""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Decompresses at most ``max_length`` bytes; raises zlib.error once nothing good is left."""
        if self._error is not None:
            raise self._error
        data = self._zlib.unconsumed_tail + data
        before = self._zlib.copy()
        try:
            piece = self._zlib.decompress(data, max_length)
        except zlib.error as error:
            # zlib drops the output of a call that fails: once more, byte by byte, up to the damage.
            self._error = error
            self.needs_input = False
            piece = _before_damage(before, data)
            if not piece:
                raise
            return piece
        self.eof = self._zlib.eof
        self.unused_data = self._zlib.unused_data
        self.needs_input = not self._zlib.unconsumed_tail and len(piece) != max_length
        return piece


def _before_damage(decompressor: zlib._Decompress, data: bytes) -> bytes:
    good = bytearray()
    with contextlib.suppress(zlib.error):
        for at in range(len(data)):
            good += decompressor.decompress(data[at : at + 1])
    return bytes(good)


def _unxz() -> Decompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_AUTO, memlimit=_XZ_MEMORY)


_DECOMPRESSORS: dict[str, Callable[[], Decompressor]] = {
    "gzip": Gunzip,
    "bz2": bz2.BZ2Decompressor,
    "xz": _unxz,
    "zstd": cast("Callable[[], Decompressor]", ZstdDecompressor),
}


class Transcoded:
    """A stream of UTF-16 as UTF-8, so that what reads lines finds them; broken characters are shown as U+FFFD."""

    def __init__(self, source: Source, encoding: str) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._is_first = True
        self._ready = b""

    def read(self, size: int) -> bytes:
        """Reads on."""
        while not self._ready:
            block = self._source.read(BLOCK)
            text = self._decoder.decode(block, final=not block)
            if self._is_first and text:
                self._is_first = False
                text = text.removeprefix("\ufeff")
            self._ready = text.encode("utf-8", "replace")
            if not block:
                break
        piece, self._ready = self._ready[:size], self._ready[size:]
        return piece
