"""Ask the advisories of the Python Package Index about every pinned version: `make audit`.

Ends with 1 where one of them has a known weakness. Where nobody could be asked (no network, an index without advisories) that
is said, and it ends with 0: a release does not wait for somebody else's server, and the next run asks again.
"""

import json
import subprocess
import sys

AUDITOR = "pip-audit@2.10.1"
COMMAND = ("uv", "tool", "run", "--quiet", AUDITOR, "--require-hashes", "--disable-pip", "--format=json", "-r")


def judged(printed):
    """(exit status, what to say) of what the auditor printed."""
    try:
        packages = json.loads(printed)["dependencies"]
    except ValueError:
        return 0, "Nobody could be asked: is there a network?"
    weak = [f"{one['name']} {one['version']}: {flaw['id']}" for one in packages for flaw in one.get("vulns", [])]
    asked = [one for one in packages if "skip_reason" not in one]
    if weak:
        return 1, "\n".join([*weak, "Raise these in requirements*.in, then `make pins`."])
    return 0, f"{len(asked)} of {len(packages)} versions were looked up; none has a known weakness."


def main(*lists):
    """Audit each of the files of pins; returns the exit status."""
    worst = 0
    for name in lists:
        ran = subprocess.run([*COMMAND, name], capture_output=True, text=True)  # noqa: S603 (our own words)
        status, words = judged(ran.stdout)
        sys.stdout.write(f"{name}: {words}\n")
        worst = max(worst, status)
    return worst


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:] or ["requirements.txt", "requirements-dev.txt"])))
