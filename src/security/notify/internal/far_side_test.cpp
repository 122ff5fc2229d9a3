#include "security/notify/internal/far_side.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace hangu::notify {
namespace {

constexpr Time kNow{1'698'315'752'000};  // 2023-10-26T10:22:32Z

std::string header_of(const egress::HttpRequest& request, std::string_view name) {
    for (const egress::Header& header : request.headers) {
        if (header.name == name) {
            return header.value;
        }
    }
    return "";
}

egress::Answer answered(int status, std::string body) {
    egress::Answer answer;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
}

// The example with fixed parameters in Aliyun's description of signature V3.
TEST(FarSide, aliyun_signs_as_its_own_example) {
    const AliyunAccount account{"https://ecs.cn-shanghai.aliyuncs.com", "YourAccessKeyId",
                                Secret("YourAccessKeySecret")};
    const AliyunCall call{"RunInstances",
                          "2014-05-26",
                          {{"RegionId", "cn-shanghai"},
                           {"ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}}};
    const egress::HttpRequest request =
        aliyun_request(account, call, "3156853299f313e23d1673dc12e1703d", kNow);
    EXPECT_EQ(header_of(request, "Authorization"),
              "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"
              "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature="
              "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0");
    EXPECT_EQ(header_of(request, "x-acs-date"), "2023-10-26T10:22:32Z");
    EXPECT_EQ(request.url,
              "https://ecs.cn-shanghai.aliyuncs.com/?ImageId=win2019_1809_x64_dtc_zh-cn_40G_"
              "alibase_20230811.vhd&RegionId=cn-shanghai");
}

TEST(FarSide, a_text_is_encoded_and_sorted) {
    const AliyunCall call =
        send_sms({"13812345678", "\xE8\x8C\xB6", "SMS_1", R"({"code":"012345"})", "id1"});
    const egress::HttpRequest request =
        aliyun_request({"http://127.0.0.1:8080", "k", Secret("s")}, call, "n", kNow);
    EXPECT_EQ(request.url,
              "http://127.0.0.1:8080/?OutId=id1&PhoneNumbers=13812345678&SignName=%E8%8C%B6&"
              "TemplateCode=SMS_1&TemplateParam=%7B%22code%22%3A%22012345%22%7D");
    EXPECT_EQ(header_of(request, "host"), "127.0.0.1:8080");
    EXPECT_EQ(aliyun_phone(*Phone::parse("13812345678")), "13812345678");
    EXPECT_EQ(aliyun_phone(*Phone::parse("+852 9123 4567")), "85291234567");
}

TEST(FarSide, aliyun_says_what_may_be_tried_again) {
    const Reply sent = aliyun_reply(
        answered(200, R"({"Message":"OK","RequestId":"R","Code":"OK","BizId":"9006^0"})"));
    EXPECT_EQ(sent.verdict, Verdict::sent);
    EXPECT_EQ(sent.reference, "9006^0");
    const auto verdict = [](int status, const std::string& code) {
        return aliyun_reply(
                   answered(status, R"({"Message":"to 13812345678","Code":")" + code + "\"}"))
            .verdict;
    };
    EXPECT_EQ(verdict(200, "isv.MOBILE_NUMBER_ILLEGAL"), Verdict::never);
    EXPECT_EQ(verdict(200, "isv.BUSINESS_LIMIT_CONTROL"), Verdict::again);
    EXPECT_EQ(verdict(200, "isp.SYSTEM_ERROR"), Verdict::again);
    EXPECT_EQ(verdict(400, "SignatureDoesNotMatch"), Verdict::never);
    EXPECT_EQ(verdict(400, "Throttling.User"), Verdict::again);
    EXPECT_EQ(verdict(503, "ServiceUnavailable"), Verdict::again);
    EXPECT_EQ(aliyun_reply(answered(200, "<html>")).verdict, Verdict::never);
    EXPECT_EQ(aliyun_reply(answered(200, R"({"Message":"to 13812345678","Code":"x"})")).words, "x");
}

TEST(FarSide, dingtalk_signs_time_and_secret_in_the_address) {
    const egress::HttpRequest request =
        robot_request(ChannelKind::dingtalk, "https://oapi.dingtalk.com/robot/send?access_token=t",
                      Secret("SEC1"), {"Title", "Text", "Tea · 1"}, Time(1'577'262'236'757));
    // openssl dgst -sha256 -hmac SEC1 -binary over "1577262236757\nSEC1", then base64.
    EXPECT_EQ(request.url,
              "https://oapi.dingtalk.com/robot/send?access_token=t&timestamp=1577262236757&sign="
              "ITVtMhBxlMWAso4YOWiyBDr7oDB8KSVHGqHA5hI1Ros%3D");
    EXPECT_EQ(request.body,
              "{\"msgtype\":\"text\",\"text\":{\"content\":\"Title\\nText\\nTea · 1\"}}");
}

TEST(FarSide, feishu_signs_nothing_with_time_and_secret) {
    const egress::HttpRequest request =
        robot_request(ChannelKind::feishu, "https://open.feishu.cn/open-apis/bot/v2/hook/h",
                      Secret("demo"), {"A", "B", "C"}, Time(1'599'360'473'000));
    EXPECT_EQ(request.url, "https://open.feishu.cn/open-apis/bot/v2/hook/h");
    EXPECT_EQ(
        request.body,
        "{\"msg_type\":\"text\",\"content\":{\"text\":\"A\\nB\\nC\"},"
        "\"timestamp\":\"1599360473\",\"sign\":\"l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=\"}");
}

TEST(FarSide, without_a_secret_nothing_is_signed) {
    const egress::HttpRequest request =
        robot_request(ChannelKind::wecom, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k",
                      Secret(), {"A", "B", "C"}, kNow);
    EXPECT_EQ(request.url, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k");
    EXPECT_EQ(request.body, "{\"msgtype\":\"text\",\"text\":{\"content\":\"A\\nB\\nC\"}}");
}

TEST(FarSide, robots_answer_in_three_ways) {
    const auto verdict = [](ChannelKind kind, int status, const std::string& body) {
        return robot_reply(kind, answered(status, body)).verdict;
    };
    EXPECT_EQ(verdict(ChannelKind::wecom, 200, R"({"errcode":0,"errmsg":"ok"})"), Verdict::sent);
    EXPECT_EQ(verdict(ChannelKind::wecom, 200, R"({"errcode":93000})"), Verdict::never);
    EXPECT_EQ(verdict(ChannelKind::wecom, 200, R"({"errcode":45009})"), Verdict::again);
    EXPECT_EQ(verdict(ChannelKind::dingtalk, 200, R"({"errcode":310000})"), Verdict::never);
    EXPECT_EQ(verdict(ChannelKind::dingtalk, 200, R"({"errcode":130101})"), Verdict::again);
    EXPECT_EQ(verdict(ChannelKind::feishu, 200, R"({"code":0,"msg":"success"})"), Verdict::sent);
    EXPECT_EQ(verdict(ChannelKind::feishu, 200, R"({"StatusCode":0})"), Verdict::sent);
    EXPECT_EQ(verdict(ChannelKind::feishu, 200, R"({"code":19021})"), Verdict::never);
    EXPECT_EQ(verdict(ChannelKind::feishu, 200, R"({"errcode":0})"), Verdict::never);
    EXPECT_EQ(verdict(ChannelKind::wecom, 502, "<html>"), Verdict::again);
    EXPECT_EQ(verdict(ChannelKind::wecom, 302, ""), Verdict::never);
}

TEST(FarSide, only_a_robots_own_address_is_taken) {
    const auto taken = [](ChannelKind kind, const std::string& url) {
        return is_robot_address(kind, url, false);
    };
    EXPECT_TRUE(taken(ChannelKind::wecom,
                      "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7aoc-4bc4"));
    EXPECT_TRUE(taken(ChannelKind::dingtalk,
                      "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef"));
    EXPECT_TRUE(
        taken(ChannelKind::feishu, "https://open.feishu.cn/open-apis/bot/v2/hook/db264cc8-856d"));
    for (const char* bad :
         {"https://qyapi.weixin.qq.com.evil.test/cgi-bin/webhook/send?key=693a91f6",
          "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6",
          "https://qyapi.weixin.qq.com@evil.test/cgi-bin/webhook/send?key=693a91f6",
          "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6&x=1",
          "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=short",
          "https://qyapi.weixin.qq.com/cgi-bin/token?key=693a91f6",
          "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef",
          "http://127.0.0.1:80/cgi-bin/webhook/send?key=693a91f6"}) {
        EXPECT_FALSE(taken(ChannelKind::wecom, bad)) << bad;
    }
    EXPECT_TRUE(is_robot_address(ChannelKind::wecom,
                                 "http://127.0.0.1:8080/cgi-bin/webhook/send?key=693a91f6", true));
    EXPECT_FALSE(is_robot_address(ChannelKind::wecom,
                                  "http://127.0.0.1:80@evil.test/cgi-bin/webhook/send?key=693a91f6",
                                  true));
}

TEST(FarSide, who_refuses_us_is_not_asked_again_and_who_is_ill_is) {
    egress::Answer answer;
    for (const char* code : {"egress.host_not_allowed", "egress.address_refused",
                             "egress.not_https", "egress.malformed"}) {
        answer.problem = code;
        EXPECT_EQ(not_reached(answer).verdict, Verdict::never) << code;
    }
    for (const char* code : {"egress.timed_out", "egress.unreachable", "egress.host_resting",
                             "egress.busy", "egress.stopped", "egress.tls_refused"}) {
        answer.problem = code;
        EXPECT_EQ(not_reached(answer).verdict, Verdict::again) << code;
    }
}

TEST(FarSide, a_mail_is_a_message_that_no_line_can_break) {
    const std::string mail =
        mail_message("shop@hangu.test", {"a@b.test", "c@d.test"},
                     {"\xE8\xAD\xA6\xE5\x91\x8A\r\nBcc: x@evil.test", "Body\r\n.\r\n", "Tea"},
                     "0abc", Time(1'795'305'600'000));
    EXPECT_TRUE(mail.starts_with("From: <shop@hangu.test>\r\nTo: <a@b.test>, <c@d.test>\r\n"));
    EXPECT_NE(mail.find("\r\nDate: Sun, 22 Nov 2026 00:00:00 +0000\r\n"), std::string::npos);
    EXPECT_NE(mail.find("\r\nMessage-ID: <0abc@hangu.test>\r\n"), std::string::npos);
    EXPECT_EQ(mail.find("Bcc"), std::string::npos);
    EXPECT_EQ(mail.find("\r\n.\r\n"), std::string::npos);
    std::size_t at = 0;
    while (at < mail.size()) {
        const std::size_t end = mail.find("\r\n", at);
        EXPECT_LE(end - at, 78u);
        at = end + 2;
    }
}

TEST(FarSide, mail_servers_say_whether_to_come_back) {
    EXPECT_EQ(mail_reply(answered(250, "")).verdict, Verdict::sent);
    EXPECT_EQ(mail_reply(answered(451, "")).verdict, Verdict::again);
    EXPECT_EQ(mail_reply(answered(550, "")).verdict, Verdict::never);
    EXPECT_FALSE(mail_addresses("", 10).has_value());
    EXPECT_FALSE(mail_addresses("a@b.test, nobody", 10).has_value());
    EXPECT_FALSE(mail_addresses("a@b.test,c@d.test", 1).has_value());
    EXPECT_EQ(mail_addresses("a@b.test , c@d.test", 2)->size(), 2u);
}

TEST(FarSide, encodings) {
    EXPECT_EQ(to_base64(""), "");
    EXPECT_EQ(to_base64("f"), "Zg==");
    EXPECT_EQ(to_base64("fo"), "Zm8=");
    EXPECT_EQ(to_base64("foo"), "Zm9v");
    EXPECT_EQ(to_base64("\xFB\xEF\xBF"), "+++/");
    EXPECT_EQ(percent_encoded("a-_.~ */+\xE8"), "a-_.~%20%2A%2F%2B%E8");
    EXPECT_EQ(one_line("a\r\nb", 9), "a  b");
    EXPECT_EQ(one_line("\xE8\x8C\xB6\xE8\x8C\xB6", 1), "\xE8\x8C\xB6");
}

}  // namespace
}  // namespace hangu::notify
