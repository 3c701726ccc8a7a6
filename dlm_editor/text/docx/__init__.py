"""Word documents: the text of a .docx, and the same .docx with another text, changed in as few places as can be, tracked or not."""

from .document import Docx, export_docx, open_docx
from .revisions import Tracking

__all__ = ["Docx", "Tracking", "export_docx", "open_docx"]
