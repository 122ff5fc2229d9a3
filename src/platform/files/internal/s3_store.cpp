// Objects on a server that speaks S3. Requests leave by egress and are signed there (SigV4, with
// the digest of every body in the signature). What is up to a part's size goes up in one request,
// larger objects in parts; either way the server shows the object whole or not at all.
#include "base/text.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/files/internal/problems.hpp"
#include "platform/files/internal/s3_answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>

namespace hangu::files {

namespace {

constexpr std::size_t kAnswerBytesMax = std::size_t{2} << 20U;  // of what is no object
constexpr std::size_t kPartsCountMax = 10'000;                  // S3's own limit

bool is_worth_another(const egress::Answer& answer) {
    if (!answer.answered()) {
        return answer.problem == "egress.timed_out" || answer.problem == "egress.unreachable" ||
               answer.problem == "egress.busy";
    }
    return answer.status >= 500 || answer.status == 429 || answer.status == 408;
}

bool is_good(const egress::Answer& answer) {
    return answer.answered() && answer.status >= 200 && answer.status < 300;
}

Problem problem_of(std::string_view what, const egress::Answer& answer) {
    if (!answer.answered()) {
        return unavailable(fmt::format("{}: {}: {}", what, answer.problem, answer.detail));
    }
    const std::string code = element_text(answer.body, "Code");
    if (answer.status == 404 && code != "NoSuchBucket") {
        return not_found();
    }
    return unavailable(fmt::format("{}: the object store answers {} {}", what, answer.status,
                                   code.empty() ? "without a reason" : code));
}

// "bytes 5-9/12345" is of an object of 12,345 bytes; -1: it does not say.
std::int64_t first_of_range(std::string_view header) {
    std::int64_t first = -1;
    if (header.starts_with("bytes ")) {
        header.remove_prefix(6);
        static_cast<void>(std::from_chars(header.data(), header.data() + header.size(), first));
    }
    return first;
}

std::int64_t length_of(std::string_view text) {
    std::int64_t value = -1;
    static_cast<void>(std::from_chars(text.data(), text.data() + text.size(), value));
    return value;
}

class S3Store final : public ObjectStore {
 public:
    S3Store(egress::Egress& egress, egress::OwnEndpoint own, std::string origin, S3Options options)
        : egress_(egress),
          own_(std::move(own)),
          origin_(std::move(origin)),
          options_(std::move(options)) {}

    Result<void> put(const std::string& name, Source& source) override {
        HANGU_CHECK(check_put(name, source));
        const std::int64_t bytes = source.bytes();
        if (bytes > static_cast<std::int64_t>(options_.part_bytes)) {
            return put_in_parts(name, source);
        }
        HANGU_TRY(std::string body, whole(source, static_cast<std::size_t>(bytes)));
        const egress::Answer answer = ask("PUT", path_of(name), std::move(body), {});
        return is_good(answer) ? Result<void>() : Result<void>(problem_of("put", answer));
    }

    Result<std::string> get(const std::string& name, std::int64_t from,
                            std::size_t bytes) override {
        HANGU_CHECK(check_get(name, from, bytes));
        const std::int64_t last = from + static_cast<std::int64_t>(bytes) - 1;
        egress::Answer answer = ask("GET", path_of(name), "",
                                    {{"Range", fmt::format("bytes={}-{}", from, last)}}, bytes);
        if (answer.status == 416) {
            return std::string();  // it ends before
        }
        // A server that knows no ranges would hand the whole object out as if it were the part.
        const bool fits =
            is_good(answer) && (answer.status == 206 || from == 0) && answer.body.size() <= bytes;
        if (fits && answer.status == 206 &&
            first_of_range(answer.header("content-range")) != from) {
            return unavailable("get: the object store answers another range");
        }
        return fits ? Result<std::string>(std::move(answer.body))
                    : Result<std::string>(problem_of("get", answer));
    }

    Result<ObjectInfo> head(const std::string& name) override {
        HANGU_CHECK(check_name(name));
        const egress::Answer answer = ask("HEAD", path_of(name), "", {});
        if (!is_good(answer)) {
            return problem_of("head", answer);
        }
        const std::int64_t bytes = length_of(answer.header("content-length"));
        return bytes >= 0 ? Result<ObjectInfo>(ObjectInfo{name, bytes})
                          : Result<ObjectInfo>(unavailable("head: no length"));
    }

    Result<void> remove(const std::string& name) override {
        HANGU_CHECK(check_name(name));
        const egress::Answer answer = ask("DELETE", path_of(name), "", {});
        if (is_good(answer) || problem_of("", answer).code == "files.not_found") {
            return {};
        }
        return problem_of("remove", answer);
    }

    Result<Listing> list(const std::string& prefix, const std::string& after,
                         std::int64_t count) override {
        HANGU_CHECK(check_list(prefix, after, count));
        // Sorted by name, as the signature wants it.
        const std::string query =
            fmt::format("?list-type=2&max-keys={}&prefix={}{}", count, encode_query(prefix),
                        after.empty() ? "" : "&start-after=" + encode_query(after));
        const egress::Answer answer = ask("GET", bucket_path() + query, "", {}, kAnswerBytesMax);
        const std::optional<Listing> listing =
            is_good(answer) ? read_listing(answer.body) : std::nullopt;
        if (!listing) {
            Problem problem = problem_of("list", answer);
            return problem.code == "files.not_found" ? unavailable("list: no such bucket")
                                                     : std::move(problem);
        }
        return *listing;
    }

    Result<std::string> look() override {
        HANGU_TRY(const Listing listing, list("", "", 1));
        static_cast<void>(listing);
        return fmt::format("bucket {} at {}", options_.bucket, origin_);
    }

 private:
    std::string bucket_path() const { return options_.virtual_host ? "/" : "/" + options_.bucket; }
    std::string path_of(const std::string& name) const {
        return options_.virtual_host ? "/" + name : fmt::format("/{}/{}", options_.bucket, name);
    }

    static Result<std::string> whole(Source& source, std::size_t bytes) {
        std::string body;
        while (body.size() < bytes) {
            HANGU_TRY(const std::string part, source.next(bytes - body.size()));
            if (part.empty()) {
                return unavailable("the source ended early");
            }
            body += part;
        }
        return body;
    }

    egress::HttpRequest request_of(std::string method, const std::string& target, std::string body,
                                   std::vector<egress::Header> headers,
                                   std::size_t answer_bytes_max) {
        egress::HttpRequest request;
        request.method = std::move(method);
        request.url = origin_ + target;
        request.headers = std::move(headers);
        request.headers.push_back({"x-amz-content-sha256", to_hex(crypto::sha256(body).view())});
        request.headers.push_back({"Content-Type", "application/octet-stream"});
        request.body = std::move(body);
        request.signing = egress::Signing{options_.region, "s3", options_.key_id, options_.key};
        request.own = own_;
        // A refusal comes as a document, also where an object of a few bytes was asked for.
        request.answer_bytes_max = std::max(answer_bytes_max, std::size_t{65'536});
        request.total_ms_max = options_.request_ms_max;
        return request;
    }

    // Asked again when nobody was there, it took too long, or the server has a moment of weakness:
    // for what comes to the same when it is done twice.
    egress::Answer ask(std::string method, const std::string& target, std::string body,
                       std::vector<egress::Header> headers,
                       std::size_t answer_bytes_max = kAnswerBytesMax) {
        const egress::HttpRequest request = request_of(std::move(method), target, std::move(body),
                                                       std::move(headers), answer_bytes_max);
        egress::Answer answer = ask_once(request);
        std::int64_t pause_ms = options_.first_pause_ms;
        for (int attempt = 1; attempt < options_.attempts_max && is_worth_another(answer);
             ++attempt) {
            pause(pause_ms);
            pause_ms *= 2;
            answer = ask_once(request);
        }
        return answer;
    }

    egress::Answer ask_once(egress::HttpRequest request) {
        std::promise<egress::Answer> promise;
        std::future<egress::Answer> answered = promise.get_future();
        egress_.send(std::move(request),
                     [&promise](egress::Answer answer) { promise.set_value(std::move(answer)); });
        return answered.get();
    }

    static void pause(std::int64_t ms) {
        std::mutex mutex;
        std::condition_variable never;
        std::unique_lock lock(mutex);
        never.wait_for(lock, std::chrono::milliseconds(ms), [] { return false; });
    }

    // Parts of an upload that is not finished are nobody's; one that fails is given up, and what
    // even that does not reach a rule of the bucket should remove (docs/operations/files.md).
    Result<void> put_in_parts(const std::string& name, Source& source) {
        const egress::Answer begun = ask("POST", path_of(name) + "?uploads=", "", {});
        const std::string id = is_good(begun) ? element_text(begun.body, "UploadId") : "";
        if (id.empty()) {
            return problem_of("begin an upload", begun);
        }
        const std::string upload = "uploadId=" + encode_query(id);
        Result<void> done = send_parts(name, upload, source);
        if (!done.ok()) {
            ask("DELETE", path_of(name) + "?" + upload, "", {});
        }
        return done;
    }

    // At most kPartsCountMax of them: larger ones if need be.
    std::size_t part_bytes_of(std::int64_t bytes) const {
        const auto all = static_cast<std::size_t>(bytes);
        return std::max(options_.part_bytes, (all + kPartsCountMax - 1) / kPartsCountMax);
    }

    Result<void> send_parts(const std::string& name, const std::string& upload, Source& source) {
        const std::size_t part_bytes = part_bytes_of(source.bytes());
        auto left = static_cast<std::size_t>(source.bytes());
        std::string list;
        for (int number = 1; left > 0; ++number) {
            const std::size_t bytes = std::min(left, part_bytes);
            HANGU_TRY(std::string body, whole(source, bytes));
            const egress::Answer answer =
                ask("PUT", fmt::format("{}?partNumber={}&{}", path_of(name), number, upload),
                    std::move(body), {});
            const std::string tag(trimmed(answer.header("etag")));
            if (!is_good(answer) || tag.find_first_of("<&>") != std::string::npos) {
                return problem_of("put a part", answer);
            }
            list +=
                fmt::format("<Part><PartNumber>{}</PartNumber><ETag>{}</ETag></Part>", number, tag);
            left -= bytes;
        }
        // Once: if the answer is lost, a second one would say that there is no such upload, and
        // nobody could tell why. Whoever puts begins anew.
        const egress::Answer ended =
            ask_once(request_of("POST", path_of(name) + "?" + upload,
                                "<CompleteMultipartUpload>" + list + "</CompleteMultipartUpload>",
                                {}, kAnswerBytesMax));
        // A server may have begun its answer with 200 before it found that it could not.
        const bool complete =
            is_good(ended) && ended.body.find("CompleteMultipartUploadResult") != std::string::npos;
        return complete ? Result<void>() : Result<void>(problem_of("end an upload", ended));
    }

    egress::Egress& egress_;
    const egress::OwnEndpoint own_;
    const std::string origin_;
    const S3Options options_;
};

bool is_bucket(std::string_view name) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    };
    return name.size() >= 3 && name.size() <= 63 && std::all_of(name.begin(), name.end(), fits) &&
           name.front() != '.' && name.front() != '-';
}

Problem endpoint_invalid(std::string_view detail) {
    return Problem::invalid("files.endpoint_invalid", detail);
}

}  // namespace

Result<std::unique_ptr<ObjectStore>> open_s3_store(egress::Egress& egress, S3Options options) {
    if (!is_bucket(options.bucket)) {
        return endpoint_invalid("a bucket's name is 3 to 63 of a-z, 0-9, - and .");
    }
    if (options.key_id.empty() || options.key.empty() || options.region.empty()) {
        return endpoint_invalid("an access key and a region are needed");
    }
    std::string origin = options.endpoint;
    while (origin.ends_with("/")) {
        origin.pop_back();
    }
    const std::size_t host = origin.find("://");
    if (host == std::string::npos) {
        return endpoint_invalid("an endpoint is scheme, host and port: https://s3.example.com");
    }
    if (options.virtual_host) {
        origin.insert(host + 3, options.bucket + ".");
    }
    const Result<egress::OwnEndpoint> own = egress::own_endpoint(origin);
    if (!own.ok()) {
        return endpoint_invalid("an endpoint is scheme, host and port: https://s3.example.com");
    }
    return std::unique_ptr<ObjectStore>(
        std::make_unique<S3Store>(egress, *own, std::move(origin), std::move(options)));
}

}  // namespace hangu::files
