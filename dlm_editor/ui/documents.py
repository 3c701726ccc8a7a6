"""What the page asks about Word documents: the text of one, and one with another text. Nothing is kept here: the file stays in the browser."""

import base64
import binascii
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from anyio import CapacityLimiter, to_thread
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..errors import DocumentError, EditorError
from ..text.docx import Tracking, export_docx, open_docx
from ..text.docx.package import MOST_BYTES
from .runs import explain

AUTHOR = "dlm editor"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_TEXT = 8 * 2**20           # code points, as of any document
MOST_SENT = 2 * MOST_BYTES + 4 * MOST_TEXT
AT_ONCE = 2                     # more wait: each may take a second of a core, and some hundred megabytes


class WordExport(BaseModel):
    """What the page sends to have a document written. Untrusted."""

    model_config = ConfigDict(extra="forbid")
    file: str
    text: Annotated[str, Field(max_length=MOST_TEXT)]
    tracked: bool


def document_routes() -> list[Route]:
    """`POST docx/text` takes a .docx and answers {"text"}; `POST docx/file` takes {"file" in base64, "text", "tracked"} and answers a .docx. An error
    is {"error"}, with 422 where the document is to blame."""
    limiter: list[CapacityLimiter] = []  # it belongs to the loop that serves, which is not there yet

    def route(path: str, expected: str, most: int, answer: Callable[[bytes], Response]) -> Route:
        async def endpoint(request: Request) -> Response:
            if not limiter:
                limiter.append(CapacityLimiter(AT_ONCE))
            try:
                # A page of another site cannot send these types unasked.
                if request.headers.get("content-type", "").partition(";")[0].strip() != expected:
                    raise DocumentError(f"This address takes {expected}; got {request.headers.get('content-type', 'nothing')[:80]!r}. Send that type.")
                return await to_thread.run_sync(answer, await _body(request, most), limiter=limiter[0])
            except EditorError as error:
                return JSONResponse({"error": str(error)}, 422)
            except Exception as error:  # the last line of defence: whatever breaks is told to the reader, and logged
                explain(error)
                return JSONResponse({"error": f"The Word document could not be handled ({type(error).__name__}). Your text is untouched. Export it as plain text."}, 500)

        return Route(path, endpoint, methods=["POST"])

    return [route("/docx/text", WORD, MOST_BYTES, _read), route("/docx/file", "application/json", MOST_SENT, _write)]


async def _body(request: Request, most: int) -> bytes:
    """The body, kept in memory; no more of it is taken than `most` bytes."""
    parts, length = [], 0
    async for part in request.stream():
        length += len(part)
        if length > most:
            raise DocumentError(f"A Word document has at most {MOST_BYTES // 2**20} MiB, and its text at most {MOST_TEXT // 2**20}; this one is larger. Take out "
                                "pictures, or split it.")
        parts.append(part)
    return b"".join(parts)


def _read(data: bytes) -> Response:
    return JSONResponse({"text": open_docx(data).text})


def _write(body: bytes) -> Response:
    try:
        given = WordExport.model_validate(json.loads(body))
        data = base64.b64decode(given.file, validate=True)
    except (ValidationError, binascii.Error, ValueError):  # a lone surrogate in the text is one of them
        raise DocumentError("An export takes a file in base64, a text and whether to track; what came is something else. Reload the page: your text stays.") from None
    text = given.text.replace("\r\n", "\n").replace("\r", "\n")
    tracking = Tracking(AUTHOR, datetime.now(UTC)) if given.tracked else None
    return Response(export_docx(open_docx(data), text, tracking), media_type=WORD)
