// The console's built files, read once into memory with their gzip forms.
#pragma once

#include "base/result.hpp"
#include "platform/http/message.hpp"

#include <map>
#include <string>
#include <string_view>

namespace hangu::http {

class FileSet {
 public:
    static constexpr std::size_t kFilesCountMax = 2000;
    static constexpr std::size_t kFileBytesMax = std::size_t{16} << 20U;

    FileSet() = default;
    // Reads a folder. "files.missing" when there is no index.html.
    static Result<FileSet> load(const std::string& folder);

    bool empty() const { return files_.empty(); }
    // "/" answers index.html; files under /assets/ have hashed names and may be kept for a year.
    const Response* find(std::string_view path) const;

 private:
    std::map<std::string, Response, std::less<>> files_;
};

std::string gzip(std::string_view data, int level);

}  // namespace hangu::http
