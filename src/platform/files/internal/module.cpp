#include "platform/files/module.hpp"

#include "base/text.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <fstream>

namespace hangu::files {

namespace {

using settings::Key;

constexpr Key<std::string> kStore{"files.store"};
constexpr Key<std::string> kFolder{"files.folder"};
constexpr Key<std::string> kEndpoint{"files.s3_endpoint"};
constexpr Key<std::string> kRegion{"files.s3_region"};
constexpr Key<std::string> kBucket{"files.s3_bucket"};
constexpr Key<bool> kVirtualHost{"files.s3_virtual_host"};
constexpr Key<std::string> kKeyFile{"files.s3_key_file"};
constexpr Key<std::int64_t> kRequestMs{"files.s3_request_ms_max"};

struct AccessKey {
    std::string id;
    Secret secret;
};

// Two lines: the key's id, and the key.
Result<AccessKey> read_key(const std::string& path) {
    struct stat info {};
    std::ifstream in(path);
    AccessKey key;
    std::string secret;
    if (::stat(path.c_str(), &info) != 0 || !std::getline(in, key.id) ||
        !std::getline(in, secret) || trimmed(key.id).empty() || trimmed(secret).empty()) {
        return Problem::invalid(
            "files.key_file_missing",
            fmt::format("{}: two lines, the access key's id and the key; mode 0400", path));
    }
    if ((info.st_mode & 0077) != 0) {
        return Problem::conflict("files.key_file_open",
                                 fmt::format("others may read {}: chmod 0400 {}", path, path));
    }
    key.id = trimmed(key.id);
    key.secret = Secret(std::string(trimmed(secret)));
    return key;
}

}  // namespace

std::vector<settings::Setting> settings() {
    using std::int64_t;
    using std::string;
    return {
        {kStore.key, string("folder"), 2, 10, "",
         "Where files lie: folder (one machine), or s3 (a server that speaks S3)."},
        {kFolder.key, string(), 0, 4096, "",
         "Folder of the files; empty: files in the data folder."},
        {kEndpoint.key, string(), 0, 300, "",
         "The S3 server: https://host or https://host:port. Without TLS only at a private "
         "address."},
        {kRegion.key, string("us-east-1"), 1, 60, "", "Region that requests are signed for."},
        {kBucket.key, string(), 0, 63, "", "Bucket; it has to be there, private and ours alone."},
        {kVirtualHost.key, false, 0, 0, "",
         "The bucket stands in the host's name (most clouds), not in the path (MinIO)."},
        {kKeyFile.key, string(), 0, 4096, "",
         "File with two lines, the access key's id and the key; mode 0400."},
        {kRequestMs.key, int64_t{30'000}, 1000, 120'000, "ms",
         "Until a request to the S3 server is answered; each has three attempts."},
    };
}

std::string folder_of(const settings::Snapshot& settings, const std::string& data) {
    if (settings.get(kStore) != "folder") {
        return "";
    }
    const std::string& given = settings.get(kFolder);
    return given.empty() ? data + "/files" : given;
}

Result<void> check_settings(const settings::Snapshot& settings) {
    Problem problem = Problem::invalid("settings.invalid");
    const auto complain = [&](std::string_view key, std::string_view detail) {
        problem.fields.push_back({std::string(key), "setting.invalid", std::string(detail)});
    };
    const std::string& store = settings.get(kStore);
    if (store != "folder" && store != "s3") {
        complain(kStore.key, "folder or s3");
    }
    if (store == "s3") {
        for (const Key<std::string> needed : {kEndpoint, kBucket, kKeyFile}) {
            if (settings.get(needed).empty()) {
                complain(needed.key, "files.store = \"s3\" needs it");
            }
        }
    }
    return problem.fields.empty() ? Result<void>() : Result<void>(std::move(problem));
}

Result<std::unique_ptr<ObjectStore>> open_store(const settings::Snapshot& settings,
                                                const std::string& data, egress::Egress& egress,
                                                const Clock& clock, Randomness& randomness) {
    if (const std::string folder = folder_of(settings, data); !folder.empty()) {
        return open_folder_store(folder, clock, randomness);
    }
    HANGU_TRY(AccessKey key, read_key(settings.get(kKeyFile)));
    S3Options options;
    options.endpoint = settings.get(kEndpoint);
    options.region = settings.get(kRegion);
    options.bucket = settings.get(kBucket);
    options.virtual_host = settings.get(kVirtualHost);
    options.request_ms_max = settings.get(kRequestMs);
    options.key_id = std::move(key.id);
    options.key = std::move(key.secret);
    return open_s3_store(egress, std::move(options));
}

}  // namespace hangu::files
