"""What of an answer may differ from one recording to the next without a word, rule by rule."""

import re

TEXT = re.compile(r"^text/|json|[+/]xml|turtle|javascript")
MARKUP = re.compile(r"html|[+/]xml")


def in_order(policy: re.Match) -> str:
    return "; ".join(sorted(policy[0].split("; ")))


# (reason, what it looks like, what stands in its place), in texts and in headers.
RULES = [
    (reason, re.compile(pattern), instead)
    for reason, pattern, instead in (
        ("tokens against forgery", r'(name="csrfmiddlewaretoken" value=")\w+', r"\1TOKEN"),
        ("digests in the names of static files", r"(/static/[\w./-]+?)\.[0-9a-f]{12}(?=\.\w)", r"\1.DIGEST"),
        ("ETags: the release, the state and the address", r'W/"[^"]*"', 'W/"STATE"'),
        ("cookies: their values", r"(?m)^(Set-Cookie: [\w-]+=)[^;]+", r"\1VALUE"),
        ("moments in headers, by the system's clock", r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT", "MOMENT"),
        ("the order of a policy: that of a set", r"(?m)(?<=^Content-Security-Policy: ).+", in_order),
        ("secrets of second factors", r"\b[A-Z2-7]{32}\b", "SECRET"),
        ("pictures of these secrets", r"data:image/svg\+xml;base64,[\w+/=]+", "PICTURE"),
        ("recovery codes", r"(?m)(^|<code>)\d{8}(?=</code>|$)", r"\1CODE"),
        ("numbers of content types", r"(/admin/r/)\d+(?=/)", r"\1NUMBER"),
        ("numbers of permissions", r'(<option value=")\d+(?="[^>]*>[^<]*\|)', r"\1NUMBER"),
        ("challenges of passkeys", r'("challenge": ")[^"]+', r"\1CHALLENGE"),
        ("salts and hashes of passwords", r"[\w+/]+\*{6,}", "HIDDEN"),
    )
]
LAYOUT = re.compile(r"\s*\n\s*")
# Follows from the body, which is compared.
UNTOLD = {"content-length"}


def text_of(body: bytes, content_type: str) -> str | None:
    """The text of a body, as it is compared; None where it is no text."""
    if not TEXT.search(content_type):
        return None
    text = ruled(body.decode())
    # How templates are laid out is for whoever edits them.
    return LAYOUT.sub("\n", text) if MARKUP.search(content_type) else text


def headers_of(response) -> list[str]:
    """Those of a response and its cookies, sorted, as they are compared."""
    lines = [f"{name}: {value}" for name, value in response.items() if name.lower() not in UNTOLD]
    lines += response.cookies.output().splitlines()
    return sorted(map(ruled, lines))


def ruled(text: str) -> str:
    for _, pattern, instead in RULES:
        text = pattern.sub(instead, text)
    return text
