"""How long browser tests wait, and for what Playwright has no words."""

PATIENCE = 30_000  # milliseconds for anything that is waited for: a busy machine is no defect
TURN = 20  # milliseconds


def until(page, wanted):
    """Let the page go on until `wanted()` is true."""
    for _turn in range(PATIENCE // TURN):
        if wanted():
            return
        page.wait_for_timeout(TURN)
    raise AssertionError("It never came.")
