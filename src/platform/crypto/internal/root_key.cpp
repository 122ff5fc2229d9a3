#include "base/text.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/crypto/internal/envelope.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace hangu::crypto {

namespace {

constexpr std::size_t kHexDigits = kKeyBytes * 2;

class File {
 public:
    explicit File(int descriptor) : descriptor_(descriptor) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }
    int get() const { return descriptor_; }
    bool is_open() const { return descriptor_ >= 0; }

 private:
    int descriptor_;
};

Problem failed(const std::string& path, std::string_view what) {
    const std::string reason = std::generic_category().message(errno);
    return Problem::invalid("root_key.unreadable", std::string(what) + " " + path + ": " + reason);
}

// Writes all of `text` and waits until it is on the disk.
bool write_durably(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno != EINTR) {
            return false;
        }
        text.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    return ::fsync(descriptor) == 0;
}

bool sync_folder(const std::string& folder) {
    const File opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return opened.is_open() && ::fsync(opened.get()) == 0;
}

std::string folder_of(const std::string& path) {
    const std::string folder = std::filesystem::path(path).parent_path().string();
    return folder.empty() ? "." : folder;
}

bool make_folder(const std::string& folder) {
    std::error_code error;
    const std::filesystem::path above = std::filesystem::path(folder).parent_path();
    if (!above.empty()) {
        std::filesystem::create_directories(above, error);
    }
    return ::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST;
}

// The key is written under another name and linked into place: whoever sees the file sees all of
// it, also after a crash, and of two processes that start together one wins and both read its key.
Result<void> create(const std::string& path, Randomness& randomness) {
    const std::string folder = folder_of(path);
    if (!make_folder(folder)) {
        return failed(folder, "cannot make the folder");
    }
    const std::string draft = path + ".new-" + to_hex(randomness.bytes(8));
    const File file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400));
    if (!file.is_open()) {
        return failed(draft, "cannot make");
    }
    std::string key = randomness.bytes(kKeyBytes);
    std::string text = to_hex(key) + "\n";
    OPENSSL_cleanse(key.data(), key.size());
    const bool written = write_durably(file.get(), text);
    OPENSSL_cleanse(text.data(), text.size());
    const bool linked = written && (::link(draft.c_str(), path.c_str()) == 0 || errno == EEXIST);
    const int reason = errno;
    ::unlink(draft.c_str());
    errno = reason;
    if (!linked || !sync_folder(folder)) {
        return failed(path, "cannot make");
    }
    return {};
}

Result<void> check_safety(const std::string& path, const struct stat& status) {
    if (!S_ISREG(status.st_mode)) {
        return Problem::invalid("root_key.unsafe", path + " is not a regular file");
    }
    // A file of the administrator that we may read is no worse than one of our own.
    if (status.st_uid != ::geteuid() && status.st_uid != 0) {
        return Problem::invalid("root_key.unsafe", path + " belongs to another user; run: chown " +
                                                       std::to_string(::geteuid()) + " " + path);
    }
    if ((status.st_mode & 0077U) != 0) {
        return Problem::invalid("root_key.unsafe",
                                path + " is open to other users; run: chmod 400 " + path);
    }
    return {};
}

Result<Secret> read(const std::string& path, int descriptor) {
    std::string text(kHexDigits + 2, '\0');
    std::size_t filled = 0;
    while (filled < text.size()) {
        const ssize_t got = ::read(descriptor, text.data() + filled, text.size() - filled);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return failed(path, "cannot read");
        }
        if (got == 0) {
            break;
        }
        filled += static_cast<std::size_t>(got);
    }
    const bool ends_well =
        filled == kHexDigits || (filled == kHexDigits + 1 && text[filled - 1] == '\n');
    std::optional<std::string> key =
        ends_well ? from_hex(std::string_view(text).substr(0, kHexDigits)) : std::nullopt;
    OPENSSL_cleanse(text.data(), text.size());
    if (!key) {
        return Problem::invalid("root_key.malformed",
                                path +
                                    " is not 64 lower-case hex digits; put back the file from "
                                    "your copy of the root key");
    }
    return Secret(std::move(*key));
}

}  // namespace

Result<Secret> load_root_key(const std::string& path, bool may_create, Randomness& randomness) {
    int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0 && errno == ENOENT && may_create) {
        HANGU_CHECK(create(path, randomness));
        descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    }
    const File file(descriptor);
    if (!file.is_open() && (errno == ENOENT || errno == ENOTDIR)) {
        return Problem::invalid("root_key.missing",
                                path +
                                    " does not exist; put back the file from your copy of the "
                                    "root key");
    }
    struct stat status {};
    if (!file.is_open() || ::fstat(file.get(), &status) != 0) {
        return failed(path, "cannot open");
    }
    HANGU_CHECK(check_safety(path, status));
    return read(path, file.get());
}

}  // namespace hangu::crypto
