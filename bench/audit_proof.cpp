// The proof of one record among ten million: its size, and what making and checking it costs.
//
//     audit_proof [--leaves 10000000] [--rounds 20000]
#include "platform/crypto/ed25519.hpp"
#include "security/audit/merkle_log.hpp"
#include "support/measure.hpp"

#include <array>
#include <cstring>

namespace {

using namespace hangu;

class MemoryTiles final : public audit::TileSource {
 public:
    std::string_view tile(audit::TileId id) override { return tiles_[id]; }
    void take(const audit::TileAppender& appender) {
        for (const auto& [id, hashes] : appender.changed()) {
            tiles_[id] = hashes;
        }
    }

 private:
    std::map<audit::TileId, std::string> tiles_;
};

crypto::Digest leaf_of(std::int64_t number) {
    std::array<char, sizeof number> bytes{};
    std::memcpy(bytes.data(), &number, sizeof number);
    return crypto::sha256(std::string_view(bytes.data(), bytes.size()));
}

double microseconds(std::int64_t before, std::int64_t rounds) {
    return static_cast<double>(bench::process_cpu_us() - before) / static_cast<double>(rounds);
}

}  // namespace

int main(int count, char** words) {
    const std::int64_t leaves = bench::flag(count, words, "--leaves", 10'000'000);
    const std::int64_t rounds = bench::flag(count, words, "--rounds", 20'000);
    constexpr std::int64_t kBatch = 4'096;
    MemoryTiles tiles;
    std::int64_t before = bench::process_cpu_us();
    for (std::int64_t size = 0; size < leaves;) {
        audit::TileAppender appender(tiles, size);
        while (appender.size() < std::min(leaves, size + kBatch)) {
            appender.add(leaf_of(appender.size()).view());
        }
        size = appender.size();
        tiles.take(appender);
    }
    bench::report("audit.proof", "append_cpu", microseconds(before, leaves), "us");

    const crypto::Digest root = audit::tree_root(tiles, leaves);
    std::vector<std::vector<crypto::Digest>> proofs;
    before = bench::process_cpu_us();
    for (std::int64_t i = 0; i < rounds; ++i) {
        proofs.push_back(audit::inclusion_proof(tiles, i * 7919 % leaves, leaves));
    }
    bench::report("audit.proof", "make_cpu", microseconds(before, rounds), "us");
    std::size_t longest = 0;
    std::int64_t good = 0;
    before = bench::process_cpu_us();
    for (std::int64_t i = 0; i < rounds; ++i) {
        const std::int64_t index = i * 7919 % leaves;
        const auto& proof = proofs[static_cast<std::size_t>(i)];
        longest = std::max(longest, proof.size());
        good += audit::verify_inclusion(index, leaves, leaf_of(index), proof, root) ? 1 : 0;
    }
    bench::report("audit.proof", "check_cpu", microseconds(before, rounds), "us");
    bench::report("audit.proof", "proof_bytes", static_cast<double>(longest * audit::kHashBytes),
                  "bytes");
    bench::report("audit.proof", "verified", static_cast<double>(good), "proofs");

    SeededRandomness random(1);
    const Secret seed = crypto::new_ed25519_seed(random);
    const std::string key = crypto::ed25519_public_key(seed);
    constexpr std::int64_t kSignatures = 2'000;
    std::string signature;
    before = bench::process_cpu_us();
    for (std::int64_t i = 0; i < kSignatures; ++i) {
        signature = crypto::ed25519_sign(seed, root.view());
    }
    bench::report("audit.proof", "sign_cpu", microseconds(before, kSignatures), "us");
    before = bench::process_cpu_us();
    for (std::int64_t i = 0; i < kSignatures; ++i) {
        good += crypto::ed25519_verify(key, root.view(), signature) ? 0 : 1;
    }
    bench::report("audit.proof", "signature_check_cpu", microseconds(before, kSignatures), "us");
    return good == rounds ? 0 : 1;
}
