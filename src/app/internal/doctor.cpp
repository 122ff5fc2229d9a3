// What is missing or unsafe on this machine, each with its mend. Works without opening the data.
#include "app/commands.hpp"
#include "app/internal/file_house.hpp"
#include "app/internal/shards.hpp"
#include "app/program.hpp"
#include "app/redis_settings.hpp"
#include "base/json.hpp"
#include "platform/crypto/version.hpp"
#include "platform/runtime/runtime.hpp"
#include "platform/storage/shard_init.hpp"
#include "security/delivery/module.hpp"
#include "security/notify/module.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <filesystem>
#include <fstream>

namespace hangu::app {

namespace {

enum class Verdict { good, advice, bad };
HANGU_ENUM(Verdict, good, advice, bad)

struct Finding {
    std::string check;
    Verdict verdict = Verdict::good;
    std::string found;
    std::string mend;
};
HANGU_STRUCT(Finding, check, verdict, found, mend)

Finding versions() {
    return {"versions", Verdict::good,
            fmt::format("hangu {}, SQLite {}, {}", program_version(), storage::library_version(),
                        crypto::library_version()),
            ""};
}

Finding file_limit() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    constexpr rlim_t kWanted = 8192;
    Finding finding{"open files", Verdict::good, fmt::format("{}", limit.rlim_max), ""};
    if (limit.rlim_max < kWanted) {
        finding.verdict = Verdict::bad;
        finding.mend = fmt::format(
            "allow at least {} open files (LimitNOFILE= in the unit, or ulimit -n)", kWanted);
    }
    return finding;
}

Finding rights(const std::string& what, const std::string& path, mode_t allowed) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
        return {what, Verdict::good, path + " is not there yet", ""};
    }
    const mode_t mode = info.st_mode & 0777;
    Finding finding{what, Verdict::good, fmt::format("{} has mode {:04o}", path, mode), ""};
    if ((mode & ~allowed) != 0) {
        finding.verdict = Verdict::bad;
        finding.mend = fmt::format("chmod {:04o} {}", mode & allowed, path);
    }
    return finding;
}

Finding disk(const std::string& data) {
    struct statvfs info {};
    const std::string path = std::filesystem::exists(data) ? data : ".";
    ::statvfs(path.c_str(), &info);
    const std::uint64_t free_bytes = static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
    const std::uint64_t free_mb = free_bytes >> 20U;
    constexpr std::uint64_t kWantedMb = 2048;
    Finding finding{"disk", Verdict::good, fmt::format("{} MB free", free_mb), ""};
    if (free_mb < kWantedMb) {
        finding.verdict = Verdict::bad;
        finding.mend = fmt::format("free at least {} MB where {} lies", kWantedMb, data);
    }
    return finding;
}

Finding memory() {
    std::ifstream in("/proc/meminfo");
    std::string name;
    std::uint64_t kib = 0;
    std::string unit;
    while (in >> name >> kib >> unit && name != "MemAvailable:") {
    }
    Finding finding{"memory", Verdict::good, fmt::format("{} MB available", kib / 1024), ""};
    if (kib / 1024 < 512) {
        finding.verdict = Verdict::advice;
        finding.mend = "lower storage.open_tenants_max or give the machine more memory";
    }
    return finding;
}

// A clock before this program was made cannot be right; certificates and sessions would fail.
Finding clock() {
    const runtime::SystemClock system;
    constexpr std::int64_t kMadeMs = 1'790'000'000'000;
    Finding finding{"clock", Verdict::good, time_text(system.now()), ""};
    if (system.now().unix_ms() < kMadeMs) {
        finding.verdict = Verdict::bad;
        finding.mend = "set the clock and keep it with an NTP service (chrony)";
    }
    return finding;
}

Finding configuration(const Arguments& arguments, settings::Settings& settings) {
    const HouseOptions options = house_options(arguments);
    const Result<void> loaded = settings.load(options.config, options.environment);
    Finding finding{"settings", Verdict::good,
                    options.config.empty() ? "defaults and environment" : options.config, ""};
    if (!loaded.ok()) {
        finding.verdict = Verdict::bad;
        for (const FieldProblem& field : loaded.problem().fields) {
            finding.mend += fmt::format("{}: {} {}; ", field.field, field.code, field.detail);
        }
        if (finding.mend.empty()) {
            finding.mend = loaded.problem().detail;
        }
    }
    return finding;
}

Finding exposure(const settings::Settings& settings) {
    const auto snapshot = settings.snapshot();
    Finding finding{"exposure", Verdict::good, "", ""};
    if (!snapshot) {
        finding.found = "settings could not be read";
        return finding;
    }
    const std::string& address = snapshot->get(kServerAddress);
    finding.found = "edge listens on " + address;
    const bool open = address != "127.0.0.1" && address != "::1";
    if (open && snapshot->get(kCertificates).empty()) {
        finding.verdict = Verdict::advice;
        finding.mend = "server.certificates is empty: browsers will not trust the self-made ones";
    }
    return finding;
}

Finding mode(const settings::Settings& settings) {
    const auto snapshot = settings.snapshot();
    Finding finding{"mode", Verdict::good, "", ""};
    if (!snapshot) {
        finding.found = "settings could not be read";
        return finding;
    }
    finding.found = snapshot->get(kServerMode);
    const Result<void> checked = check_mode(*snapshot);
    if (!checked.ok()) {
        finding.verdict = Verdict::bad;
        finding.mend = checked.problem().fields.empty() ? checked.problem().detail
                                                        : checked.problem().fields[0].detail;
    }
    return finding;
}

Finding texts(const settings::Settings& settings) {
    const auto snapshot = settings.snapshot();
    Finding finding{"text messages", Verdict::good, "", ""};
    if (!snapshot) {
        finding.found = "settings could not be read";
        return finding;
    }
    finding.found = notify::uses_mailbox(*snapshot) ? "kept in the development mailbox" : "sent";
    finding.mend = notify::text_advice(*snapshot);
    if (!finding.mend.empty()) {
        finding.verdict = Verdict::advice;
        finding.found = "not sent";
    }
    return finding;
}

Finding broker(const settings::Settings& settings) {
    const auto snapshot = settings.snapshot();
    Finding finding{"broker", Verdict::good, "none: no events leave for merchants' programs", ""};
    if (!snapshot) {
        finding.found = "settings could not be read";
        return finding;
    }
    const auto named = delivery::broker_of(*snapshot);
    if (!named.ok()) {
        const Problem& problem = named.problem();
        return {"broker", Verdict::bad, problem.code,
                problem.fields.empty()
                    ? problem.detail
                    : problem.fields.front().field + ": " + problem.fields.front().detail};
    }
    if (*named) {
        const Result<std::string> found = events::check_rabbit(**named);
        finding.found = found.ok() ? found.value() : found.problem().detail;
        finding.verdict = found.ok() ? Verdict::good : Verdict::bad;
        finding.mend = found.ok() ? "" : "start it, or see docs/operations/events.md";
    }
    return finding;
}

Finding core_dumps() {
    rlimit limit{};
    ::getrlimit(RLIMIT_CORE, &limit);
    Finding finding{"core dumps", Verdict::good, "off", ""};
    if (limit.rlim_cur != 0) {
        finding.verdict = Verdict::advice;
        finding.found = "on";
        finding.mend = "LimitCORE=0 in the unit: a dump would hold keys";
    }
    return finding;
}

std::vector<Finding> shards(const settings::Settings& settings, const std::string& data) {
    const auto snapshot = settings.snapshot();
    std::vector<Finding> findings;
    const auto named =
        snapshot ? read_shards(*snapshot, data)
                 : Result<std::vector<storage::ShardOptions>>(std::vector<storage::ShardOptions>());
    if (!named.ok()) {
        const Problem& problem = named.problem();
        findings.push_back({"shards", Verdict::bad, problem.code,
                            problem.fields.empty() ? problem.detail
                                                   : problem.fields.front().field + ": " +
                                                         problem.fields.front().detail});
        return findings;
    }
    for (const storage::ShardOptions& shard : *named) {
        const Result<std::string> version = storage::check_shard(shard);
        findings.push_back({"shard " + shard.name, version.ok() ? Verdict::good : Verdict::bad,
                            version.ok() ? version.value() : version.problem().detail,
                            version.ok() ? "" : "start its server, or hangu shard init"});
    }
    return findings;
}

Finding redis(const settings::Settings& settings) {
    constexpr std::int64_t kAnswerMsMax = 2000;
    const auto snapshot = settings.snapshot();
    const auto server = snapshot ? read_redis(*snapshot)
                                 : Result<std::optional<shared_state::Server>>(std::nullopt);
    if (!server.ok()) {
        const Problem& problem = server.problem();
        return {"redis", Verdict::bad, problem.code,
                problem.fields.empty()
                    ? problem.detail
                    : problem.fields.front().field + ": " + problem.fields.front().detail};
    }
    if (!*server) {
        return {"redis", Verdict::good, "none: this node is alone", ""};
    }
    const Result<std::string> version = shared_state::check_server(**server, kAnswerMsMax);
    if (!version.ok()) {
        return {"redis", Verdict::bad, version.problem().detail,
                "start it, or see docs/operations/redis.md; until then limits are stricter"};
    }
    return {"redis", Verdict::good, version.value(), ""};
}

Finding stored_files(const settings::Settings& settings, const std::string& data) {
    const auto snapshot = settings.snapshot();
    Finding finding{"files", Verdict::good, "", ""};
    if (!snapshot) {
        finding.found = "settings could not be read";
        return finding;
    }
    const Result<std::string> looked = look_at_files(*snapshot, data);
    if (looked.ok()) {
        finding.found = looked.value();
        return finding;
    }
    const Problem& problem = looked.problem();
    finding.verdict = Verdict::bad;
    finding.found = problem.code;
    finding.mend = !problem.fields.empty()
                       ? problem.fields.front().field + ": " + problem.fields.front().detail
                   : problem.detail.empty() ? problem.note
                                            : problem.detail;
    return finding;
}

}  // namespace

int doctor(const Arguments& arguments, Output& output) {
    settings::Settings settings(all_settings());
    const std::string data = arguments.data();
    std::vector<Finding> findings{versions(),   configuration(arguments, settings),
                                  file_limit(), disk(data),
                                  memory(),     clock(),
                                  core_dumps()};
    findings.push_back(exposure(settings));
    findings.push_back(mode(settings));
    findings.push_back(texts(settings));
    findings.push_back(broker(settings));
    findings.push_back(stored_files(settings, data));
    for (Finding& finding : shards(settings, data)) {
        findings.push_back(std::move(finding));
    }
    findings.push_back(redis(settings));
    findings.push_back(rights("data folder", data, 0700));
    findings.push_back(rights("control database", data + "/control.db", 0600));
    findings.push_back(rights("root key", data + ".root.key", 0400));
    bool bad = false;
    for (const Finding& finding : findings) {
        bad = bad || finding.verdict == Verdict::bad;
    }
    if (arguments.json()) {
        output.line(json::to_text(findings));
        return bad ? 1 : 0;
    }
    for (const Finding& finding : findings) {
        output.line(fmt::format("{:<7} {:<17} {}", enum_text(finding.verdict), finding.check,
                                finding.found));
        if (!finding.mend.empty()) {
            output.line(fmt::format("        mend: {}", finding.mend));
        }
    }
    return bad ? 1 : 0;
}

}  // namespace hangu::app
