"""``python -m directory.healthcheck`` ends with 0 when the site on this machine is in order: for HEALTHCHECK."""

import http.client
import sys

from directory import environment

SECONDS = 4
HEALTHY = (http.client.OK, b"ok")


def main() -> int:
    try:
        answer = ask(environment.integer("PORT", default=8000), known_host())
    except (OSError, http.client.HTTPException) as error:
        return fail(str(error) or type(error).__name__)
    return 0 if answer == HEALTHY else fail(f"{answer[0]} {answer[1][:100]!r}")


def known_host() -> str:
    """A name the site answers to: a probe's own "127.0.0.1" is usually not among them."""
    hosts = environment.words("ALLOWED_HOSTS") or ["localhost"]
    return "localhost" if hosts[0] == "*" else hosts[0].removeprefix(".")


def ask(port: int, host: str) -> tuple[int, bytes]:
    """Status and body of /healthz. Raises OSError or HTTPException when there is no answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def fail(reason: str) -> int:
    sys.stderr.write(f"/healthz: {reason}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
