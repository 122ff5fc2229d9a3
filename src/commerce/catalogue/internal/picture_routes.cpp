// A product's picture is put into the files first and then, in one transaction, becomes the
// product's: whoever reads sees the old one or the new one. What the transaction leaves behind (the
// old one, or the new one if it failed) is removed after it. Putting waits for the store, so it
// stands outside of the transaction.
#include "commerce/catalogue/internal/catalogue_store.hpp"
#include "commerce/catalogue/internal/picture_rules.hpp"
#include "commerce/catalogue/module.hpp"
#include "platform/files/links.hpp"
#include "platform/http/waiting.hpp"
#include "platform/runtime/await.hpp"

namespace hangu::catalogue {

struct SetPicture {
    ProductId product_id;
    Text<1, kPictureTextMax> content;  // base64url
    Number<1, INT64_MAX> version;
};
HANGU_STRUCT(SetPicture, product_id, content, version)

struct RemovePicture {
    ProductId product_id;
    Number<1, INT64_MAX> version;
};
HANGU_STRUCT(RemovePicture, product_id, version)

struct PicturesAsked {
    Text<1, 14 * kPicturesAskedMax> product_ids;
};
HANGU_STRUCT(PicturesAsked, product_ids)

struct PictureLink {
    ProductId product_id;
    std::string picture;
    std::string url;  // of this server; good for one to two hours
};
HANGU_STRUCT(PictureLink, product_id, picture, url)

struct PictureLinks {
    std::vector<PictureLink> items;
};
HANGU_STRUCT(PictureLinks, items)

struct ProductPicture {
    ProductId product_id;
    std::optional<std::string> picture;
    std::int64_t version = 0;
};
HANGU_STRUCT(ProductPicture, product_id, picture, version)

namespace {

using http::PathParameters;
using http::Request;
using http::Response;
using Services = std::shared_ptr<const PictureServices>;

// Nobody waits for it: what stays behind is found by its name (sweep of pictures).
void remove_soon(files::Files& files, TenantId tenant, const std::optional<std::string>& file) {
    if (file) {
        files.run([&files, tenant, name = *file] {
            static_cast<void>(files.remove({tenant, name}));
        });
    }
}

Result<ProductRow> product_to_change(http::Scope& scope, ProductId id, std::int64_t version) {
    HANGU_CHECK(scope.authorize(kMayEdit));
    const std::optional<ProductRow> row = CatalogueStore(scope.tx()).find_product(id);
    if (!row) {
        return Problem::not_found("product.not_found");
    }
    return row->version == version ? Result<ProductRow>(*row)
                                   : Result<ProductRow>(Problem::conflict("product.stale"));
}

// The product's picture is this one from now on, or none; answers the row as it was.
Result<ProductRow> change_picture(http::Scope& scope, ProductId id, std::int64_t version,
                                  std::optional<std::string> image_url) {
    HANGU_TRY(const ProductRow before, product_to_change(scope, id, version));
    ProductRow row = before;
    row.image_url = std::move(image_url);
    row.version = version + 1;
    if (!CatalogueStore(scope.tx()).save(row, version)) {
        return Problem::conflict("product.stale");
    }
    scope.audit({row.image_url ? "product.picture_set" : "product.picture_removed",
                 "product",
                 id.text(),
                 row.code,
                 {{"picture", picture_in(before.image_url).value_or(""),
                   picture_in(row.image_url).value_or("")}},
                 ""});
    return before;
}

// On a thread of files.
Task<Result<bool>> put_picture(Services services, files::FileRef file, GivenPicture picture) {
    const auto held = std::make_shared<const GivenPicture>(std::move(picture));
    std::function<void(std::function<void(Result<bool>)>)> start =
        [services, file, held](std::function<void(Result<bool>)> answer) {
            const bool taken = services->files->run([services, file, held, answer] {
                files::TextSource source(held->bytes);
                const Result<void> put = services->files->put(file, held->content_type, source);
                answer(put.ok() ? Result<bool>(true) : Result<bool>(put.problem()));
            });
            if (!taken) {
                answer(Problem::unavailable("server.busy"));
            }
        };
    Result<bool> done = co_await runtime::from_callback<Result<bool>>(std::move(start));
    co_return done;
}

http::Origin origin_of(const Request& request) {
    http::Origin origin;
    origin.route = "product.set_picture";
    origin.address = request.remote_address;
    origin.trace = request.trace.trace;
    return origin;
}

Task<Result<Response>> set_picture(Services services, Request request, PathParameters path) {
    HANGU_CO_TRY(const SetPicture input, http::detail::read_input<SetPicture>(request, path));
    HANGU_CO_TRY(GivenPicture picture, read_picture(input.content));
    std::optional<http::Credential> credential = services->gate->credential(request);
    HANGU_ASSERT(credential.has_value());  // the pipeline has recognised who asks
    Result<http::CallerPointer> found = co_await http::recognised(
        services->engine, services->world->clock, services->gate, *std::move(credential));
    HANGU_CO_TRY(const http::CallerPointer caller, std::move(found));
    // May she, and is it this product, as she saw it? Before anything is stored.
    std::function<Result<bool>(http::Scope&)> look = [input](http::Scope& scope) -> Result<bool> {
        HANGU_TRY(const ProductRow row, product_to_change(scope, input.product_id, input.version));
        return row.id.is_set();
    };
    http::Origin looking = origin_of(request);
    Result<bool> looked = co_await http::run_scope<bool>(services->engine, services->world, *caller,
                                                         std::move(looking), std::move(look));
    HANGU_CO_CHECK(std::move(looked));
    const PictureId id(services->world->ids->next(services->world->clock->now().unix_ms()));
    files::FileRef file;
    file.tenant = caller->tenant;
    file.name = picture_file(input.product_id, id);
    Result<bool> put = co_await put_picture(services, file, std::move(picture));
    HANGU_CO_CHECK(std::move(put));
    std::function<Result<ProductRow>(http::Scope&)> change = [input, file](http::Scope& scope) {
        return change_picture(scope, input.product_id, input.version, picture_url(file.name));
    };
    http::Origin changing = origin_of(request);
    Result<ProductRow> changed = co_await http::run_scope<ProductRow>(
        services->engine, services->world, *caller, std::move(changing), std::move(change));
    remove_soon(*services->files, caller->tenant,
                changed.ok() ? file_in(changed->image_url) : std::optional(file.name));
    HANGU_CO_TRY(const ProductRow before, std::move(changed));
    ProductPicture now;
    now.product_id = before.id;
    now.picture = id.text();
    now.version = before.version + 1;
    co_return http::json_response(200, json::to_text(now));
}

Result<ProductPicture> remove_picture(const PictureServices& services, http::Scope& scope,
                                      const RemovePicture& input) {
    HANGU_TRY(const ProductRow before,
              change_picture(scope, input.product_id, input.version, std::nullopt));
    scope.after_commit([files = services.files, tenant = scope.tenant(),
                        file = file_in(before.image_url)] { remove_soon(*files, tenant, file); });
    return ProductPicture{before.id, std::nullopt, before.version + 1};
}

// Apart from the lists of products: an answer with links is good for an hour, one without them for
// as long as nothing changes.
Result<PictureLinks> links_of_pictures(http::Scope& scope, const PicturesAsked& input) {
    HANGU_CHECK(scope.authorize(kMayView));
    HANGU_TRY(const std::vector<ProductId> ids, read_product_ids(input.product_ids));
    CatalogueStore catalogue(scope.tx());
    PictureLinks links;
    files::LinkTerms terms;
    terms.until = files::link_until(scope.now());
    terms.disposition = files::Disposition::shown;
    for (const ProductId id : ids) {
        const std::optional<ProductRow> row = catalogue.find_product(id);
        const std::optional<std::string> file = row ? file_in(row->image_url) : std::nullopt;
        if (file) {
            terms.file = {scope.tenant(), *file};
            links.items.push_back(
                {id, *picture_in(row->image_url), files::make_link(scope.tx().keys(), terms)});
        }
    }
    return links;
}

}  // namespace

void add_picture_routes(http::Routes& routes, PictureServices services) {
    const auto held = std::make_shared<const PictureServices>(services);
    routes.add_waiting<ProductPicture, SetPicture>(
        {.name = "product.set_picture",
         .method = "PUT",
         .path = "/api/v1/products/{product_id}/picture",
         .permission = kMayEdit,
         .guard = http::Guard::tenant,
         .per_minute_max = 60,
         .body_bytes_max = kPictureTextMax + 4096,
         .summary = "Give a product a picture: PNG, JPEG or WebP of at most 1 MB, as base64url",
         .tag = "products"},
        [held](Request request, PathParameters path) {
            return set_picture(held, std::move(request), std::move(path));
        });
    routes.add_with<ProductPicture, RemovePicture>(
        {.name = "product.remove_picture",
         .method = "DELETE",
         .path = "/api/v1/products/{product_id}/picture",
         .permission = kMayEdit,
         .guard = http::Guard::tenant,
         .summary = "Take a product's picture away",
         .tag = "products"},
        [held](http::Scope& scope, const RemovePicture& input) {
            return remove_picture(*held, scope, input);
        });
    routes.add_with<PictureLinks, PicturesAsked>(
        {.name = "product.pictures",
         .method = "GET",
         .path = "/api/v1/product-pictures",
         .permission = kMayView,
         .guard = http::Guard::tenant,
         .realms = http::Realm::merchant | http::Realm::application,
         .work = http::Work::read,
         .summary = "Links to the pictures of these products, for an hour or two",
         .tag = "products"},
        [](http::Scope& scope, const PicturesAsked& input) {
            return links_of_pictures(scope, input);
        });
}

}  // namespace hangu::catalogue
