"""The texts that staff write in Markdown: as clean HTML for the page, as plain blocks for the PDF."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from initiatives.text.french import typo

# HTML in the text is text; an address other than of the web or of a mailbox is no link.
PARSER = MarkdownIt("commonmark", {"html": False, "typographer": False}).disable("image")
# The page has a title and its section another above those of the text.
ABOVE, LEVELS = 2, 2
TAGS = {"p", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "a", "code", "pre", "br", "hr"}
SCHEMES = {"http", "https", "mailto"}


def _parsed(text: str) -> list[Token]:
    """The text read, its headings one below the other without a step left out."""
    tokens, above, level = PARSER.parse(text), [], 0
    for token in tokens:
        if token.type == "heading_open":
            written = int(token.tag[1])
            above = [*(one for one in above if one < written), written]
            level = min(len(above), LEVELS)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{level}"
        for child in token.children or []:
            if child.type == "text":
                child.content = typo(child.content)
    return tokens


def to_html(text: str) -> SafeString:
    """HTML of a text in Markdown: only the tags of a text, and links to the web."""
    tokens = _parsed(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{int(token.tag[1]) + ABOVE}"
    html = PARSER.renderer.render(tokens, PARSER.options, {})
    cleaned = nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel="noopener external")
    return mark_safe(cleaned)  # noqa: S308 -- nh3 leaves the tags above and nothing else


def to_blocks(text: str) -> list[dict]:
    """Blocks of a text in Markdown as data, {"kind", …}: whoever draws them interprets nothing."""
    return [block for node in SyntaxTreeNode(_parsed(text)).children if (block := _block(node))]


def _block(node: SyntaxTreeNode) -> dict | None:
    match node.type:
        case "paragraph":
            return {"kind": "paragraph", "spans": _spans(node.children[0])}
        case "heading":
            return {"kind": "heading", "level": int(node.tag[1]), "spans": _spans(node.children[0])}
        case "bullet_list" | "ordered_list":
            items = [_blocks(item) for item in node.children]
            return {"kind": "list", "ordered": node.type == "ordered_list", "items": items}
        case "blockquote":
            return {"kind": "quote", "blocks": _blocks(node)}
        case "fence" | "code_block":
            return {"kind": "paragraph", "spans": [{"text": node.content.strip()}]}
    return None


def _blocks(node: SyntaxTreeNode) -> list[dict]:
    return [block for child in node.children if (block := _block(child))]


def _spans(node: SyntaxTreeNode, **style) -> list[dict]:
    """Stretches of text, each with its style and where it leads."""
    spans = []
    for child in node.children:
        match child.type:
            case "text":
                spans.append({"text": child.content, **style})
            case "code_inline":
                spans.append({"text": child.content, **style})
            case "softbreak":
                spans.append({"text": " ", **style})
            case "hardbreak":
                spans.append({"text": "\n", **style})
            case "strong" | "em":
                spans += _spans(child, **style, **{child.type: True})
            case "link":
                address = str(child.attrs.get("href", ""))
                leads = {"address": address} if address.partition(":")[0].lower() in SCHEMES else {}
                spans += _spans(child, **style, **leads)
    return spans
