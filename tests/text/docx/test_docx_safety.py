"""Files that are broken, or made to break what reads them: refused in one line, with the way out, at no great cost."""

import io
import struct
import time
import tracemalloc
import zipfile
import zlib

import pytest
from docx_files import RELATIONS, TYPES, docx, package, paragraph, parts_of, run

from dlm_editor.errors import DocumentError
from dlm_editor.text.docx import export_docx, open_docx
from dlm_editor.text.docx import package as limits

GOOD = docx(paragraph(run("hello")))


def refused(data: bytes, said: str) -> None:
    with pytest.raises(DocumentError) as found:
        open_docx(data)
    message = str(found.value)
    assert said in message and "\n" not in message and len(message) < 400 and message.endswith("."), message


def with_part(name: str, content: bytes | str) -> bytes:
    return package({**parts_of(GOOD), name: content})


@pytest.mark.parametrize(("data", "said"), [
    (b"", "not a zip"), (b"hello", "not a zip"), (b"PK\x03\x04" + b"\0" * 100, "not a zip"), (GOOD[:-30], "not a zip"), (GOOD[: len(GOOD) // 2], "not a zip"),
    (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "without a password"), (package({"a.txt": "x"}), "'_rels/.rels'"),
    (package({"_rels/.rels": RELATIONS}), "'[Content_Types].xml'"), (package({"_rels/.rels": RELATIONS, "[Content_Types].xml": TYPES}), "'word/document.xml'"),
    (package({"_rels/.rels": "<Relationships/>"}), "which of its parts is the document"),
    (package({"_rels/.rels": RELATIONS.replace("word/document.xml", "../../etc/passwd")}), "'[Content_Types].xml'"),
])
def test_what_is_no_docx_is_refused(data, said):
    refused(data, said)


@pytest.mark.parametrize(("content", "said"), [
    ("", "no element found"), ("<w:document>", "unbound prefix"), (parts_of(GOOD)["word/document.xml"][:-9], "unclosed token"), (b"<a>\xe9</a>", "not well-formed"),
    (parts_of(GOOD)["word/document.xml"].decode().encode("utf-16"), "NUL"), (parts_of(GOOD)["word/document.xml"].decode().encode("utf-16-be"), "NUL"), ("<a/>", "at least one paragraph"),
    ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "no document type"), ('<!DOCTYPE a SYSTEM "http://127.0.0.1/x"><a/>', "no document type"),
    ("<a>" * 200 + "</a>" * 200, "128 deep"),
])
def test_xml_that_is_broken_or_hostile_is_refused(content, said):
    refused(with_part("word/document.xml", content), said)
    if said in ("no document type", "128 deep", "no element found"):
        refused(with_part("_rels/.rels", content), said)


def test_an_entity_bomb_is_refused_before_it_grows():
    levels = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 12))
    began = time.monotonic()
    refused(with_part("word/document.xml", f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "lol">{levels}]><a>&l11;</a>'), "no document type")
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/passwd", "word/../../x", "C:\\x", "word\\document2.xml"])
def test_names_that_lead_out_of_the_package_are_refused(name):
    refused(with_part(name, "x"), "plain files inside it")


def test_a_part_that_is_there_twice_is_refused():
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("Word/Document.xml", "<a/>")
    refused(out.getvalue(), "each once")


def test_other_packings_and_locked_parts_are_refused():
    refused(package(parts_of(GOOD), zipfile.ZIP_LZMA), "plain files inside it")
    locked = bytearray(GOOD)
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.index(sign)
        locked[at + place] |= 1
    refused(bytes(locked), "not locked")


def test_macros_and_templates_are_refused():
    for kind, said in (("application/vnd.ms-word.document.macroEnabled.main+xml", "macros"), ("application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml", "template")):
        content = TYPES.replace("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", kind)
        refused(with_part("[Content_Types].xml", content), f"this file is a {'document with ' if said == 'macros' else ''}{said}")


def test_a_bomb_is_refused_by_what_it_says_of_itself(monkeypatch):
    refused(with_part("word/media/a.png", b"\0" * 8 * 2**20), "at most 300 times its size")
    monkeypatch.setattr(limits, "MOST_UNPACKED", 4 * 2**20)
    refused(package({**parts_of(GOOD), **{f"word/{number}.bin": b"\0" * 2**20 for number in range(5)}}), "unpacks to at most 4 MiB")
    refused(package({**parts_of(GOOD), **{f"{number}": b"" for number in range(4100)}}), "at most 4096 parts")


def test_a_bomb_that_lies_about_its_size_costs_no_more_than_it_says():
    """Its header says 100 bytes; unpacked it would be 64 MiB."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = b"".join([*(packed.compress(b" " * 2**20) for _ in range(64)), packed.flush()])
    name = b"word/document.xml"
    facts = struct.pack("<HHHHIIIHH", 0, 8, 0, 33, 0, len(body), 100, len(name), 0)
    parts = {key: value for key, value in parts_of(GOOD).items() if key != name.decode()}
    rest = package(parts)
    start = rest.index(b"PK\x01\x02")
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + struct.pack("<H", 20) + facts + struct.pack("<HHHII", 0, 0, 0, 0, start) + name
    central = rest[start:rest.index(b"PK\x05\x06")] + entry
    local = b"PK\x03\x04" + struct.pack("<H", 20) + facts + name + body
    data = rest[:start] + local + central + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(parts) + 1, len(parts) + 1, len(central), start + len(local), 0)
    assert zipfile.ZipFile(io.BytesIO(data)).getinfo(name.decode()).file_size == 100
    tracemalloc.start()
    refused(data, "whole zip package")
    assert tracemalloc.get_traced_memory()[1] < 4 * 2**20
    tracemalloc.stop()


def test_a_file_or_a_text_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(limits, "MOST_BYTES", 2**20)
    refused(b"PK" + b"\0" * 2**20, "at most 1 MiB")
    monkeypatch.setattr(limits, "MOST_XML", 100)
    refused(GOOD, "The text of a .docx unpacks to at most")


def test_a_broken_part_that_is_only_carried_along_is_found_before_it_is_given_back():
    data = package({**parts_of(GOOD), "word/media/a.bin": bytes(range(256)) * 40}, zipfile.ZIP_STORED)
    broken = bytearray(data)
    broken[data.index(bytes(range(256)))] ^= 0xFF
    opened = open_docx(bytes(broken))
    with pytest.raises(DocumentError, match="Bad CRC-32"):
        export_docx(opened, "hello there", None)
