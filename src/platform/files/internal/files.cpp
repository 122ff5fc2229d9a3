#include "platform/files/files.hpp"

#include "platform/files/internal/problems.hpp"
#include "platform/files/internal/sealed_format.hpp"
#include "platform/runtime/runtime.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace hangu::files {

namespace {

// "t/0c4…/" in front of every name: a tenant's objects stand together, so that they can be copied,
// counted and removed together.
std::string folder_of(TenantId tenant) {
    return "t/" + tenant.text() + "/";
}

std::string object_of(const FileRef& file) {
    return folder_of(file.tenant) + file.name;
}

Problem damaged() {
    return Problem::unavailable("files.damaged");
}

// Seals while the store reads: head first, then chunk after chunk.
class SealingSource final : public Source {
 public:
    SealingSource(const SealedObject& object, std::string head, Source& plain)
        : object_(object), plain_(plain), ready_(std::move(head)) {}
    std::int64_t bytes() const override { return object_.stored_bytes(); }
    Result<std::string> next(std::size_t bytes) override {
        while (ready_.size() < bytes && chunk_ < object_.chunks()) {
            const std::size_t wanted =
                object_.stored_bytes_of(chunk_) - crypto::ChunkCipher::kTagBytes;
            std::string plain;
            while (plain.size() < wanted) {
                HANGU_TRY(const std::string part, plain_.next(wanted - plain.size()));
                if (part.empty()) {
                    return unavailable("the source ended early");
                }
                plain += part;
            }
            ready_ += object_.seal_chunk(chunk_++, plain);
        }
        std::string part = ready_.substr(0, bytes);
        ready_.erase(0, part.size());
        return part;
    }

 private:
    const SealedObject& object_;
    Source& plain_;
    std::string ready_;
    std::int64_t chunk_ = 0;
};

class Opened final : public OpenedFile {
 public:
    Opened(ObjectStore& store, std::string object, SealedObject sealed)
        : store_(store),
          object_(std::move(object)),
          sealed_(std::move(sealed)),
          info_{sealed_.content_type(), sealed_.bytes()} {}

    const FileInfo& info() const override { return info_; }

    Result<std::string> read(std::int64_t from, std::size_t bytes) override {
        if (from < 0 || bytes > kReadBytesMax) {
            return Problem::invalid("files.too_large");
        }
        if (from > info_.bytes) {
            return std::string();
        }
        // An empty read of an empty file still proves that the file is there.
        const auto size = static_cast<std::int64_t>(sealed_.chunk_bytes());
        const std::int64_t end = std::min(info_.bytes, from + static_cast<std::int64_t>(bytes));
        const std::int64_t first = std::min(from / size, sealed_.chunks() - 1);
        const std::int64_t last = std::max(first, (end - 1) / size);
        std::string plain;
        for (std::int64_t chunk = first; chunk <= last;) {
            HANGU_TRY(const std::int64_t next, read_chunks(chunk, last, plain));
            chunk = next;
        }
        return plain.substr(static_cast<std::size_t>(from - first * size),
                            static_cast<std::size_t>(end - from));
    }

 private:
    // As many as one get brings; answers the one behind them.
    Result<std::int64_t> read_chunks(std::int64_t chunk, std::int64_t last, std::string& plain) {
        const auto together = static_cast<std::int64_t>(kGetBytesMax / sealed_.stored_bytes_of(0));
        const std::int64_t behind = std::min(last + 1, chunk + std::max<std::int64_t>(1, together));
        const std::int64_t from = sealed_.place_of(chunk);
        const std::int64_t to = sealed_.place_of(behind - 1) +
                                static_cast<std::int64_t>(sealed_.stored_bytes_of(behind - 1));
        HANGU_TRY(const std::string stored,
                  store_.get(object_, from, static_cast<std::size_t>(to - from)));
        std::string_view left = stored;
        for (; chunk < behind; ++chunk) {
            const std::size_t size = std::min(left.size(), sealed_.stored_bytes_of(chunk));
            const std::optional<std::string> opened =
                sealed_.open_chunk(chunk, left.substr(0, size));
            if (!opened) {
                return damaged();
            }
            plain += *opened;
            left.remove_prefix(size);
        }
        return behind;
    }

    ObjectStore& store_;
    const std::string object_;
    const SealedObject sealed_;
    const FileInfo info_;
};

}  // namespace

struct Files::State {
    State(ObjectStore& given_store, KeySource& given_keys, Randomness& given_randomness,
          observe::Log& given_log, observe::Metrics& given_metrics, Options given_options)
        : store(given_store),
          keys(given_keys),
          randomness(given_randomness),
          log(given_log),
          metrics(given_metrics),
          options(given_options) {
        for (std::size_t i = 0; i < options.threads; ++i) {
            threads.emplace_back([this] { serve(); });
        }
    }

    void serve() {
        runtime::name_this_thread("files");
        std::unique_lock lock(mutex);
        while (true) {
            changed.wait(lock, [this] { return stopping || !waiting.empty(); });
            if (waiting.empty()) {
                return;
            }
            std::function<void()> work = std::move(waiting.front());
            waiting.pop_front();
            lock.unlock();
            try {
                work();
            } catch (const std::exception& caught) {
                log.error("files.fault", {{"what", std::string_view(caught.what())}});
            }
            work = nullptr;
            lock.lock();
        }
    }

    // Counted, and what the store cannot do is told, with its reason and without the name.
    template <class T>
    Result<T> told(std::string_view what, Result<T> result) {
        const std::string code = result.ok() ? "well" : result.problem().code;
        metrics
            .counter("files_total", "Files put, opened, read, listed and removed, by outcome.",
                     {{"work", std::string(what)}, {"result", code}})
            .add();
        const bool ours =
            code == "files.unavailable" || code == "files.damaged" || code == "files.no_room";
        if (ours) {
            log.error("files.failed",
                      {{"work", what}, {"code", code}, {"note", result.problem().note}});
        }
        return result;
    }

    ObjectStore& store;
    KeySource& keys;
    Randomness& randomness;
    observe::Log& log;
    observe::Metrics& metrics;
    const Options options;
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::function<void()>> waiting;
    bool stopping = false;
    std::vector<std::thread> threads;
};

Files::Files(ObjectStore& store, KeySource& keys, Randomness& randomness, observe::Log& log,
             observe::Metrics& metrics, Options options)
    : state_(std::make_unique<State>(store, keys, randomness, log, metrics, options)) {}

Files::~Files() {
    stop();
}

void Files::stop() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->stopping = true;
    }
    state_->changed.notify_all();
    for (std::thread& thread : state_->threads) {
        if (thread.joinable()) {
            thread.join();
        }
    }
}

bool Files::run(std::function<void()> work) {
    {
        const std::lock_guard lock(state_->mutex);
        if (state_->stopping || state_->waiting.size() >= state_->options.queue_count_max) {
            return false;
        }
        state_->waiting.push_back(std::move(work));
    }
    state_->changed.notify_one();
    return true;
}

Result<void> Files::put(const FileRef& file, const std::string& content_type, Source& plain) {
    HANGU_CHECK(check_name(object_of(file)));
    if (plain.bytes() < 0 || plain.bytes() > kObjectBytesMax - (kObjectBytesMax >> 8U) ||
        content_type.size() > kTypeBytesMax) {
        return Problem::invalid("files.too_large");
    }
    const std::shared_ptr<crypto::TenantKeys> keys = state_->keys.keys_of(file.tenant);
    if (!keys) {
        return not_found();
    }
    const SealedObject object =
        SealedObject::make(state_->randomness, file.tenant, file.name, plain.bytes(), content_type);
    SealingSource sealing(object, object.seal_head(*keys), plain);
    return state_->told("put", state_->store.put(object_of(file), sealing));
}

Result<std::unique_ptr<OpenedFile>> Files::open(const FileRef& file) {
    const auto opened = [&]() -> Result<std::unique_ptr<OpenedFile>> {
        HANGU_CHECK(check_name(object_of(file)));
        const std::shared_ptr<crypto::TenantKeys> keys = state_->keys.keys_of(file.tenant);
        if (!keys) {
            return not_found();
        }
        HANGU_TRY(const std::string head, state_->store.get(object_of(file), 0, kSealedHeadBytes));
        std::optional<SealedObject> object =
            SealedObject::open(*keys, file.tenant, file.name, head);
        if (!object) {
            return damaged();
        }
        return std::unique_ptr<OpenedFile>(
            std::make_unique<Opened>(state_->store, object_of(file), *std::move(object)));
    };
    return state_->told("open", opened());
}

Result<std::string> Files::read_whole(const FileRef& file, std::size_t bytes_max) {
    HANGU_TRY(const std::unique_ptr<OpenedFile> opened, open(file));
    const std::int64_t bytes = opened->info().bytes;
    if (bytes > static_cast<std::int64_t>(bytes_max)) {
        return Problem::invalid("files.too_large");
    }
    std::string whole;
    do {
        HANGU_TRY(const std::string part,
                  state_->told("read", opened->read(static_cast<std::int64_t>(whole.size()),
                                                    kReadBytesMax)));
        whole += part;
    } while (static_cast<std::int64_t>(whole.size()) < bytes);
    return whole;
}

Result<void> Files::remove(const FileRef& file) {
    return state_->told("remove", state_->store.remove(object_of(file)));
}

Result<Listing> Files::list(TenantId tenant, const std::string& prefix, const std::string& after,
                            std::int64_t count) {
    const std::string folder = folder_of(tenant);
    HANGU_TRY(Listing listing,
              state_->told("list", state_->store.list(folder + prefix,
                                                      after.empty() ? "" : folder + after, count)));
    for (ObjectInfo& object : listing.objects) {
        object.name.erase(0, folder.size());
    }
    return listing;
}

}  // namespace hangu::files
