#include "platform/files/links.hpp"

#include "base/text.hpp"
#include "platform/files/internal/content_rules.hpp"
#include "tests/support/key_store.hpp"

#include <gtest/gtest.h>

namespace hangu::files {
namespace {

constexpr Time kNow{1'795'305'600'000};
constexpr TenantId kLinkTenant{101};

class Links : public ::testing::Test {
 protected:
    Links() : keys_(ring_.create(kLinkTenant)), other_(ring_.create(TenantId(102))) {
        terms_.file = {kLinkTenant, "product-picture/0c1/5f"};
        terms_.until = kNow.plus_ms(kHourMs);
    }
    static std::string token(const std::string& link) { return link.substr(7); }
    std::optional<LinkClaim> claim() { return read_link(token(make_link(*keys_, terms_))); }

    testing::MemoryKeyStore store_;
    crypto::SystemRandomness randomness_;
    crypto::KeyRing ring_{Secret(std::string(32, 'r')), store_, randomness_};
    std::shared_ptr<crypto::TenantKeys> keys_;
    std::shared_ptr<crypto::TenantKeys> other_;
    LinkTerms terms_;
};

TEST_F(Links, says_what_it_is_for) {
    terms_.shown_name = "茶 \"1\".png";
    terms_.disposition = Disposition::shown;
    const std::string link = make_link(*keys_, terms_);
    EXPECT_TRUE(link.starts_with("/files/"));
    EXPECT_EQ(link, make_link(*keys_, terms_));  // a browser may keep what it took
    const auto read = claim();
    ASSERT_TRUE(read);
    EXPECT_EQ(read->terms.file.tenant, kLinkTenant);
    EXPECT_EQ(read->terms.file.name, terms_.file.name);
    EXPECT_EQ(read->terms.until, terms_.until);
    EXPECT_EQ(read->terms.shown_name, terms_.shown_name);
    EXPECT_EQ(read->terms.disposition, Disposition::shown);
    EXPECT_FALSE(read->is_bound);
    EXPECT_TRUE(is_signed(*keys_, *read, ""));
    EXPECT_FALSE(is_signed(*other_, *read, ""));
}

TEST_F(Links, any_changed_character_breaks_it) {
    const std::string link = token(make_link(*keys_, terms_));
    for (std::size_t at = 0; at < link.size(); ++at) {
        std::string changed = link;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        const auto read = read_link(changed);
        EXPECT_FALSE(read && is_signed(*keys_, *read, "")) << at;
    }
}

TEST_F(Links, each_term_is_signed) {
    const auto genuine = claim();
    ASSERT_TRUE(genuine);
    const auto with = [&](auto change) {
        LinkTerms changed = terms_;
        change(changed);
        auto read = read_link(token(make_link(*keys_, changed)));
        HANGU_ASSERT(read);
        read->signature = genuine->signature;
        return is_signed(*keys_, *read, "");
    };
    EXPECT_TRUE(with([](LinkTerms&) {}));
    EXPECT_FALSE(with([](LinkTerms& terms) { terms.until = terms.until.plus_ms(1); }));
    EXPECT_FALSE(with([](LinkTerms& terms) { terms.file.name += "x"; }));
    EXPECT_FALSE(with([](LinkTerms& terms) { terms.disposition = Disposition::shown; }));
    // The same bytes, cut otherwise.
    EXPECT_FALSE(with([](LinkTerms& terms) {
        terms.shown_name = "p";
        terms.file.name.erase(0, 1);
    }));
}

TEST_F(Links, a_bound_one_is_for_one_person) {
    terms_.bound_to = "1:x:7";
    const auto read = claim();
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->is_bound);
    EXPECT_EQ(read->terms.bound_to, "");  // it does not say whom
    EXPECT_TRUE(is_signed(*keys_, *read, "1:x:7"));
    EXPECT_FALSE(is_signed(*keys_, *read, "1:x:8"));
    EXPECT_FALSE(is_signed(*keys_, *read, ""));
    terms_.bound_to = "";
    const auto open = claim();
    EXPECT_FALSE(is_signed(*keys_, *open, "1:x:7"));
}

TEST_F(Links, other_texts_are_none) {
    for (const std::string& text :
         {std::string(), std::string("."), std::string("a.b"), std::string("a.b.c"),
          std::string(5000, 'A'), to_base64url("\x01") + ".AAAA",
          to_base64url(std::string("\x01\x04", 2) + std::string(17, '\0') + "a") + ".AAAA",
          to_base64url(std::string("\x01\x00", 2) + std::string(17, '\0') + "../a") + ".AAAA",
          to_base64url(std::string("\x01\x00", 2) + std::string(16, '\0') +
                       "\xff"
                       "abc") +
              ".AAAA"}) {
        EXPECT_FALSE(read_link(text)) << text;
    }
}

TEST_F(Links, those_made_within_an_hour_are_the_same) {
    EXPECT_EQ(link_until(kNow), kNow.plus_ms(2 * kHourMs));
    EXPECT_EQ(link_until(kNow.plus_ms(kHourMs - 1)), kNow.plus_ms(2 * kHourMs));
    EXPECT_EQ(link_until(kNow.plus_ms(kHourMs)), kNow.plus_ms(3 * kHourMs));
}

TEST(ContentRules, what_a_browser_would_run_is_never_given_as_that) {
    for (const std::string type :
         {"text/html", "image/svg+xml", "application/xhtml+xml", "text/xml",
          "application/javascript", "text/css", "", "TEXT/HTML", "text/html; charset=utf-8",
          "image/png, text/html", "multipart/mixed"}) {
        EXPECT_EQ(handed_type(type), "application/octet-stream") << type;
        EXPECT_FALSE(may_be_shown(type, "<html>")) << type;
    }
    EXPECT_EQ(handed_type("image/png"), "image/png");
    EXPECT_EQ(handed_type("text/csv"), "text/csv; charset=utf-8");
    EXPECT_FALSE(may_be_shown("application/pdf", "%PDF-1.7"));
    EXPECT_FALSE(may_be_shown("image/png", "<script>alert(1)</script>"));
}

TEST(ContentRules, a_name_cannot_bring_a_header) {
    EXPECT_EQ(content_disposition(false, "a\"b\r\nX-Y: 1;茶.png"),
              "attachment; filename=\"a_b__X-Y: 1;___.png\"; "
              "filename*=UTF-8''a%22b%0D%0AX-Y%3A%201%3B%E8%8C%B6.png");
    EXPECT_EQ(content_disposition(true, "x.png"),
              "inline; filename=\"x.png\"; filename*=UTF-8''x.png");
}

}  // namespace
}  // namespace hangu::files
