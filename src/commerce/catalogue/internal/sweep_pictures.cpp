// Pictures that were put and never became a product's, or were and could not be removed.
#include "commerce/catalogue/internal/catalogue_store.hpp"
#include "commerce/catalogue/internal/picture_rules.hpp"
#include "commerce/catalogue/module.hpp"

#include "base/text.hpp"

namespace hangu::catalogue {

namespace {

constexpr std::int64_t kPageCount = 500;
constexpr int kPagesMax = 200;  // of one turn: 100,000 pictures

// Whose it would be; nullopt: it is none of ours, or too young to be judged.
std::optional<ProductId> product_of(const std::string& file, Time before) {
    const std::vector<std::string_view> parts = split(file, '/');
    if (parts.size() != 3) {
        return std::nullopt;
    }
    const std::optional<PictureId> picture = PictureId::parse(parts[2]);
    const bool old = picture && picture->value() < IdSource::floor_at(before.unix_ms());
    return old ? ProductId::parse(parts[1]) : std::nullopt;
}

std::vector<std::string> nobodys(storage::Tx& tx, const files::Listing& page, Time before) {
    CatalogueStore catalogue(tx);
    std::vector<std::string> files;
    for (const files::ObjectInfo& object : page.objects) {
        const std::optional<ProductId> product = product_of(object.name, before);
        if (!product) {
            continue;
        }
        const std::optional<ProductRow> row = catalogue.find_product(*product);
        if (!row || file_in(row->image_url) != object.name) {
            files.push_back(object.name);
        }
    }
    return files;
}

}  // namespace

// Listed before the products are asked: a picture that is put meanwhile is younger than `before`.
void sweep_pictures(storage::Engine& engine, files::Files& files, TenantId tenant, Time before) {
    std::string after;
    bool more = true;
    for (int pages = 0; more && pages < kPagesMax; ++pages) {
        const Result<files::Listing> page =
            files.list(tenant, std::string(kPictureFolder), after, kPageCount);
        if (!page.ok() || page->objects.empty()) {
            return;
        }
        const auto judge = [&](storage::Tx& tx) -> Result<std::vector<std::string>> {
            return nobodys(tx, *page, before);
        };
        const Result<std::vector<std::string>> left =
            engine.run(tenant, storage::Work::report, judge);
        if (!left.ok()) {
            return;
        }
        for (const std::string& file : *left) {
            static_cast<void>(files.remove({tenant, file}));
        }
        after = page->objects.back().name;
        more = page->more;
    }
}

}  // namespace hangu::catalogue
