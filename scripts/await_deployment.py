#!/usr/bin/env python3
"""Wait until the platform serves one commit: `python scripts/await_deployment.py APP_ID COMMIT`.

Asks DigitalOcean's API with the token in DIGITALOCEAN_ACCESS_TOKEN (read access to apps is enough). Ends with 0 once the
newest deployment that is active was built from COMMIT, with 1 when that one failed or none came in time.
"""

import json
import os
import sys
import time
import urllib.request

API = "https://api.digitalocean.com"
EVERY, TRIES = 30, 60  # seconds between two questions, and how many there are: half an hour
FAILED = {"ERROR", "CANCELED"}


def deployments(app, token, api=API):
    """The app's deployments, newest first: dicts with "phase", and "services", each with "source_commit_hash"."""
    request = urllib.request.Request(  # noqa: S310 (an address of our own making)
        f"{api}/v2/apps/{app}/deployments?per_page=20", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)["deployments"]


def outcome(found, commit):
    """True where `commit` is what is served, False where its deployment failed, None where it is not known yet."""
    for deployment in found:
        commits = {service.get("source_commit_hash") for service in deployment.get("services") or ()}
        if deployment["phase"] == "ACTIVE":
            return True if commit in commits else None
        if commit in commits and deployment["phase"] in FAILED:
            return False
    return None


def wait(app, commit, token, *, api=API, every=EVERY, tries=TRIES):
    """The exit status, once there is one."""
    for _ in range(tries):
        try:
            served = outcome(deployments(app, token, api), commit)
        except OSError as error:
            print(f"The platform does not answer: {error}", flush=True)  # noqa: T201
            served = None
        if served is not None:
            print(f"{commit} is served." if served else f"The deployment of {commit} failed.")  # noqa: T201
            return 0 if served else 1
        time.sleep(every)
    print(f"{commit} is not served after {every * tries} s.")  # noqa: T201
    return 1


if __name__ == "__main__":
    if len(sys.argv) != 3 or not os.environ.get("DIGITALOCEAN_ACCESS_TOKEN"):
        sys.exit("DIGITALOCEAN_ACCESS_TOKEN=… python scripts/await_deployment.py APP_ID COMMIT")
    sys.exit(wait(*sys.argv[1:], os.environ["DIGITALOCEAN_ACCESS_TOKEN"]))
