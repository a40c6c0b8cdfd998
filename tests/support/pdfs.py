"""Texts that may trouble whoever typesets them, and what is read back of a PDF."""

import io
import re
import unicodedata

import pypdf

HOSTILE = {
    "typst": '#image("/etc/passwd") #panic() #read("x") $x$ *gras* _i_ `c` <label> @ref = Titre \\ // non /* non */',
    "markdown": "# Titre\n\n**gras** [x](javascript:alert(1)) <script>alert(1)</script> | a | b |",
    "json": '"}],"x":"\\u0000\\',
    "emoji": "👩‍👩‍👧 🙂 🇫🇷 1️⃣ ☎️ ❤️",
    "scripts": "日本語 中文 한국어 العربية עברית हिन्दी ไทย Ελληνικά Кириллица Ąžđő",
    "bidi": "a\u202eb\u2066c\u2069d\u200f\u200b\ufeff\u2028\u2029e",
    "controls": "a\x01b\x07c\x1bd\x7fe\x85f\ufffe",
    "marks": "Z\u0351\u036b\u0343\u032a\u0302\u036b\u033d\u034f\u0334\u0319\u0324 e\u0301\u0301\u0301\u0301",
    "private": "\ue000\U000f0000\U0010ffff",
    "nothing": "\u200b\ufeff",
    "lines": "\n\n\n a \r\n b \r c \n\n",
    "braces": "{{ 7*7 }} {% x %} ${x} %s %(a)s {0}",
    "one word": "x" * 500,
}


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def pages_of(content: bytes) -> list[str]:
    return [page.extract_text() for page in read(content).pages]


def text_of(content: bytes) -> str:
    return joined(pages_of(content))


def joined(pages: list[str]) -> str:
    """The words, without what lines and hyphens do to them."""
    return squeezed(re.sub(r"-\n", "", "\n".join(pages)))


def squeezed(text: str) -> str:
    """Letters and digits only: how a line is broken does not matter."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())
