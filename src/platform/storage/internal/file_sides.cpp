// A tenant's file as the place that a move leaves or reaches.
#include "platform/storage/internal/data_folder.hpp"
#include "platform/storage/internal/file_ear.hpp"
#include "platform/storage/internal/move_sides.hpp"
#include "platform/storage/internal/redo_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <filesystem>

namespace hangu::storage {

namespace {

namespace fs = std::filesystem;

class FileChanges final : public ChangeLog {
 public:
    FileChanges(const FileHands& hands, TenantId tenant, std::span<const TableShape> shapes)
        : hands_(hands), tenant_(tenant), ear_(std::make_shared<FileEar>(shapes)) {}
    ~FileChanges() override {
        hands_.world.watched.remove(tenant_);
        ear_->stop();  // the lane's connection keeps it until it is closed
    }
    FileChanges(const FileChanges&) = delete;
    FileChanges& operator=(const FileChanges&) = delete;

    // A connection is opened with its watch, so the one that there is has to go.
    void begin() override {
        hands_.world.watched.add(tenant_, ear_);
        hands_.close(tenant_);
    }
    Changed take() override { return ear_->take(); }

 private:
    const FileHands& hands_;
    TenantId tenant_;
    std::shared_ptr<FileEar> ear_;
};

void remove_file(const std::string& path) {
    fs::remove(path);
    fs::remove(path + "-wal");
    sync_folder(fs::path(path).parent_path().string());
}

class FileSource final : public MoveSource {
 public:
    FileSource(FileHands hands, TenantId tenant, std::span<const TableShape> shapes)
        : hands_(std::move(hands)),
          tenant_(tenant),
          path_(tenant_path(hands_.world.tenants_folder, tenant)),
          changes_(hands_, tenant, shapes) {}

    RawRows& rows() override {
        if (!rows_) {
            hands_.touch(tenant_);  // migrated by its owner
            Connection::Options options;
            options.path = path_;
            options.reports = true;
            options.cache_kib = 8192;
            connection_ = std::make_unique<Connection>(options);
            rows_ = std::make_unique<RawRows>(*connection_, RawRows::Dialect::embedded, tenant_);
        }
        return *rows_;
    }
    void rest() override {}
    ChangeLog& changes() override { return changes_; }
    void end_changes() override { hands_.world.watched.remove(tenant_); }
    // The lanes of this process are the only ones that could open it, and they hold the tenant's
    // work.
    std::int64_t seal() override { return hands_.close(tenant_); }
    void unseal() override {}
    void clean() override {
        rows_.reset();
        connection_.reset();
        if (fs::exists(path_)) {
            hands_.world.redo->forget(tenant_);
            remove_file(path_);
        }
    }

 private:
    FileHands hands_;
    TenantId tenant_;
    std::string path_;
    FileChanges changes_;
    std::unique_ptr<Connection> connection_;
    std::unique_ptr<RawRows> rows_;
};

class FileTarget final : public MoveTarget {
 public:
    FileTarget(const LaneWorld& world, std::string template_path, TenantId tenant)
        : world_(world),
          template_path_(std::move(template_path)),
          tenant_(tenant),
          path_(tenant_path(world.tenants_folder, tenant)),
          arriving_(path_ + ".arriving") {}

    void prepare() override {
        if (!fs::exists(arriving_)) {
            copy_into_place(template_path_, arriving_);
        }
        Connection::Options options;
        options.path = arriving_;
        options.cache_kib = 16384;
        connection_ = std::make_unique<Connection>(options);
        connection_->execute("pragma synchronous=off");  // settle() syncs
        const Result<bool> migrated = migrate(*connection_, world_.steps, world_.clock->now());
        if (!migrated.ok()) {
            throw StorageFault(migrated.problem().code);
        }
        rows_ = std::make_unique<RawRows>(*connection_, RawRows::Dialect::embedded, tenant_);
    }
    RawRows& rows() override { return *rows_; }
    void rest() override {}
    void begin() override {
        if (!connection_->in_transaction()) {
            connection_->begin_write();
        }
    }
    void commit() override {
        if (connection_->in_transaction()) {
            connection_->commit();
        }
    }
    void settle() override {
        connection_->checkpoint(true);
        RawFile(arriving_, O_RDONLY).sync_data();
    }
    void open(std::int64_t, std::int64_t commit_number) override {
        connection_->execute(
            fmt::format("update storage_meta set commit_number = {} where id = 1", commit_number));
        connection_->checkpoint(true);
        rows_.reset();
        connection_.reset();
        RawFile(arriving_, O_RDONLY).sync_data();
        fs::remove(arriving_ + "-wal");
        fs::rename(arriving_, path_);
        sync_folder(fs::path(path_).parent_path().string());
    }
    void withdraw(std::int64_t) override {
        rows_.reset();
        connection_.reset();
        if (fs::exists(path_)) {
            fs::rename(path_, arriving_);
            sync_folder(fs::path(path_).parent_path().string());
        }
    }
    void clean() override {
        rows_.reset();
        connection_.reset();
        remove_file(arriving_);
    }

 private:
    const LaneWorld& world_;
    std::string template_path_;
    TenantId tenant_;
    std::string path_;
    std::string arriving_;
    std::unique_ptr<Connection> connection_;
    std::unique_ptr<RawRows> rows_;
};

}  // namespace

std::unique_ptr<MoveSource> source_in_file(FileHands hands, TenantId tenant,
                                           std::span<const TableShape> shapes) {
    return std::make_unique<FileSource>(std::move(hands), tenant, shapes);
}

std::unique_ptr<MoveTarget> target_in_file(const LaneWorld& world, const std::string& template_path,
                                           TenantId tenant) {
    return std::make_unique<FileTarget>(world, template_path, tenant);
}

}  // namespace hangu::storage
