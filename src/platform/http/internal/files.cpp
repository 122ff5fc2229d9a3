#include "platform/http/files.hpp"

#include "platform/crypto/crypto.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace hangu::http {

namespace {

std::string_view content_type(std::string_view path) {
    struct Type {
        std::string_view suffix;
        std::string_view type;
    };
    constexpr Type kTypes[] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".json", "application/json"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".txt", "text/plain; charset=utf-8"},
    };
    for (const Type& type : kTypes) {
        if (path.ends_with(type.suffix)) {
            return type.type;
        }
    }
    return "application/octet-stream";
}

Response file_response(const std::string& path, std::string content) {
    FileBody body;
    const std::string digest = to_hex(crypto::sha256(content).view());
    body.etag = fmt::format("\"{}\"", digest.substr(0, 32));
    const bool packs = !path.ends_with(".png") && !path.ends_with(".woff2");
    if (packs && content.size() > 512) {
        body.gzip = std::make_shared<const std::string>(gzip(content, 9));
    }
    body.content = std::make_shared<const std::string>(std::move(content));
    Response response;
    response.set("content-type", content_type(path));
    response.set("cache-control",
                 path.starts_with("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
    response.body = std::move(body);
    return response;
}

}  // namespace

std::string gzip(std::string_view data, int level) {
    z_stream stream{};
    HANGU_ASSERT(deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(deflateBound(&stream, static_cast<uLong>(data.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    stream.avail_in = static_cast<uInt>(data.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int code = deflate(&stream, Z_FINISH);
    deflateEnd(&stream);
    HANGU_ASSERT(code == Z_STREAM_END);
    out.resize(stream.total_out);
    return out;
}

Result<FileSet> FileSet::load(const std::string& folder) {
    namespace fs = std::filesystem;
    FileSet set;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder, error)) {
        if (!entry.is_regular_file() || entry.file_size() > kFileBytesMax ||
            set.files_.size() >= kFilesCountMax) {
            continue;
        }
        std::ifstream in(entry.path(), std::ios::binary);
        std::stringstream content;
        content << in.rdbuf();
        const std::string path = "/" + fs::relative(entry.path(), folder).generic_string();
        set.files_.emplace(path, file_response(path, content.str()));
    }
    const auto index = set.files_.find("/index.html");
    if (index == set.files_.end()) {
        return Problem::not_found("files.missing",
                                  "no index.html in the console folder; build web/console first");
    }
    const Response root = index->second;
    set.files_.emplace("/", root);
    return set;
}

const Response* FileSet::find(std::string_view path) const {
    const auto found = files_.find(path);
    return found == files_.end() ? nullptr : &found->second;
}

}  // namespace hangu::http
