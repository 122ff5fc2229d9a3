#include "app/settings.hpp"

#include "app/internal/archiving.hpp"
#include "base/text.hpp"
#include "security/notify/module.hpp"

namespace hangu::app {

std::vector<settings::Setting> cluster_settings() {
    using std::int64_t;
    using std::string;
    return {
        {kClusterControl.key, string(), 0, 32, "",
         "Shard whose database is the control database of several nodes; empty: this process is "
         "alone and keeps it in its data folder."},
        {kClusterNode.key, string(), 0, 16, "",
         "This node's name, small letters, digits and _; the gateway knows it by that."},
        {kClusterAddress.key, string(), 0, 200, "", "Where people find this node; only shown."},
        {kClusterLeaseSeconds.key, int64_t{6}, 2, 120, "seconds",
         "How long a node may be silent before others take its tenants."},
    };
}

std::vector<settings::Setting> own_settings() {
    using std::int64_t;
    using std::string;
    return {
        {kServerMode.key, string("production"), 4, 10, "",
         "production, or demo: only then may texts stay in the development mailbox."},
        {kServerAddress.key, string("127.0.0.1"), 2, 64, "",
         "Address the edge listens on; 0.0.0.0 for all."},
        {kServerPort.key, int64_t{8443}, 0, 65535, "", "Port of the edge; 0 takes any free one."},
        {kPlatformAddress.key, string("127.0.0.1"), 2, 64, "",
         "Address of the listener for the platform's own people."},
        {kPlatformPort.key, int64_t{8444}, 0, 65535, "", "Its port; 0 takes any free one."},
        {kPlatformNetworks.key, string("127.0.0.0/8 ::1/128"), 0, 4096, "",
         "Networks that may reach it, separated by spaces; others are not answered."},
        {kServerLoops.key, int64_t{0}, 0, 64, "threads", "Event loops; 0 is one per core."},
        {kCertificates.key, string(), 0, 4096, "",
         "Folder with rsa.crt, rsa.key, ecdsa.crt and ecdsa.key; empty: self-made ones in the data "
         "folder."},
        {kDrainMsMax.key, int64_t{10000}, 0, 600000, "ms",
         "How long a stop waits for running requests."},
        {kDrainAnnounceMs.key, int64_t{0}, 0, 600000, "ms",
         "How long a stop goes on serving while /readyz says 503, so that gateways look "
         "elsewhere."},
        {kTrustedProxies.key, string(), 0, 4096, "",
         "Networks of gateways, separated by spaces: they say in X-Hangu-Client for whom they ask; "
         "nobody else is believed."},
        {kConsoleFolder.key, string(), 0, 4096, "", "Folder of the console's built files."},
        {kMetricsPort.key, int64_t{0}, 0, 65535, "",
         "Loopback port of /metrics; 0 takes any free one."},
        {kBodyBytesMax.key, int64_t{65536}, 1024, 16777216, "bytes", "Largest request body."},
        {kConnectionsMax.key, int64_t{4096}, 16, 1000000, "", "Open connections in all."},
        {kConnectionsPerAddressMax.key, int64_t{256}, 1, 1000000, "",
         "Open connections of one address."},
        {kHeadMsMax.key, int64_t{5000}, 100, 60000, "ms", "From the first byte to the whole head."},
        {kIdleMsMax.key, int64_t{15000}, 100, 600000, "ms",
         "Rest of a connection between requests."},
        {kRatePercent.key, int64_t{100}, 1, 10000000, "percent",
         "Scales the rate limits of all routes."},
        {kStorageLanes.key, int64_t{4}, 1, 256, "threads",
         "Lanes that run transactions; each tenant belongs to one."},
        {kRedoSegmentMb.key, int64_t{64}, 1, 1024, "MB",
         "A file of the redo log; up to four are kept."},
        {kOpenTenantsMax.key, int64_t{1500}, 16, 100000, "",
         "Tenant databases kept open; each takes about 0.3 MB and two file descriptors."},
        {kReportMsMax.key, int64_t{5000}, 100, 600000, "ms", "A longer report is cut."},
        {kNewTenants.key, string("files"), 1, 32, "",
         "Where new tenants are kept: files, or the name of a shard."},
        {kBlockingDdl.key, false, 0, 0, "",
         "Let a newer program keep a shard's writers waiting while it changes tables, where the "
         "server cannot do it otherwise; for one start, in quiet hours."},
        {kRootKeyFile.key, string(), 0, 4096, "",
         "File of the root key; empty: <data>.root.key beside the data folder, outside its "
         "backups."},
        {kEventsKeptDays.key, int64_t{7}, 1, 365, "days", "How long outbox events are kept."},
        {kAuditOnlineDays.key, int64_t{365}, 180, 3660, "days",
         "Audit records stay searchable at once for this long; then they are archived, still "
         "provable."},
        {kHeadIntervalMinutes.key, int64_t{15}, 1, 1440, "minutes",
         "A tenant's audit log enters the log of heads at most once in this time, and at a clean "
         "stop."},
        {kHashThreads.key, int64_t{1}, 1, 32, "threads", "Threads that hash passwords."},
    };
}

Result<void> check_mode(const settings::Snapshot& settings) {
    const std::string& mode = settings.get(kServerMode);
    if (mode != "production" && mode != "demo") {
        Problem problem = Problem::invalid("settings.invalid");
        problem.fields.push_back(
            {std::string(kServerMode.key), "setting.invalid", "production or demo"});
        return problem;
    }
    for (const std::string_view network : split(settings.get(kTrustedProxies), ' ')) {
        if (network.ends_with("/0")) {
            return Problem::invalid(
                "settings.unsafe",
                "server.trusted_proxies trusts everybody: anyone could say who asks. Name the "
                "addresses of the gateways");
        }
    }
    if (mode == "production" && notify::uses_mailbox(settings)) {
        return Problem::invalid(
            "settings.unsafe",
            "notify.text_sender is mailbox: every sign-in code could be read in the console. "
            "Set it to aliyun (or none), or server.mode to demo where nobody's money is at stake");
    }
    return {};
}

}  // namespace hangu::app
