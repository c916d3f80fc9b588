#!/usr/bin/env bash
# Tests the Python middleware with the Debian packages python3-pytest, -httpx, -cryptography, -fastapi, -uvicorn, -flask and -django,
# against the service as it is built. Ends with a line as jest's, which .ci/run counts. Arguments go to pytest.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
[ -n "${PROVOST_IS_BUILT:-}" ] || npm run build || exit 1

report=$(mktemp)
trap 'rm -f "$report"' EXIT
PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -m pytest clients/python -q --durations=10 --junitxml="$report" "$@"
status=$?
/usr/bin/python3 - "$report" <<'PYTHON'
import sys
from xml.etree import ElementTree

suite = ElementTree.parse(sys.argv[1]).getroot().find("testsuite")
total = int(suite.get("tests"))
failed = int(suite.get("failures")) + int(suite.get("errors"))
print(f"Tests:       {failed} failed, {total - failed} passed, {total} total")
PYTHON
exit $status
