"""What axe-core finds wrong with the page as it stands. The script comes with the test dependency axe-playwright-python."""

from importlib.resources import files

from playwright.sync_api import Page

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RUN = """(rules) => axe.run(document, { resultTypes: ["violations"], ...(rules.length ? { runOnly: rules } : {}) })
    .then(({ violations }) => violations.map(({ id, help, nodes }) => [id, help, nodes.slice(0, 4).map(({ html, failureSummary }) => [html.slice(0, 160), failureSummary.slice(0, 200)])]))"""


def violations(page: Page, *rules: str) -> list:
    """By all rules, or those named: [[rule, what it asks, [[element, why]…]]…]; empty where all is well."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return page.evaluate(RUN, list(rules))
