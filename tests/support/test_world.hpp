// A whole world in a temporary folder: engine, tenants, scope services, with a clock that the test
// owns.
#pragma once

#include "base/randomness.hpp"
#include "base/time.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/events/events.hpp"
#include "platform/http/pipeline.hpp"
#include "platform/http/scope.hpp"
#include "platform/observe/observe.hpp"
#include "platform/settings/settings.hpp"
#include "platform/storage/engine.hpp"
#include "tests/support/key_store.hpp"
#include "tests/support/shard_of_test.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace hangu::testing {

// Makes a folder of its own and removes it at the end.
class TemporaryFolder {
 public:
    TemporaryFolder() {
        static std::atomic<int> count{0};
        path_ = std::filesystem::temp_directory_path() /
                fmt::format("hangu-test-{}-{}", ::getpid(), count++);
        std::filesystem::create_directories(path_);
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    std::string path() const { return path_.string(); }

 private:
    std::filesystem::path path_;
};

// Remembers facts instead of storing them; modules above audit may pass the real sink.
class MemoryAuditSink final : public http::AuditSink {
 public:
    struct Seen {
        std::string action;
        std::string subject_id;
        std::vector<http::AuditField> fields;
    };
    void record(storage::Tx&, const http::RequestFacts&,
                const std::vector<http::AuditFact>& facts) override {
        const std::lock_guard lock(mutex_);
        for (const http::AuditFact& fact : facts) {
            seen_.push_back({std::string(fact.action), fact.subject_id, fact.fields});
        }
    }
    void visit(TenantId, const http::RequestFacts&, Time, int, std::string_view) override {}
    std::vector<Seen> seen() const {
        const std::lock_guard lock(mutex_);
        return seen_;
    }

 private:
    mutable std::mutex mutex_;
    std::vector<Seen> seen_;
};

// Seeded, and shared by the lanes.
class LockedRandomness final : public Randomness {
 public:
    void fill(std::span<std::byte> out) override {
        const std::lock_guard lock(mutex_);
        seeded_.fill(out);
    }

 private:
    std::mutex mutex_;
    SeededRandomness seeded_{20261122};
};

inline constexpr std::int64_t kTestStartMs = 1'795'305'600'000;  // 2026-11-22T00:00:00Z

class TestWorld {
 public:
    // `parts` are the modules under test in order; events and http are added. Facts go to `audit`.
    explicit TestWorld(std::vector<storage::Part> parts,
                       std::vector<http::PermissionNode> permissions = {},
                       std::vector<settings::Setting> declared = {})
        : clock(Time(kTestStartMs)),
          log({observe::Level::error, folder.path() + "/log"}, clock),
          permissions_(std::move(permissions)),
          settings(std::move(declared)) {
        parts.insert(parts.begin(), {events::part(), http::part()});
        storage::Engine::Options options;
        options.folder = folder.path() + "/data";
        options.lanes = 4;
        options.redo_segment_bytes = std::size_t{256} << 10U;
        options.shards = shards_of_test(options.folder);
        options.new_tenants_on = options.shards.empty() ? "" : "one";
        engine = std::make_unique<storage::Engine>(options, std::move(parts), log, clock);
        const Result<void> started = engine->start();
        if (!started.ok()) {
            throw std::runtime_error(started.problem().code + ": " + started.problem().detail +
                                     " " + started.problem().note);
        }
        keys = std::make_unique<crypto::KeyRing>(Secret(std::string(32, 'k')), key_store, random);
        engine->set_key_ring(*keys);
        world.clock = &clock;
        world.randomness = &random;
        world.ids = &ids;
        world.log = &log;
        world.permissions = &permissions_;
        world.settings = &settings;
        world.audit = &audit;
        world.hub = &hub;
        const Result<void> loaded = settings.load("", {});
        HANGU_ASSERT(loaded.ok());
        tenant = make_tenant();
    }

    TenantId make_tenant() {
        const TenantId made(ids.next(clock.now().unix_ms()));
        keys->create(made);
        const Result<void> created = engine->create_tenant(made);
        HANGU_ASSERT(created.ok());
        return made;
    }

    http::Caller system() { return system_of(tenant); }
    http::Caller system_of(TenantId of) {
        return http::system_caller(of, "test", permissions_, 480);
    }

    // A caller of the test tenant with these permissions under these node paths.
    http::Caller staff(const std::vector<std::string>& codes, const std::vector<std::string>& paths,
                       std::int64_t id = 7) {
        http::Caller caller;
        caller.kind = http::ActorKind::staff;
        caller.tenant = tenant;
        caller.actor_id = id;
        caller.actor_name = "Tester";
        std::vector<storage::PathRange> places;
        for (const std::string& path : paths) {
            places.push_back(storage::subtree(path));
        }
        caller.rights = http::Rights::compile({{permissions_.set_of(codes), std::move(places)}});
        caller.places = paths;
        return caller;
    }

    // Runs a use case in its own transaction as the system (or as `caller`).
    template <class F>
    auto use_case(F&& body) {
        return http::run_use_case(*engine, world, system(), storage::Work::write, body);
    }
    template <class F>
    auto as(const http::Caller& caller, F&& body) {
        return http::run_use_case(*engine, world, caller, storage::Work::write, body);
    }
    // Work on the bare transaction.
    template <class F>
    auto tx(F&& body) {
        return engine->run(tenant, storage::Work::write, body);
    }

    TemporaryFolder folder;
    ManualClock clock;
    LockedRandomness random;
    IdSource ids{1};
    observe::Log log;
    observe::Metrics metrics;
    http::PermissionCatalogue permissions_;
    settings::Settings settings;
    MemoryKeyStore key_store;
    MemoryAuditSink audit;
    events::Hub hub;
    http::World world;
    std::unique_ptr<storage::Engine> engine;
    std::unique_ptr<crypto::KeyRing> keys;
    TenantId tenant;
};

}  // namespace hangu::testing
