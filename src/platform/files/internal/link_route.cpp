// GET /files/{link}. Public: the link is the right. Waits for the store on a thread of files.
#include "platform/crypto/crypto.hpp"
#include "platform/files/internal/content_rules.hpp"
#include "platform/files/links.hpp"
#include "platform/http/waiting.hpp"
#include "platform/runtime/await.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::files {

namespace {

using http::PathParameters;
using http::Request;
using http::Response;

constexpr std::size_t kWholeBytesMax = std::size_t{4} << 20U;  // larger ones are sent in pieces
constexpr std::size_t kPieceBytes = std::size_t{256} << 10U;
constexpr std::size_t kFirstBytes = std::size_t{64} << 10U;  // enough to know a picture by

// A large file, a piece at a time: each is read and opened when the one before has been sent. If
// one does not open, the connection breaks, so that nobody takes half for the whole.
class FileStream final : public http::Stream {
 public:
    FileStream(Files* files, std::shared_ptr<OpenedFile> file)
        : files_(files), file_(std::move(file)) {}

    Task<std::string> next() override {
        const std::int64_t from = at_;
        if (from >= file_->info().bytes) {
            co_return std::string();
        }
        // The work holds the file, not the stream: a client may go away meanwhile.
        std::function<void(std::function<void(std::string)>)> start =
            [files = files_, file = file_, from](std::function<void(std::string)> answer) {
                files->run([file, from, answer] {
                    Result<std::string> piece = file->read(from, kPieceBytes);
                    if (piece.ok()) {
                        answer(*std::move(piece));
                    }
                });
            };
        std::string piece = co_await runtime::from_callback<std::string>(std::move(start));
        at_ += static_cast<std::int64_t>(piece.size());
        co_return piece;
    }
    void stop() override {}  // next() waits for a read alone, and that ends by itself

 private:
    Files* files_;
    std::shared_ptr<OpenedFile> file_;
    std::int64_t at_ = 0;
};

std::string shown_name_of(const LinkTerms& terms) {
    const std::string& name = terms.file.name;
    return terms.shown_name.empty() ? name.substr(name.rfind('/') + 1) : terms.shown_name;
}

void set_headers(Response& response, const LinkTerms& terms, const FileInfo& info,
                 std::string_view first_bytes, Time now) {
    const bool shown =
        terms.disposition == Disposition::shown && may_be_shown(info.content_type, first_bytes);
    const std::int64_t seconds = (terms.until.unix_ms() - now.unix_ms()) / kSecondMs;
    response.set("content-type", handed_type(info.content_type));
    response.set("content-disposition", content_disposition(shown, shown_name_of(terms)));
    // Whoever has the link may keep what it gave, for as long as it gives it.
    response.set("cache-control",
                 fmt::format("private, max-age={}", std::max<std::int64_t>(0, seconds)));
}

Result<Response> hand_out(const LinkServices& services, const LinkClaim& claim,
                          const std::string& bound_to) {
    const LinkTerms& terms = claim.terms;
    const std::shared_ptr<crypto::TenantKeys> keys = services.keys->keys_of(terms.file.tenant);
    if (!keys || !is_signed(*keys, claim, bound_to)) {
        return Problem::not_found("files.not_found");
    }
    const Time now = services.clock->now();
    if (now >= terms.until) {
        return Problem::forbidden("files.link_over");
    }
    HANGU_TRY(std::shared_ptr<OpenedFile> file, services.files->open(terms.file));
    const bool whole = file->info().bytes <= static_cast<std::int64_t>(kWholeBytesMax);
    HANGU_TRY(std::string bytes, file->read(0, whole ? kWholeBytesMax : kFirstBytes));
    Response response;
    set_headers(response, terms, file->info(), bytes, now);
    if (whole) {
        http::FileBody body;
        body.etag = fmt::format("\"{}\"", to_hex(crypto::sha256(bytes).view()).substr(0, 32));
        body.content = std::make_shared<const std::string>(std::move(bytes));
        response.body = std::move(body);
    } else {
        response.body = std::static_pointer_cast<http::Stream>(
            std::make_shared<FileStream>(services.files, std::move(file)));
    }
    return response;
}

Task<Result<Response>> take(std::shared_ptr<const LinkServices> services, Request request,
                            PathParameters path) {
    std::optional<LinkClaim> claim = path.empty() ? std::nullopt : read_link(path.front().second);
    if (!claim) {
        co_return Problem::not_found("files.not_found");
    }
    std::string bound_to;
    if (claim->is_bound) {
        std::optional<http::Credential> credential = services->gate->credential(request);
        if (!credential) {
            co_return Problem::unauthenticated("session.required");
        }
        Result<http::CallerPointer> found = co_await http::recognised(
            services->engine, services->clock, services->gate, *std::move(credential));
        HANGU_CO_TRY(const http::CallerPointer caller, std::move(found));
        bound_to = binding_of(*caller);
    }
    std::function<void(std::function<void(Result<Response>)>)> start =
        [services, claim = *std::move(claim),
         bound_to](std::function<void(Result<Response>)> answer) {
            const bool taken = services->files->run([services, claim, bound_to, answer] {
                answer(hand_out(*services, claim, bound_to));
            });
            if (!taken) {
                answer(Problem::unavailable("server.busy"));
            }
        };
    Result<Response> answered = co_await runtime::from_callback<Result<Response>>(std::move(start));
    co_return answered;
}

}  // namespace

void add_routes(http::Routes& routes, LinkServices services) {
    http::RouteEntry entry;
    entry.route = {.name = "file.take",
                   .method = "GET",
                   .path = "/files/{link}",
                   .guard = http::Guard::open,
                   .work = http::Work::read,
                   .summary = "The file that a signed link is for",
                   .tag = "files",
                   .hidden = true};
    const auto held = std::make_shared<const LinkServices>(services);
    entry.handle_waiting = [held](Request request, PathParameters path) {
        return take(held, std::move(request), std::move(path));
    };
    routes.add_entry(std::move(entry));
}

}  // namespace hangu::files
