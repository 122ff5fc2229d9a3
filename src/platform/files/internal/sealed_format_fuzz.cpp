// The reader of sealed objects before arbitrary bytes: it says damaged or gives exactly what was
// put, never anything else; and so do links, pictures and the answers of an S3 server.
#include "base/text.hpp"
#include "platform/files/files.hpp"
#include "platform/files/internal/memory_store.hpp"
#include "platform/files/internal/s3_answers.hpp"
#include "platform/files/internal/sealed_format.hpp"
#include "platform/files/links.hpp"
#include "platform/files/picture.hpp"
#include "platform/runtime/runtime.hpp"

#include <cstdlib>
#include <map>

namespace {

using namespace hangu;
using namespace hangu::files;

constexpr TenantId kTenant{101};

class Keys final : public KeySource, public crypto::KeyStore {
 public:
    std::vector<crypto::WrappedKey> load(TenantId tenant) override { return kept_[tenant.value()]; }
    void save(TenantId tenant, const std::vector<crypto::WrappedKey>& keys) override {
        kept_[tenant.value()] = keys;
    }
    std::shared_ptr<crypto::TenantKeys> keys_of(TenantId) override { return keys_; }
    crypto::TenantKeys& keys() { return *keys_; }

 private:
    std::map<std::int64_t, std::vector<crypto::WrappedKey>> kept_;
    SeededRandomness randomness_{1};
    crypto::KeyRing ring_{Secret(std::string(32, 'r')), *this, randomness_};
    std::shared_ptr<crypto::TenantKeys> keys_ = ring_.create(kTenant);
};

struct World {
    World() {
        TextSource source(plain);
        const Result<void> put = files.put({kTenant, "f"}, "image/png", source);
        HANGU_ASSERT(put.ok());
        genuine = store.objects.begin()->second;
    }
    // What reading says of an object of those bytes: nothing but the truth.
    void check(std::string bytes) {
        const bool same = bytes == genuine;
        store.objects.begin()->second = std::move(bytes);
        const Result<std::string> read = files.read_whole({kTenant, "f"}, 1'000'000);
        // What stands behind the end is nobody's and is not read.
        const bool longer = store.objects.begin()->second.starts_with(genuine);
        if (read.ok() ? read.value() != plain || !longer : same) {
            std::abort();
        }
    }

    const std::string plain = std::string(70'000, 'p') + "end";
    MemoryStore store;
    Keys keys;
    runtime::SystemClock clock;
    SeededRandomness randomness{2};
    observe::Log log{{observe::Level::error, "/dev/null"}, clock};
    observe::Metrics metrics;
    Files files{store, keys, randomness, log, metrics, {1, 1}};
    std::string genuine;
};

World& world() {
    static World made;
    return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    world().check(std::string(input));
    // The first two bytes say where the others are laid over a genuine one.
    if (size > 2) {
        std::string changed = world().genuine;
        const std::size_t at = (static_cast<std::size_t>(data[0]) << 8U | data[1]) % changed.size();
        for (std::size_t i = 2; i < size && at + i - 2 < changed.size(); ++i) {
            changed[at + i - 2] = static_cast<char>(changed[at + i - 2] ^ input[i]);
        }
        world().check(std::move(changed));
        world().check(world().genuine.substr(0, at));
    }
    if (const auto claim = read_link(input); claim && is_signed(world().keys.keys(), *claim, "")) {
        std::abort();
    }
    const std::optional<Picture> picture = picture_of(input);
    if (picture && (picture->width > kPicturePixelsMax || picture->height > kPicturePixelsMax)) {
        std::abort();
    }
    if (const auto listing = read_listing(input)) {
        for (const ObjectInfo& object : listing->objects) {
            if (!is_object_name(object.name) || object.bytes < 0) {
                std::abort();
            }
        }
    }
    static_cast<void>(element_text(input, "Code"));
    return 0;
}
