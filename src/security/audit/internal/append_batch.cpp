#include "security/audit/internal/append_batch.hpp"

#include "base/text.hpp"
#include "platform/crypto/ed25519.hpp"
#include "security/audit/audit_log.hpp"

#include <algorithm>

namespace hangu::audit {

namespace {

constexpr std::int64_t kCheckpointKeptMs = kHourMs;  // the last one of each is kept

crypto::Place place_of_seed(storage::Tx& tx, std::int64_t key) {
    static const std::uint64_t field = crypto::field_id("audit_key.seed");
    return {tx.tenant(), field, key};
}

// Signed by the key that signs now, and by the one that signed the head before, if it retired.
std::string signed_note(storage::Tx& tx, const std::string& text, const KeyRow& active,
                        const std::optional<CheckpointRow>& before) {
    std::vector<std::string> lines;
    for (const KeyRow& key : LogStore(tx).keys()) {
        const bool just_retired = key.retired_at && before && before->key_id == key.note_key().id();
        if (key.id != active.id && !just_retired) {
            continue;
        }
        if (const std::optional<Secret> seed = seed_of(tx, key)) {
            lines.push_back(signature_line(key.note_key(), crypto::ed25519_sign(*seed, text)));
        }
    }
    return note_text(text, lines);
}

void write_tiles(LogStore& store, const TileAppender& appender) {
    for (const auto& [id, hashes] : appender.changed()) {
        store.put_tile(id, hashes);
    }
}

void write_entries(LogStore& store, std::int64_t size, const std::vector<WaitingRow>& added) {
    std::int64_t tile = size / kTileWidth;
    std::string ids;
    if (size % kTileWidth != 0) {
        ids = store.entries(tile).value_or(EntriesRow{}).record_ids.bytes;
        ids.resize(static_cast<std::size_t>(size % kTileWidth) * 8, '\0');
    }
    for (const WaitingRow& row : added) {
        ids += pack_id(row.id);
        if (ids.size() == static_cast<std::size_t>(kTileWidth) * 8) {
            store.put_entries(tile++, ids);
            ids.clear();
        }
    }
    if (!ids.empty()) {
        store.put_entries(tile, ids);
    }
}

Digest digest_from(std::string_view bytes) {
    Digest digest;
    std::copy_n(bytes.data(), std::min(bytes.size(), kHashBytes), digest.bytes.data());
    return digest;
}

void write_checkpoint(storage::Tx& tx, const std::optional<CheckpointRow>& before,
                      const Checkpoint& made, RecordId last, Randomness& randomness) {
    LogStore store(tx);
    const KeyRow key = signing_key(tx, randomness);
    const std::string note = signed_note(tx, checkpoint_text(made), key, before);
    if (before &&
        before->at.unix_ms() / kCheckpointKeptMs == made.at.unix_ms() / kCheckpointKeptMs) {
        store.forget_checkpoint(before->id);
    }
    store.add(CheckpointRow{
        made.size, made.at, last, {std::string(made.root.view())}, key.note_key().id(), note});
}

}  // namespace

std::optional<Secret> seed_of(storage::Tx& tx, const KeyRow& key) {
    try {
        Secret seed(tx.keys().open(place_of_seed(tx, key.id), key.seed.bytes));
        if (seed.size() == crypto::kEd25519KeyBytes &&
            crypto::ed25519_public_key(seed) == key.public_key.bytes) {
            return seed;
        }
    } catch (const crypto::SealBroken&) {
        return std::nullopt;
    }
    return std::nullopt;
}

KeyRow add_signing_key(storage::Tx& tx, Randomness& randomness, std::int64_t number) {
    std::string seed = randomness.bytes(crypto::kEd25519KeyBytes);
    KeyRow key;
    key.id = number;
    key.name = origin_of(tx.tenant());
    key.seed.bytes = tx.keys().seal(KeyClass::log, place_of_seed(tx, number), seed);
    key.public_key.bytes = crypto::ed25519_public_key(Secret(std::move(seed)));
    key.created_at = tx.now();
    LogStore(tx).add(key);
    return key;
}

KeyRow signing_key(storage::Tx& tx, Randomness& randomness) {
    const std::vector<KeyRow> keys = LogStore(tx).keys();
    if (!keys.empty() && !keys.back().retired_at) {
        return keys.back();
    }
    return add_signing_key(tx, randomness, keys.empty() ? 1 : keys.back().id + 1);
}

std::string rotate_log_key(storage::Tx& tx, Randomness& randomness) {
    const KeyRow old = signing_key(tx, randomness);
    LogStore(tx).retire_key(old.id, tx.now());
    return add_signing_key(tx, randomness, old.id + 1).note_key().id();
}

Appended append_batch(storage::Tx& tx, Randomness& randomness, std::int64_t count_max) {
    LogStore store(tx);
    Appended appended;
    const std::optional<CheckpointRow> before = store.newest_checkpoint();
    const RecordId last = before ? before->last_record_id : RecordId();
    const std::vector<WaitingRow> waiting = store.waiting(last, count_max);
    if (waiting.empty()) {
        return appended;
    }
    StoredTiles tiles(store);
    const std::int64_t size = before ? before->id : 0;
    if (before && tree_root(tiles, size) != digest_from(before->root.bytes)) {
        appended.damaged = true;
        return appended;
    }
    TileAppender appender(tiles, size);
    for (const WaitingRow& row : waiting) {
        appender.add(digest_from(row.leaf_hash.bytes).view());
    }
    const Checkpoint made{origin_of(tx.tenant()), appender.size(),
                          tree_root(appender, appender.size()), tx.now()};
    write_tiles(store, appender);
    write_entries(store, size, waiting);
    write_checkpoint(tx, before, made, waiting.back().id, randomness);
    appended.count = static_cast<std::int64_t>(waiting.size());
    appended.more = appended.count == count_max;
    appended.oldest_at = waiting.front().at;
    return appended;
}

}  // namespace hangu::audit
