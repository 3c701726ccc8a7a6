"""The zip around a .docx: what is taken out of it, within limits, and how one part of it is replaced."""

import io
import posixpath
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from ...errors import DocumentError
from .tree import Node, parse

MOST_BYTES = 20 * 2**20        # of the file
MOST_UNPACKED = 256 * 2**20    # of all its parts
MOST_XML = 48 * 2**20          # of a part that is read
MOST_PARTS = 4096
MOST_RATIO = 300               # of a part larger than RATIO_FROM
RATIO_FROM = 2**20
CHUNK = 2**16

_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OFFICE_DOCUMENT = ("http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument",
                    "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument")
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def read_main_part(data: bytes) -> tuple[str, bytes]:
    """The name and the bytes of the part that holds the document's text. Raises DocumentError."""
    with _opened(data) as archive:
        name = _main_part(parse(_read(archive, "_rels/.rels"), "_rels/.rels"))
        _check_type(parse(_read(archive, "[Content_Types].xml"), "[Content_Types].xml"), name)
        return name, _read(archive, name)


def replace_part(data: bytes, name: str, content: bytes) -> bytes:
    """The package with other bytes in one part; every other part, its name, date and place among the others stay."""
    out = io.BytesIO()
    with _opened(data) as archive, ZipFile(out, "w") as made:
        made.comment = archive.comment
        for info in archive.infolist():
            with made.open(_header_of(info), "w") as target:
                for chunk in (content,) if info.filename == name else _unpacked(archive, info):
                    target.write(chunk)
    return out.getvalue()


def _header_of(info: ZipInfo) -> ZipInfo:
    """As the part was stored, without what belongs to its old bytes."""
    header = ZipInfo(info.filename, info.date_time)
    header.compress_type, header.external_attr, header.create_system, header.comment = (
        info.compress_type, info.external_attr, info.create_system, info.comment)
    return header


@contextmanager
def _opened(data: bytes) -> Iterator[ZipFile]:
    """The archive, checked before anything is unpacked; whatever turns out to be broken inside is told as a DocumentError."""
    if len(data) > MOST_BYTES:
        raise DocumentError(f"A .docx has at most {MOST_BYTES // 2**20} MiB; this one has {len(data) / 2**20:.1f}. Take out pictures, or "
                            "split it.")
    if data.startswith(_OLE):
        raise DocumentError("A .docx is a zip package; this file is an old .doc, or is locked with a password. Save it as .docx without a "
                            "password.")
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            _check(archive)
            yield archive
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeError) as error:
        raise DocumentError(f"A .docx is a whole zip package; this file is not: {error}. Save it again, or send it anew.") from None


def _check(archive: ZipFile) -> None:
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if len(infos) > MOST_PARTS or len(set(map(str.lower, names))) < len(infos):
        raise DocumentError(f"A .docx has at most {MOST_PARTS} parts, each once; this file has {len(infos)}. Open and save it once in Word "
                            "or LibreOffice.")
    if odd := next((info for info in infos if not _is_plain(info)), None):
        raise DocumentError(f"The parts of a .docx are plain files inside it, not locked; got {odd.filename[:80]!r}. Open and save it once in "
                            "Word or LibreOffice.")
    unpacked = sum(info.file_size for info in infos)
    if unpacked > MOST_UNPACKED:
        raise DocumentError(f"A .docx unpacks to at most {MOST_UNPACKED // 2**20} MiB; this one to {unpacked / 2**20:.0f}. Take out "
                            "pictures, or split it.")
    if swollen := next((info for info in infos if info.file_size > RATIO_FROM + MOST_RATIO * info.compress_size), None):
        raise DocumentError(f"A part of a .docx unpacks to at most {MOST_RATIO} times its size; {swollen.filename[:80]!r} has "
                            f"{swollen.compress_size:,} bytes and says it unpacks to {swollen.file_size:,}. Do not trust this file.")


def _is_plain(info: ZipInfo) -> bool:
    name = info.orig_filename
    return (not info.flag_bits & 0x1 and info.compress_type in (ZIP_STORED, ZIP_DEFLATED) and "\\" not in name and "\0" not in name and ":" not in name
            and not name.startswith("/") and ".." not in name.split("/"))


def _read(archive: ZipFile, name: str) -> bytes:
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise DocumentError(f"A .docx holds the part {name[:80]!r}; this file does not. Save it as .docx in Word or LibreOffice.") from None
    if info.file_size > MOST_XML:
        raise DocumentError(f"The text of a .docx unpacks to at most {MOST_XML // 2**20} MiB; {name[:80]!r} to {info.file_size / 2**20:.0f}. "
                            "Split the document.")
    return b"".join(_unpacked(archive, info))


def _unpacked(archive: ZipFile, info: ZipInfo) -> Iterator[bytes]:
    """A part bit by bit, and no more of it than its header says: read at once, one that lies would fill the memory before it is found out."""
    with archive.open(info) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _main_part(relations: Node) -> str:
    """The part that the package's relations name as its document."""
    for relation in relations.children:
        if relation.attributes.get("Type") in _OFFICE_DOCUMENT:
            return posixpath.normpath(posixpath.join("/", relation.attributes.get("Target", ""))).lstrip("/")
    raise DocumentError("A .docx says which of its parts is the document; this package does not. Save it as .docx in Word or LibreOffice.")


def _check_type(types: Node, name: str) -> None:
    """Raises DocumentError unless the part is the document of a .docx, not of a template or of a file with macros."""
    by_name = {node.attributes.get("PartName", "").lower(): node for node in types.children if node.name == f"{_TYPES} Override"}
    by_ending = {node.attributes.get("Extension", "").lower(): node for node in types.children if node.name == f"{_TYPES} Default"}
    found = by_name.get(f"/{name}".lower()) or by_ending.get(name.rpartition(".")[2].lower())
    given = found.attributes.get("ContentType", "") if found else ""
    if given != _DOCUMENT:
        what = "a document with macros" if "macroEnabled" in given else "a template" if "template" in given else f"{given[:80]!r}" if given else "something else"
        raise DocumentError(f"Only a .docx can be opened, without macros; this file is {what}. Save it as .docx in Word or LibreOffice.")
