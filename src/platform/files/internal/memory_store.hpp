// Objects in memory, for tests that change what was stored.
#pragma once

#include "platform/files/internal/problems.hpp"

#include <map>
#include <mutex>
#include <string>

namespace hangu::files {

class MemoryStore final : public ObjectStore {
 public:
    Result<void> put(const std::string& name, Source& source) override {
        HANGU_CHECK(check_put(name, source));
        std::string whole;
        while (static_cast<std::int64_t>(whole.size()) < source.bytes()) {
            HANGU_TRY(const std::string part, source.next(1000));
            if (part.empty()) {
                return unavailable("the source ended early");
            }
            whole += part;
        }
        const std::lock_guard lock(mutex);
        objects[name] = std::move(whole);
        return {};
    }
    Result<std::string> get(const std::string& name, std::int64_t from,
                            std::size_t bytes) override {
        HANGU_CHECK(check_get(name, from, bytes));
        const std::lock_guard lock(mutex);
        const auto found = objects.find(name);
        if (found == objects.end()) {
            return not_found();
        }
        const auto at = std::min(static_cast<std::size_t>(from), found->second.size());
        fetched += std::min(bytes, found->second.size() - at);
        return found->second.substr(at, bytes);
    }
    Result<ObjectInfo> head(const std::string& name) override {
        const std::lock_guard lock(mutex);
        const auto found = objects.find(name);
        return found == objects.end() ? Result<ObjectInfo>(not_found())
                                      : Result<ObjectInfo>(ObjectInfo{
                                            name, static_cast<std::int64_t>(found->second.size())});
    }
    Result<void> remove(const std::string& name) override {
        const std::lock_guard lock(mutex);
        objects.erase(name);
        return {};
    }
    Result<Listing> list(const std::string& prefix, const std::string& after,
                         std::int64_t count) override {
        HANGU_CHECK(check_list(prefix, after, count));
        const std::lock_guard lock(mutex);
        Listing listing;
        for (const auto& [name, text] : objects) {
            if (!name.starts_with(prefix) || name <= after) {
                continue;
            }
            listing.more = static_cast<std::int64_t>(listing.objects.size()) == count;
            if (listing.more) {
                break;
            }
            listing.objects.push_back({name, static_cast<std::int64_t>(text.size())});
        }
        return listing;
    }
    Result<std::string> look() override { return std::string("memory"); }

    std::mutex mutex;
    std::map<std::string, std::string> objects;
    std::size_t fetched = 0;  // bytes given by get
};

}  // namespace hangu::files
