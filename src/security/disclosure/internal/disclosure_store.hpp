// All SQL of the disclosure module.
#pragma once

#include "platform/storage/tx.hpp"
#include "security/disclosure/disclosure.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hangu::disclosure {

struct DisclosureRow {
    static constexpr std::string_view kTable = "disclosure_request";
    DisclosureId id;
    std::string requester;
    std::string legal_ground;
    std::string selection;  // JSON
    std::string fields;     // names with a blank between them
    std::int64_t records_count = 0;
    storage::Blob records_digest;
    approval::RequestId approval_id;
    State state = State::asked;
    std::int64_t asked_by = 0;
    Time asked_at;
    std::optional<Time> available_until;
    std::optional<Time> taken_at;
    std::optional<storage::Blob> content_digest;
    std::int64_t version = 1;
};
HANGU_STRUCT(DisclosureRow, id, requester, legal_ground, selection, fields, records_count,
             records_digest, approval_id, state, asked_by, asked_at, available_until, taken_at,
             content_digest, version)

class DisclosureStore {
 public:
    explicit DisclosureStore(storage::Tx& tx) : tx_(tx) {}

    void add(const Disclosure& disclosure);
    std::optional<Disclosure> find(DisclosureId id);
    std::vector<Disclosure> newest(DisclosureId before, std::int64_t count_max);
    std::int64_t count();
    // Each is false when the state is no longer the one before: nothing was written.
    bool close(DisclosureId id, State state, std::optional<Time> available_until);
    bool take(DisclosureId id, Time at, const std::string& content_digest);

 private:
    storage::Tx& tx_;
};

}  // namespace hangu::disclosure
