#include "app/internal/file_house.hpp"

#include "commerce/catalogue/module.hpp"
#include "platform/egress/egress.hpp"

#include <filesystem>

namespace hangu::app {

namespace {

constexpr egress::Egress::Options kStoreEgress{4, 256, 4};

class KeysOfTenants final : public files::KeySource {
 public:
    KeysOfTenants(const tenant::Tenants& tenants, crypto::KeyRing& ring)
        : tenants_(tenants), ring_(ring) {}
    // Of a frozen tenant, too: its people are refused before they come here, and its links go on
    // until they are over.
    std::shared_ptr<crypto::TenantKeys> keys_of(TenantId tenant) override {
        return tenants_.find(tenant) ? ring_.open(tenant) : nullptr;
    }

 private:
    const tenant::Tenants& tenants_;
    crypto::KeyRing& ring_;
};

}  // namespace

FileHouse::FileHouse(House& house) : house_(house) {}

FileHouse::~FileHouse() {
    stop();
}

Result<void> FileHouse::open() {
    egress_ = std::make_unique<egress::Egress>(house_.settings, house_.log, house_.metrics,
                                               house_.clock, kStoreEgress);
    HANGU_TRY(store_, files::open_store(*house_.settings.snapshot(), house_.options.data, *egress_,
                                        house_.clock, house_.randomness));
    keys_ = std::make_unique<KeysOfTenants>(*house_.tenants, *house_.keys);
    files_ = std::make_unique<files::Files>(*store_, *keys_, house_.randomness, house_.log,
                                            house_.metrics, files::Files::Options{});
    return {};
}

void FileHouse::stop() {
    if (files_) {
        files_->stop();
    }
    if (egress_) {
        egress_->stop();
    }
}

void FileHouse::add_routes(http::Routes& routes) {
    files::add_routes(routes, {house_.engine.get(), &house_.clock, house_.gates.get(), keys_.get(),
                               files_.get()});
    catalogue::add_picture_routes(
        routes, {house_.engine.get(), &house_.world, house_.gates.get(), files_.get()});
}

void FileHouse::sweep() {
    const auto all = house_.own_tenants();
    if (all.empty()) {
        return;
    }
    const TenantId tenant = all[next_swept_++ % all.size()]->id;
    const Time before = house_.clock.now().plus_ms(-kDayMs);
    files_->run([this, tenant, before] {
        catalogue::sweep_pictures(*house_.engine, *files_, tenant, before);
    });
}

Result<std::string> look_at_files(const settings::Snapshot& settings, const std::string& data) {
    HANGU_CHECK(files::check_settings(settings));
    const std::string folder = files::folder_of(settings, data);
    if (!folder.empty() && !std::filesystem::exists(folder)) {
        return "folder " + folder + ", not there yet";  // whoever serves makes it
    }
    settings::Settings all(egress::settings());
    const runtime::SystemClock clock;
    crypto::SystemRandomness randomness;
    observe::Log log({observe::Level::error, "/dev/null"}, clock);
    observe::Metrics metrics;
    HANGU_CHECK(all.load("", {}));
    egress::Egress egress(all, log, metrics, clock, kStoreEgress);
    HANGU_TRY(const std::unique_ptr<files::ObjectStore> store,
              files::open_store(settings, data, egress, clock, randomness));
    return store->look();
}

}  // namespace hangu::app
