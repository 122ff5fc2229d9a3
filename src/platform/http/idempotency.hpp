// Answers kept under an Idempotency-Key, in the transaction of the act itself.
#pragma once

#include "base/result.hpp"
#include "platform/http/caller.hpp"
#include "platform/http/message.hpp"
#include "platform/storage/tx.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hangu::http {

struct KeptTag;

struct KeptAnswer {
    static constexpr std::string_view kTable = "idempotency";
    Id<KeptTag> id;
    storage::Blob request_hash;
    std::int64_t status = 0;
    std::string body;
    Time at;
};
HANGU_STRUCT(KeptAnswer, id, request_hash, status, body, at)

struct IdempotencyPlace {
    Id<KeptTag> id;
    storage::Blob request_hash;
};

// "idempotency.required" when the header is missing or not 8 to 64 visible ASCII characters.
Result<void> check_idempotency_header(const Request& request);
IdempotencyPlace idempotency_place(const Caller& caller, std::string_view route,
                                   const Request& request);
// The answer that was given before; "idempotency.mismatch" when the same key came with another
// body.
Result<std::optional<Response>> kept_answer(storage::Tx& tx, const IdempotencyPlace& place);
void keep_answer(storage::Tx& tx, const IdempotencyPlace& place, const Response& response,
                 Time now);

}  // namespace hangu::http
