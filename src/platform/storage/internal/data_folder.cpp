#include "platform/storage/internal/data_folder.hpp"

#include "base/text.hpp"
#include "platform/crypto/crypto.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace hangu::storage {

namespace {

[[noreturn]] void fail(std::string_view what, const std::string& path) {
    throw StorageFault(fmt::format("{} {}: {}", what, path, std::strerror(errno)));
}

// A file descriptor that closes itself.
class File {
 public:
    File(const std::string& path, int flags, mode_t mode = 0)
        : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {
        if (descriptor_ < 0) {
            fail("open", path);
        }
    }
    ~File() { ::close(descriptor_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    int descriptor() const { return descriptor_; }

 private:
    int descriptor_;
};

void copy_content(const File& from, const File& to, const std::string& name) {
    std::array<char, 65536> buffer{};
    while (true) {
        const ssize_t got = ::read(from.descriptor(), buffer.data(), buffer.size());
        if (got < 0) {
            fail("read", name);
        }
        if (got == 0) {
            return;
        }
        for (ssize_t put = 0; put < got;) {
            const ssize_t written =
                ::write(to.descriptor(), buffer.data() + put, static_cast<std::size_t>(got - put));
            if (written < 0) {
                fail("write", name);
            }
            put += written;
        }
    }
}

}  // namespace

Result<std::unique_ptr<FolderLock>> FolderLock::take(const std::string& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    ::chmod(folder.c_str(), 0700);
    const std::string path = folder + "/lock";
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return Problem::unavailable(
            "data.unusable", fmt::format("cannot write in {}: {}", folder, std::strerror(errno)));
    }
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        ::close(descriptor);
        return Problem::conflict("data.locked",
                                 "another hangu process uses this data folder; stop it first");
    }
    return std::make_unique<FolderLock>(descriptor);
}

FolderLock::~FolderLock() {
    ::close(descriptor_);
}

Result<std::string> build_template(const std::string& folder, const Steps& steps,
                                   std::span<const Part> parts, Time now) {
    namespace fs = std::filesystem;
    const std::string path = fmt::format("{}/template/{}.db", folder, steps.digest.substr(0, 16));
    fs::create_directories(folder + "/template");
    if (!fs::exists(path)) {
        const std::string made = path + ".new";
        for (const char* suffix : {"", "-wal", "-journal"}) {
            fs::remove(made + suffix);
        }
        {
            Connection::Options options;
            options.path = made;
            options.create = true;
            Connection connection(options);
            HANGU_CHECK(migrate(connection, steps, now));
            connection.checkpoint(true);
        }
        fs::remove(made + "-wal");
        fs::rename(made, path);
    }
    Connection::Options options;
    options.path = path;
    Connection connection(options);
    const std::vector<std::string> differences = schema_differences(connection, parts, false);
    if (!differences.empty()) {
        Problem problem = Problem::conflict("schema.differs", differences.front());
        problem.note = fmt::format("{}", fmt::join(differences, "; "));
        return problem;
    }
    return path;
}

void copy_into_place(const std::string& from, const std::string& to) {
    const std::filesystem::path folder = std::filesystem::path(to).parent_path();
    if (!std::filesystem::exists(folder)) {
        std::filesystem::create_directories(folder);
        const File above(folder.parent_path().string(), O_RDONLY | O_DIRECTORY);
        ::fsync(above.descriptor());
    }
    const std::string partial = to + ".new";
    {
        const File source(from, O_RDONLY);
        const File target(partial, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        copy_content(source, target, partial);
        if (::fsync(target.descriptor()) != 0) {
            fail("fsync", partial);
        }
    }
    if (::rename(partial.c_str(), to.c_str()) != 0) {
        fail("rename", to);
    }
    const File parent(folder.string(), O_RDONLY | O_DIRECTORY);
    if (::fsync(parent.descriptor()) != 0) {
        fail("fsync", folder.string());
    }
}

std::string instance_of(const std::string& folder) {
    const std::string path = folder + "/instance";
    std::string instance;
    if (std::ifstream in(path); std::getline(in, instance) && !instance.empty()) {
        return instance;
    }
    crypto::SystemRandomness randomness;
    instance = to_hex(randomness.bytes(16));
    std::ofstream out(path);
    out << instance << '\n';
    return instance;
}

}  // namespace hangu::storage
