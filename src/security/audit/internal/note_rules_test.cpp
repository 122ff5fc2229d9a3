#include "security/audit/note_rules.hpp"

#include "base/randomness.hpp"
#include "base/text.hpp"
#include "platform/crypto/ed25519.hpp"

#include <gtest/gtest.h>

namespace hangu::audit {
namespace {

TEST(Note, base64_is_the_padded_one_and_only_that) {
    EXPECT_EQ(to_base64(""), "");
    EXPECT_EQ(to_base64("f"), "Zg==");
    EXPECT_EQ(to_base64("foob"), "Zm9vYg==");
    EXPECT_EQ(to_base64("\xfb\xff"), "+/8=");
    EXPECT_EQ(from_base64("+/8="), "\xfb\xff");
    EXPECT_EQ(from_base64("-_8="), std::nullopt);
    EXPECT_EQ(from_base64("Zg"), std::nullopt);
    EXPECT_EQ(from_base64("Zh=="), std::nullopt);
    EXPECT_EQ(from_base64("Zg==="), std::nullopt);
}

// The example of the Go package that the signed-note form comes from.
TEST(Note, the_known_example_is_read_and_believed) {
    const std::string note_of_example =
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n\n"
        "— PeterNeumann "
        "x08go/ZJkuBS9UG/"
        "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM"
        "=\n";
    const NoteKey key{"PeterNeumann",
                      from_base64("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")->substr(1)};
    EXPECT_EQ(key.id(), "c74f20a3");
    EXPECT_EQ(key.verifier(), "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    const auto note = parse_note(note_of_example);
    ASSERT_TRUE(note);
    EXPECT_TRUE(is_signed_by(*note, key));
    Note other = *note;
    other.text[0] = 'i';
    EXPECT_FALSE(is_signed_by(other, key));
}

TEST(Note, a_checkpoint_comes_back_as_it_went) {
    SeededRandomness random(5);
    const Secret seed = crypto::new_ed25519_seed(random);
    const NoteKey key{"hangu-audit/x", crypto::ed25519_public_key(seed)};
    const Checkpoint made{"hangu-audit/x", 1283, crypto::sha256("root"), Time(1'795'305'600'123)};
    const std::string text = checkpoint_text(made);
    const std::string whole =
        note_text(text, {signature_line(key, crypto::ed25519_sign(seed, text))});
    const auto note = parse_note(whole);
    ASSERT_TRUE(note);
    EXPECT_TRUE(is_signed_by(*note, key));
    const auto read = parse_checkpoint(note->text);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->origin, made.origin);
    EXPECT_EQ(read->size, made.size);
    EXPECT_EQ(read->root, made.root);
    EXPECT_EQ(read->at, made.at);
    // Whatever byte is changed: unreadable, or not signed.
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string other = whole;
        other[i] = static_cast<char>(other[i] ^ 2);
        const auto changed = parse_note(other);
        EXPECT_FALSE(changed && is_signed_by(*changed, key)) << i;
    }
}

TEST(Note, what_is_no_checkpoint_is_refused) {
    const std::string root = to_base64(crypto::sha256("x").view());
    EXPECT_TRUE(parse_checkpoint("o\n0\n" + root + "\n"));
    EXPECT_FALSE(parse_checkpoint("o\n01\n" + root + "\n"));
    EXPECT_FALSE(parse_checkpoint("o\n-1\n" + root + "\n"));
    EXPECT_FALSE(parse_checkpoint("\n1\n" + root + "\n"));
    EXPECT_FALSE(parse_checkpoint("o\n1\nAAAA\n"));
    EXPECT_FALSE(parse_checkpoint("o\n1\n" + root));
    EXPECT_FALSE(parse_checkpoint("o\n1\n" + root + "\n\nmore\n"));
    EXPECT_FALSE(parse_note("o\n1\n" + root + "\n"));
    EXPECT_FALSE(parse_note("text\n\n"));
    EXPECT_FALSE(parse_note(std::string(5'000, 'x') + "\n\n— a AAAAAAAA\n"));
}

}  // namespace
}  // namespace hangu::audit
