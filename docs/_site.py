"""What the site leaves out: the hidden blocks that prepare the ground for the code of a page."""

import re
from typing import Any

_SETUP = re.compile(r"^<!-- setup\n.*?^-->\n", re.MULTILINE | re.DOTALL)


def on_page_markdown(markdown: str, **_: Any) -> str:
    """MkDocs calls this with each page."""
    return _SETUP.sub("", markdown)
