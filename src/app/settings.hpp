// Settings of the program itself; modules add theirs.
#pragma once

#include "base/result.hpp"
#include "platform/settings/settings.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hangu::app {

using settings::Key;

inline constexpr Key<std::string> kServerMode{"server.mode"};
inline constexpr Key<std::string> kServerAddress{"server.address"};
inline constexpr Key<std::int64_t> kServerPort{"server.port"};
inline constexpr Key<std::string> kPlatformAddress{"platform.address"};
inline constexpr Key<std::int64_t> kPlatformPort{"platform.port"};
inline constexpr Key<std::string> kPlatformNetworks{"platform.allowed_networks"};
inline constexpr Key<std::int64_t> kServerLoops{"server.loops"};
inline constexpr Key<std::string> kCertificates{"server.certificates"};
inline constexpr Key<std::string> kConsoleFolder{"console.folder"};
inline constexpr Key<std::int64_t> kMetricsPort{"metrics.port"};
inline constexpr Key<std::int64_t> kBodyBytesMax{"http.body_bytes_max"};
inline constexpr Key<std::int64_t> kConnectionsMax{"http.connections_count_max"};
inline constexpr Key<std::int64_t> kConnectionsPerAddressMax{"http.connections_per_address_max"};
inline constexpr Key<std::int64_t> kHeadMsMax{"http.head_ms_max"};
inline constexpr Key<std::int64_t> kIdleMsMax{"http.idle_ms_max"};
inline constexpr Key<std::int64_t> kRatePercent{"http.rate_percent"};
inline constexpr Key<std::int64_t> kStorageLanes{"storage.lanes"};
inline constexpr Key<std::int64_t> kRedoSegmentMb{"storage.redo_segment_mb"};
inline constexpr Key<std::int64_t> kOpenTenantsMax{"storage.open_tenants_max"};
inline constexpr Key<std::int64_t> kReportMsMax{"storage.report_ms_max"};
inline constexpr Key<std::string> kNewTenants{"storage.new_tenants"};
inline constexpr Key<std::string> kClusterControl{"cluster.control"};
inline constexpr Key<std::string> kClusterNode{"cluster.node"};
inline constexpr Key<std::string> kClusterAddress{"cluster.address"};
inline constexpr Key<std::int64_t> kClusterLeaseSeconds{"cluster.lease_seconds"};
inline constexpr Key<bool> kBlockingDdl{"storage.blocking_ddl"};
inline constexpr Key<std::string> kRootKeyFile{"keys.root_file"};
inline constexpr Key<std::int64_t> kEventsKeptDays{"events.kept_days"};
inline constexpr Key<std::int64_t> kHeadIntervalMinutes{"audit.head_interval_minutes"};
inline constexpr Key<std::int64_t> kHashThreads{"passwords.hash_threads"};
inline constexpr Key<std::int64_t> kDrainMsMax{"server.drain_ms_max"};
inline constexpr Key<std::int64_t> kDrainAnnounceMs{"server.drain_announce_ms"};
inline constexpr Key<std::string> kTrustedProxies{"server.trusted_proxies"};

std::vector<settings::Setting> own_settings();
std::vector<settings::Setting> cluster_settings();
// What may not be so in production: problems with their mend, "settings.unsafe". Asked by serve and
// doctor.
Result<void> check_mode(const settings::Snapshot& settings);

}  // namespace hangu::app
