// Objects in a folder. An object a/b/c is the file objects/a/b/c@ ("@" stands in no name, so that
// a file and a folder never want the same place). Every step of a path is opened below the one
// before it and no symbolic link is followed: a name cannot leave the folder.
#include "base/text.hpp"
#include "platform/files/internal/problems.hpp"
#include "platform/files/object_store.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace hangu::files {

namespace {

constexpr std::int64_t kLeftoverMs = kDayMs;
constexpr std::int64_t kWriteBytes = std::int64_t{1} << 20U;
constexpr std::size_t kEntriesCountMax = 1'000'000;  // of one folder

class Descriptor {
 public:
    explicit Descriptor(int value = -1) : value_(value) {}
    Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (value_ >= 0) {
            ::close(value_);
        }
    }
    int value() const { return value_; }
    bool is_open() const { return value_ >= 0; }

 private:
    int value_;
};

Problem trouble(std::string_view what) {
    const int error = errno;
    if (error == ENOENT || error == ENOTDIR || error == ELOOP) {
        return not_found();
    }
    if (error == ENOSPC || error == EDQUOT) {
        return Problem::unavailable("files.no_room").with_note(std::string(what));
    }
    return unavailable(fmt::format("{}: {}", what, std::strerror(error)));
}

constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

Descriptor open_folder(int below, const std::string& name) {
    return Descriptor(::openat(below, name.c_str(), kFolderFlags));
}

// Made durable in its parent, if it was not there.
Descriptor make_folder(int below, const std::string& name) {
    if (::mkdirat(below, name.c_str(), 0700) == 0) {
        if (::fsync(below) != 0) {
            return Descriptor();
        }
    } else if (errno != EEXIST) {
        return Descriptor();
    }
    return open_folder(below, name);
}

bool write_whole(int file, std::string_view data) {
    while (!data.empty()) {
        const ssize_t written = ::write(file, data.data(), data.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        data.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

// A file under a name of its own that nobody reads; it is gone unless it was moved.
class HalfWritten {
 public:
    HalfWritten(int folder, std::string name)
        : folder_(folder),
          name_(std::move(name)),
          file_(::openat(folder, name_.c_str(),
                         O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)) {}
    ~HalfWritten() {
        if (file_.is_open() && !moved_) {
            ::unlinkat(folder_, name_.c_str(), 0);
        }
    }
    HalfWritten(const HalfWritten&) = delete;
    HalfWritten& operator=(const HalfWritten&) = delete;

    Result<void> fill(Source& source) {
        if (!file_.is_open()) {
            return trouble("open a new file");
        }
        std::int64_t left = source.bytes();
        while (left > 0) {
            const auto wanted = std::min<std::int64_t>(left, kWriteBytes);
            HANGU_TRY(const std::string part, source.next(static_cast<std::size_t>(wanted)));
            if (part.empty()) {
                return Problem::unavailable("files.unavailable")
                    .with_note("the source ended early");
            }
            if (!write_whole(file_.value(), part)) {
                return trouble("write");
            }
            left -= static_cast<std::int64_t>(part.size());
        }
        return ::fsync(file_.value()) == 0 ? Result<void>() : Result<void>(trouble("fsync"));
    }
    // The rename is one step for whoever looks; the folder's fsync makes it last.
    Result<void> move_to(int folder, const std::string& name) {
        if (::renameat(folder_, name_.c_str(), folder, name.c_str()) != 0) {
            return trouble("rename");
        }
        moved_ = true;
        return ::fsync(folder) == 0 ? Result<void>() : Result<void>(trouble("fsync of the folder"));
    }

 private:
    int folder_;
    std::string name_;
    Descriptor file_;
    bool moved_ = false;
};

struct Entry {
    std::string name;  // "a/" of a folder, "a" of an object
    bool folder = false;
};

// In the order of the objects' whole names: of a folder every name goes on with "/".
std::vector<Entry> entries_of(int folder) {
    std::vector<Entry> entries;
    const Descriptor own(::openat(folder, ".", kFolderFlags));
    const int handed = ::fcntl(own.value(), F_DUPFD_CLOEXEC, 0);
    const std::unique_ptr<DIR, int (*)(DIR*)> reading(handed < 0 ? nullptr : ::fdopendir(handed),
                                                      ::closedir);
    while (reading != nullptr && entries.size() < kEntriesCountMax) {
        const dirent* found = ::readdir(reading.get());
        if (found == nullptr) {
            break;
        }
        std::string name = found->d_name;
        if (name.ends_with("@")) {
            name.pop_back();
            entries.push_back({std::move(name), false});
        } else if (is_object_name(name)) {
            entries.push_back({name + "/", true});
        }
    }
    std::sort(entries.begin(), entries.end(),
              [](const Entry& a, const Entry& b) { return a.name < b.name; });
    return entries;
}

class FolderStore final : public ObjectStore {
 public:
    FolderStore(std::string path, Descriptor objects, Descriptor halves, Randomness& randomness)
        : path_(std::move(path)),
          objects_(std::move(objects)),
          halves_(std::move(halves)),
          randomness_(randomness) {}

    Result<void> put(const std::string& name, Source& source) override {
        HANGU_CHECK(check_put(name, source));
        HalfWritten half(halves_.value(), to_hex(randomness_.bytes(16)));
        HANGU_CHECK(half.fill(source));
        HANGU_TRY(const Place place, place_of(name, true));
        return half.move_to(place.folder.value(), place.file);
    }

    Result<std::string> get(const std::string& name, std::int64_t from,
                            std::size_t bytes) override {
        HANGU_CHECK(check_get(name, from, bytes));
        HANGU_TRY(const Descriptor file, open(name));
        std::string data(bytes, '\0');
        std::size_t have = 0;
        while (have < bytes) {
            const ssize_t more = ::pread(file.value(), data.data() + have, bytes - have,
                                         from + static_cast<std::int64_t>(have));
            if (more < 0 && errno == EINTR) {
                continue;
            }
            if (more < 0) {
                return trouble("read");
            }
            if (more == 0) {
                break;
            }
            have += static_cast<std::size_t>(more);
        }
        data.resize(have);
        return data;
    }

    Result<ObjectInfo> head(const std::string& name) override {
        HANGU_CHECK(check_name(name));
        HANGU_TRY(const Descriptor file, open(name));
        struct stat info {};
        if (::fstat(file.value(), &info) != 0) {
            return trouble("stat");
        }
        return ObjectInfo{name, info.st_size};
    }

    Result<void> remove(const std::string& name) override {
        HANGU_CHECK(check_name(name));
        const Result<Place> place = place_of(name, false);
        if (!place.ok()) {
            return place.problem().code == "files.not_found" ? Result<void>()
                                                             : Result<void>(place.problem());
        }
        if (::unlinkat(place->folder.value(), place->file.c_str(), 0) != 0) {
            return errno == ENOENT ? Result<void>() : Result<void>(trouble("unlink"));
        }
        return ::fsync(place->folder.value()) == 0 ? Result<void>()
                                                   : Result<void>(trouble("fsync of the folder"));
    }

    Result<Listing> list(const std::string& prefix, const std::string& after,
                         std::int64_t count) override {
        HANGU_CHECK(check_list(prefix, after, count));
        Listing listing;
        walk(objects_.value(), "", prefix, after, count, listing);
        return listing;
    }

    Result<std::string> look() override {
        if (::faccessat(objects_.value(), ".", R_OK | W_OK | X_OK, 0) != 0) {
            return trouble("the folder " + path_);
        }
        return "folder " + path_;
    }

 private:
    struct Place {
        Descriptor folder;
        std::string file;
    };

    Result<Place> place_of(const std::string& name, bool make) const {
        std::vector<std::string_view> parts = split(name, '/');
        Place place;
        place.file = std::string(parts.back()) + "@";
        parts.pop_back();
        place.folder = Descriptor(::fcntl(objects_.value(), F_DUPFD_CLOEXEC, 0));
        for (const std::string_view part : parts) {
            const int below = place.folder.value();
            place.folder = make ? make_folder(below, std::string(part))
                                : open_folder(below, std::string(part));
            if (!place.folder.is_open()) {
                return trouble("a folder of the name");
            }
        }
        return place.folder.is_open() ? Result<Place>(std::move(place))
                                      : Result<Place>(trouble("the folder of objects"));
    }

    Result<Descriptor> open(const std::string& name) const {
        HANGU_TRY(const Place place, place_of(name, false));
        Descriptor file(
            ::openat(place.folder.value(), place.file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
        return file.is_open() ? Result<Descriptor>(std::move(file))
                              : Result<Descriptor>(trouble("open"));
    }

    // As deep as a name has parts.
    void walk(int folder, const std::string& base, const std::string& prefix,
              const std::string& after, std::int64_t count, Listing& listing) const {
        for (const Entry& entry : entries_of(folder)) {
            const std::string whole = base + entry.name;
            const bool inside =
                whole.starts_with(prefix) || (entry.folder && prefix.starts_with(whole));
            const bool before = after >= whole && !(entry.folder && after.starts_with(whole));
            if (!inside || before || listing.more) {
                continue;
            }
            if (entry.folder) {
                const std::string name = entry.name.substr(0, entry.name.size() - 1);
                if (const Descriptor below = open_folder(folder, name); below.is_open()) {
                    walk(below.value(), whole, prefix, after, count, listing);
                }
                continue;
            }
            struct stat info {};
            if (::fstatat(folder, (entry.name + "@").c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0 ||
                !S_ISREG(info.st_mode) || !is_object_name(whole)) {
                continue;  // gone meanwhile, or none of ours
            }
            if (static_cast<std::int64_t>(listing.objects.size()) == count) {
                listing.more = true;
            } else {
                listing.objects.push_back({whole, info.st_size});
            }
        }
    }

    std::string path_;
    Descriptor objects_;
    Descriptor halves_;  // on the same file system, for rename
    Randomness& randomness_;
};

// Only what nobody can be writing any more.
void forget_leftovers(int halves, Time now) {
    const Descriptor own(::openat(halves, ".", kFolderFlags));
    const int handed = ::fcntl(own.value(), F_DUPFD_CLOEXEC, 0);
    const std::unique_ptr<DIR, int (*)(DIR*)> reading(handed < 0 ? nullptr : ::fdopendir(handed),
                                                      ::closedir);
    for (std::size_t seen = 0; reading != nullptr && seen < kEntriesCountMax; ++seen) {
        const dirent* found = ::readdir(reading.get());
        if (found == nullptr) {
            return;
        }
        struct stat info {};
        const bool is_file = ::fstatat(halves, found->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
                             S_ISREG(info.st_mode);
        if (is_file && Time(info.st_mtim.tv_sec * kSecondMs).plus_ms(kLeftoverMs) < now) {
            ::unlinkat(halves, found->d_name, 0);
        }
    }
}

}  // namespace

Result<std::unique_ptr<ObjectStore>> open_folder_store(const std::string& folder,
                                                       const Clock& clock, Randomness& randomness) {
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
        return unavailable(fmt::format("{}: {}", folder, std::strerror(errno)));
    }
    const Descriptor root(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    struct stat info {};
    if (!root.is_open() || ::fstat(root.value(), &info) != 0) {
        return unavailable(fmt::format("{}: {}", folder, std::strerror(errno)));
    }
    if ((info.st_mode & 0077) != 0 || info.st_uid != ::geteuid()) {
        return Problem::conflict(
            "files.folder_unsafe",
            fmt::format("others may reach {}: chmod 0700 {}, and let it belong "
                        "to the account that the program runs as",
                        folder, folder));
    }
    Descriptor objects = make_folder(root.value(), "objects");
    Descriptor halves = make_folder(root.value(), "half");
    if (!objects.is_open() || !halves.is_open()) {
        return unavailable(fmt::format("{}: {}", folder, std::strerror(errno)));
    }
    forget_leftovers(halves.value(), clock.now());
    return std::unique_ptr<ObjectStore>(
        std::make_unique<FolderStore>(folder, std::move(objects), std::move(halves), randomness));
}

}  // namespace hangu::files
