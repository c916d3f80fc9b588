#!/usr/bin/env bash
# From a fresh clone to a Provost that is known to work. See --help.
set -euo pipefail
cd "$(dirname "$0")"

usage() {
  cat <<'TEXT'
Usage: ./quick_start.sh

Checks Node.js, installs and builds what is missing or out of date, makes .env if there is none, starts the service once with these settings
(which makes the database, the keys and the first admin), plays a smoke test through another one on data of its own, stops both and
prints what to do next. Asks nothing, overwrites nothing, and may be run again.

Ends with 0 when Provost works, 1 when a step failed, 2 for a wrong argument, 3 without a Node.js that is new enough.
TEXT
}

fail() {
  echo "quick_start: $1" >&2
  exit "${2:-1}"
}

say() { echo "- $1"; }

case "${1:-}" in
  '') ;;
  -h | --help) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac

# ---------- Node.js
advice='Install a current one from https://nodejs.org, or with a version manager: nvm install 22. Then call this again.'
command -v node >/dev/null || fail "Node.js 20.19 or later is needed, and there is none on the PATH. $advice" 3
version=$(node --version)
major=${version#v} major=${major%%.*}
minor=${version#v*.} minor=${minor%%.*}
if [ "$major" -lt 20 ] || { [ "$major" -eq 20 ] && [ "$minor" -lt 19 ]; }; then
  fail "Node.js 20.19 or later is needed; $(command -v node) is $version. $advice" 3
fi
say "Node.js $version"

work=$(mktemp -d)
service=
stop() {
  [ -n "$service" ] || return 0
  kill "$service" 2>/dev/null || true
  wait "$service" 2>/dev/null || true
  service=
}
trap 'stop; rm -rf "$work"' EXIT

# ---------- packages, as package-lock.json has them; what is for other systems may be missing
is_installed() {
  [ -f node_modules/.package-lock.json ] && node -e '
    const packages = (file) => Object.entries(JSON.parse(require("node:fs").readFileSync(file, "utf8")).packages);
    const installed = new Map(packages("node_modules/.package-lock.json").map(([path, { version }]) => [path, version]));
    const missing = packages("package-lock.json").some(([path, { version, optional, peer }]) => path && !optional && !peer && installed.get(path) !== version);
    process.exit(missing ? 1 : 0);'
}
if is_installed; then
  say 'packages are installed'
else
  # npm ci empties the folder first, also through a link, and so the packages of whoever else uses them.
  [ ! -L node_modules ] || fail 'node_modules is a link and does not hold what package-lock.json says. Install where it leads to, or remove the link.'
  say 'installing packages (npm ci)'
  npm ci >"$work/npm.log" 2>&1 || { tail -20 "$work/npm.log" >&2; fail 'npm ci failed.'; }
fi

# ---------- build
if [ -f dist/main.js ] && [ -z "$(find -L src package-lock.json tsconfig.json tsconfig.build.json nest-cli.json scripts/bundle.js -newer dist/main.js -print | head -n 1)" ]; then
  say 'built already'
else
  say 'building'
  npm run build >"$work/build.log" 2>&1 || { tail -20 "$work/build.log" >&2; fail 'The build failed.'; }
  # An incremental build leaves alone what did not change.
  touch dist/main.js
fi

# ---------- settings
if [ -e .env ]; then
  say '.env is there, and stays as it is'
else
  (umask 077 && cp .env.example .env)
  chmod 600 .env
  say 'made .env from .env.example; every default is good to begin with'
fi

# ---------- starts
# serve LOG FOLDER COMMAND...: starts it there, waits until it serves and is ready, and leaves its address in $url.
serve() {
  local log=$1 folder=$2 waited=0
  shift 2
  (cd "$folder" && exec "$@") >"$log" 2>&1 &
  service=$!
  url=
  while [ -z "$url" ]; do
    kill -0 "$service" 2>/dev/null || { cat "$log" >&2; service=; fail 'The service did not start.'; }
    [ "$waited" -lt 600 ] || { cat "$log" >&2; fail 'The service did not start within two minutes.'; }
    sleep 0.2
    waited=$((waited + 1))
    url=$(sed -n 's/.* serving at \(http[^ ]*\).*/\1/p' "$log")
  done
  node -e 'fetch(process.argv[1]).then(async (answer) => { if (!answer.ok) throw new Error(await answer.text()); })
    .catch((error) => { console.error(error.message); process.exit(1); })' "$url/health/ready" || fail 'The service started, but is not ready.'
}

address=$(node -e '
  require("dotenv").config({ quiet: true });
  const { HOST, PORT } = process.env;
  console.log("http://" + (HOST || "127.0.0.1") + ":" + (PORT || 3000));')
data='' admin='' password=''
# Two services must not share an embedded database.
if node -e 'fetch(process.argv[1]).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))' "$address/health/ready"; then
  say "Provost runs at $address already, and is left alone"
else
  say 'starting with your settings: database, keys, first admin'
  serve "$work/yours.log" . env PORT=0 HOST=127.0.0.1 LOG_LEVEL=warn JOBS_ENABLED=false node dist/main.js
  data=$(sed -n 's/^  data  *//p' "$work/yours.log")
  admin=$(sed -n 's/^  first admin  *//p' "$work/yours.log")
  password=$(sed -n 's/^  password  *//p' "$work/yours.log")
  stop
fi

say 'smoke test, on data of its own'
mkdir "$work/elsewhere"
root=$PWD
# From another folder and with an empty environment: neither .env nor what is exported here may lead it to your data.
serve "$work/smoke.log" "$work/elsewhere" env -i "PATH=$PATH" "HOME=$work" PORT=0 DATA_DIR="$work/data" LOG_LEVEL=warn FIRST_ADMIN=false node "$root/dist/main.js"
node scripts/smoke.js "$url" || fail 'The smoke test failed.'
stop

# ---------- what next
cat <<TEXT

Provost works. Next:
  start        npm start            (as a service: docs/deployment.md)
  then         $address/docs
  settings     .env
TEXT
[ -z "$data" ] || echo "  data         $data"
if [ -n "$admin" ]; then
  cat <<TEXT
  first admin  $admin
  password     $password
  Sign in with POST /api/v1/admin/auth/login; a new password is asked for.
TEXT
else
  echo '  first admin  was made before (another one: npx provost admin create NAME)'
fi
cat <<'TEXT'
  first steps  README.md, "Five minutes with curl"
  connect      docs/integration.md
TEXT
