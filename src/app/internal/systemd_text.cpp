#include "app/internal/systemd_text.hpp"

#include <fmt/format.h>

namespace hangu::app {
namespace {

constexpr std::int64_t kStopMarginSeconds = 30;  // closing databases, a last checkpoint

constexpr std::string_view kService =
    R"(# Made by `hangu deploy systemd`; docs/operations/deploy.md explains it. Own changes go into
# /etc/systemd/system/hangu.service.d/own.conf (systemctl edit hangu).
[Unit]
Description=Hangu
Documentation=file:/usr/share/doc/hangu/deploy.md
Wants=network-online.target
After=network-online.target time-sync.target
StartLimitIntervalSec=60
StartLimitBurst=5

[Service]
# The program says itself when it serves, and when it stops.
Type=notify
NotifyAccess=main
User=hangu
Group=hangu
ExecStart={0} serve --config {1} --data /var/lib/hangu/data --console {2}
# Certificates and settings are read again; nothing is interrupted.
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=2
# SIGTERM: gateways are told, running requests end, databases close. Killed only after that time.
KillSignal=SIGTERM
KillMode=mixed
TimeoutStopSec={3}
TimeoutStartSec=300

# What it may write: /var/lib/hangu, with the data folder and the root key beside it.
StateDirectory=hangu
StateDirectoryMode=0700
ConfigurationDirectory=hangu
ConfigurationDirectoryMode=0750
UMask=0077
WorkingDirectory=/var/lib/hangu
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateMounts=yes
InaccessiblePaths=-/boot -/srv -/media -/mnt
ProcSubset=pid
ProtectProc=invisible
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RemoveIPC=yes

# What it may do: be a server for TCP and Unix sockets, nothing else.
NoNewPrivileges=yes
CapabilityBoundingSet={4}
AmbientCapabilities={4}
{5}LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
SystemCallFilter=@system-service
)"
           "SystemCallFilter=~@privileged @resources @mount @swap @reboot @module @raw-io "
           "@obsolete @cpu-emulation @debug @clock\n"
           R"(# The limit of open files may be raised up to LimitNOFILE, and threads named.
SystemCallFilter=setrlimit prlimit64 sched_setaffinity

# Two files a tenant and one a connection; a memory image would hold keys.
LimitNOFILE=65536
LimitCORE=0
TasksMax=512

[Install]
WantedBy=multi-user.target
)";

}  // namespace

std::string unit_text(const UnitPlan& plan) {
    return fmt::format(kService, plan.program, plan.config, plan.console,
                       plan.stop_ms_max / 1000 + kStopMarginSeconds,
                       plan.low_port ? "CAP_NET_BIND_SERVICE" : "",
                       plan.low_port ? "" : "PrivateUsers=yes\n");
}

}  // namespace hangu::app
