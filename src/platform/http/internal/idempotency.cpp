#include "platform/http/idempotency.hpp"

#include "platform/crypto/crypto.hpp"
#include "platform/http/pipeline.hpp"

#include <cstring>

namespace hangu::http {

std::span<const MigrationFile> sql_files();

namespace {

using storage::ColumnType;
using storage::DataClass;
using storage::Level;
using storage::Statement;

constexpr Statement<KeptAnswer(Id<KeptTag>)> kFind{
    "idempotency.find",
    "select id, request_hash, status, body, at from idempotency"
    " where tenant_id = ?1 and id = ?2"};

constexpr Statement<void(Time)> kForget{"idempotency.forget",
                                        "delete from idempotency where tenant_id = ?1 and at < ?2",
                                        {"a daily job over the answers of one day"}};

constexpr storage::Column kColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"request_hash", ColumnType::blob, DataClass::technical, Level::internal},
    {"status", ColumnType::integer, DataClass::technical, Level::internal},
    {"body", ColumnType::text, DataClass::business, Level::internal},
    {"at", ColumnType::integer, DataClass::technical, Level::internal},
};

}  // namespace

Result<void> check_idempotency_header(const Request& request) {
    const std::string_view key = request.header("idempotency-key");
    bool visible = key.size() >= 8 && key.size() <= 64;
    for (const char c : key) {
        visible = visible && c > ' ' && c < 0x7F;
    }
    if (!visible) {
        return Problem::invalid("idempotency.required",
                                "Idempotency-Key: 8 to 64 visible ASCII characters");
    }
    return {};
}

IdempotencyPlace idempotency_place(const Caller& caller, std::string_view route,
                                   const Request& request) {
    const std::string actor =
        std::string(enum_text(caller.kind)) + ":" + std::to_string(caller.actor_id);
    const crypto::Digest place =
        crypto::sha256({actor, "\n", route, "\n", request.header("idempotency-key")});
    std::uint64_t number = 0;
    std::memcpy(&number, place.bytes.data(), sizeof number);
    const auto id = static_cast<std::int64_t>(number >> 1U);
    const crypto::Digest hash = crypto::sha256({request.path, "\n", request.body});
    return {Id<KeptTag>(id), storage::Blob{std::string(hash.view())}};
}

Result<std::optional<Response>> kept_answer(storage::Tx& tx, const IdempotencyPlace& place) {
    const std::optional<KeptAnswer> kept = tx.find(kFind, place.id);
    if (!kept) {
        return std::optional<Response>();
    }
    if (kept->request_hash != place.request_hash) {
        return Problem::conflict("idempotency.mismatch");
    }
    Response response;
    response.status = static_cast<int>(kept->status);
    response.set("content-type", "application/json");
    response.set("idempotency-replayed", "true");
    response.body = kept->body;
    return std::optional<Response>(std::move(response));
}

void keep_answer(storage::Tx& tx, const IdempotencyPlace& place, const Response& response,
                 Time now) {
    KeptAnswer kept;
    kept.id = place.id;
    kept.request_hash = place.request_hash;
    kept.status = response.status;
    if (const std::string* body = std::get_if<std::string>(&response.body)) {
        kept.body = *body;
    }
    kept.at = now;
    tx.insert(kept);
}

std::int64_t forget_answers_before(storage::Tx& tx, Time before) {
    return tx.run(kForget, before);
}

storage::Part part() {
    return {"http",
            sql_files(),
            {{"idempotency", kColumns}},
            {storage::insert_info<KeptAnswer>(), storage::info(kFind), storage::info(kForget)}};
}

}  // namespace hangu::http
