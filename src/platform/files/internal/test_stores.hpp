// One side of the port for a test: a folder of its own, or a bucket of its own on one S3 server.
#pragma once

#include "platform/crypto/crypto.hpp"
#include "platform/egress/egress.hpp"
#include "platform/files/object_store.hpp"
#include "platform/runtime/runtime.hpp"
#include "tests/support/s3_server.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

namespace hangu::files {

enum class Side { folder, s3 };

// Gone with its end.
class TemporaryFolder {
 public:
    TemporaryFolder() {
        crypto::SystemRandomness randomness;
        path_ = ::testing::TempDir() + "/files-" + std::to_string(randomness.number());
        std::filesystem::create_directories(path_);
        std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::string& path() const { return path_; }

 private:
    std::string path_;
};

// An egress that may speak to no listed host at all: only to the house's own endpoint.
class TestEgress {
 public:
    TestEgress() : log({observe::Level::error, "/dev/null"}, clock), all(egress::settings()) {
        all.set("egress.hosts", std::string());
        const Result<void> loaded = all.load("", {});
        HANGU_ASSERT(loaded.ok());
        egress = std::make_unique<egress::Egress>(all, log, metrics, clock,
                                                  egress::Egress::Options{4, 64, 4});
    }

    runtime::SystemClock clock;
    observe::Log log;
    observe::Metrics metrics;
    settings::Settings all;
    std::unique_ptr<egress::Egress> egress;
};

inline S3Options s3_options(const std::string& endpoint,
                            const std::string& bucket = "hangu-files") {
    S3Options options;
    options.endpoint = endpoint;
    options.bucket = bucket;
    options.key_id = testing::S3Server::kKeyId;
    options.key = Secret(testing::S3Server::kKey);
    options.part_bytes = 65'536;
    options.first_pause_ms = 1;
    return options;
}

// One server for all tests of the program, with a bucket for each.
class S3Buckets {
 public:
    static constexpr int kCountMax = 60;

    static S3Buckets& all() {
        static S3Buckets made;
        return made;
    }
    std::string endpoint() const { return server_.endpoint(); }
    std::string next() { return buckets_.at(used_++); }

 private:
    S3Buckets() : buckets_(names()), server_(HANGU_S3_SERVER, folder_.path(), buckets_) {}
    static std::vector<std::string> names() {
        std::vector<std::string> names;
        for (int i = 0; i < kCountMax; ++i) {
            names.push_back("hangu-files-" + std::to_string(i));
        }
        return names;
    }

    TemporaryFolder folder_;
    std::vector<std::string> buckets_;
    testing::S3Server server_;
    std::size_t used_ = 0;
};

struct TestStores {
    explicit TestStores(Side given) : side(given) {
        if (side == Side::folder) {
            store = std::move(open_folder_store(folder.path(), out.clock, randomness)).value();
        } else {
            options = s3_options(S3Buckets::all().endpoint(), S3Buckets::all().next());
            store = std::move(open_s3_store(*out.egress, options)).value();
        }
    }

    Side side;
    TemporaryFolder folder;
    crypto::SystemRandomness randomness;
    TestEgress out;
    S3Options options;  // of the S3 side
    std::unique_ptr<ObjectStore> store;
};

}  // namespace hangu::files
