#!/usr/bin/env bash
# The whole test suite on MySQL: on the server that TEST_DATABASE_URL names (mysql://user:password@host:port/database,
# whose user may create databases), or on one that the tool beside this repository starts, where there is such a tool.
set -euo pipefail
cd "$(dirname "$0")/.."
tool=../shared/tools/mysql-server.sh

if [ -z "${TEST_DATABASE_URL:-}" ]; then
  if [ ! -x "$tool" ]; then
    echo 'Set TEST_DATABASE_URL to a MySQL 8.4 or 9 server whose user may create databases: mysql://root:secret@127.0.0.1:3306/mysql' >&2
    exit 2
  fi
  "$tool" install >&2
  if ! "$tool" status | grep -q '^running'; then
    trap '"$tool" stop >&2' EXIT
    "$tool" start >&2
  fi
  TEST_DATABASE_URL=$("$tool" url)
  export TEST_DATABASE_URL
fi
# CI has built already.
[ -n "${PROVOST_IS_BUILT:-}" ] || npm run build
node --experimental-vm-modules node_modules/jest/bin/jest.js "$@"
