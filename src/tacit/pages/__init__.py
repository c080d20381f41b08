"""The pages: what a project holds and how good it is, for people with a browser.

`router(project)` is all that a server needs. docs/design/pages.md says how to add a page.
"""

from tacit.pages.routing import error_page, not_found, router

__all__ = ["error_page", "not_found", "router"]
