#include "security/notify/internal/notify_settings.hpp"

#include "security/notify/module.hpp"

namespace hangu::notify {

namespace {

constexpr Key<std::string> kAliyunEndpoint{"notify.aliyun_endpoint"};
constexpr Key<std::string> kAliyunKeyId{"notify.aliyun_key_id"};
constexpr Key<std::string> kAliyunKeySecret{"notify.aliyun_key_secret"};
constexpr Key<std::string> kAliyunSignName{"notify.aliyun_sign_name"};
constexpr Key<std::string> kTemplateSignIn{"notify.aliyun_template_sign_in_code"};
constexpr Key<std::string> kTemplateRecovery{"notify.aliyun_template_recovery_code"};
constexpr Key<std::string> kTemplateInvitation{"notify.aliyun_template_invitation"};
constexpr Key<std::string> kTemplateTold{"notify.aliyun_template_told"};
constexpr Key<std::string> kMailHost{"notify.mail_host"};
constexpr Key<std::int64_t> kMailPort{"notify.mail_port"};
constexpr Key<std::string> kMailSecurity{"notify.mail_security"};
constexpr Key<std::string> kMailUser{"notify.mail_user"};
constexpr Key<std::string> kMailPassword{"notify.mail_password"};
constexpr Key<std::string> kMailFrom{"notify.mail_from"};

const Key<std::string>& template_key(TextKind kind) {
    switch (kind) {
        case TextKind::recovery_code:
            return kTemplateRecovery;
        case TextKind::invitation:
            return kTemplateInvitation;
        case TextKind::told:
            return kTemplateTold;
        case TextKind::sign_in_code:
            break;
    }
    return kTemplateSignIn;
}

std::vector<settings::Setting> text_settings() {
    using std::int64_t;
    using std::string;
    return {
        {kTextSender.key, string("none"), 4, 16, "",
         "Who sends text messages: none, aliyun, or mailbox (kept in the console; never in "
         "production)."},
        {kTextAttemptsMax.key, int64_t{5}, 1, 10, "",
         "Attempts to send a text message; one that came too late is not tried again."},
        {kTextsKeptDays.key, int64_t{30}, 1, 365, "days", "How long it stays known what was sent."},
        {kAliyunEndpoint.key, string("https://dysmsapi.aliyuncs.com"), 8, 200, "",
         "Address of Aliyun's text message service."},
        {kAliyunKeyId.key, string(), 0, 128, "", "AccessKey id of a RAM user who may SendSms."},
        {kAliyunKeySecret.key, string(), 0, 128, "", "AccessKey secret of that user.", true},
        {kAliyunSignName.key, string(), 0, 64, "", "The approved signature of the texts."},
        {kTemplateSignIn.key, string(), 0, 64, "",
         "Approved template of sign-in codes, with ${code}."},
        {kTemplateRecovery.key, string(), 0, 64, "",
         "Approved template of recovery codes, with ${code}."},
        {kTemplateInvitation.key, string(), 0, 64, "",
         "Approved template of invitations, with ${link}."},
        {kTemplateTold.key, string(), 0, 64, "",
         "Approved template of what happened to an account, with ${what}."},
    };
}

}  // namespace

std::vector<settings::Setting> settings() {
    using std::int64_t;
    using std::string;
    std::vector<settings::Setting> all = text_settings();
    const settings::Setting others[] = {
        {kNoticesKeptDays.key, int64_t{90}, 7, 3650, "days", "How long notices are kept."},
        {kDeliveryAttemptsMax.key, int64_t{8}, 1, 20, "",
         "Attempts to deliver a notice over a channel; then it is dead and can be revived."},
        {kLocalRobots.key, false, 0, 0, "",
         "Webhooks may point at this machine: for tests and local simulators."},
        {kMailHost.key, string(), 0, 253, "",
         "Mail server for notices; it must stand in egress.hosts too. Empty: no mail."},
        {kMailPort.key, int64_t{465}, 1, 65535, "", "Port of the mail server."},
        {kMailSecurity.key, string("tls"), 3, 8, "",
         "tls, starttls, or none (to this machine only, where egress allows it)."},
        {kMailUser.key, string(), 0, 254, "", "Name at the mail server; empty: it asks for none."},
        {kMailPassword.key, string(), 0, 254, "", "Password at the mail server.", true},
        {kMailFrom.key, string(), 0, 254, "", "Address that notices come from."},
    };
    all.insert(all.end(), std::begin(others), std::end(others));
    return all;
}

TextSender text_sender(const settings::Snapshot& settings) {
    return parse_enum<TextSender>(settings.get(kTextSender)).value_or(TextSender::none);
}

bool uses_mailbox(const settings::Snapshot& settings) {
    return text_sender(settings) == TextSender::mailbox;
}

std::string text_advice(const settings::Snapshot& settings) {
    return text_sender(settings) == TextSender::none
               ? "notify.text_sender is none: no sign-in code and no invitation is sent"
               : "";
}

AliyunAccount aliyun_account(const settings::Snapshot& settings) {
    return {settings.get(kAliyunEndpoint), settings.get(kAliyunKeyId),
            Secret(settings.get(kAliyunKeySecret))};
}

std::string aliyun_sign_name(const settings::Snapshot& settings) {
    return settings.get(kAliyunSignName);
}

const std::string& aliyun_template(const settings::Snapshot& settings, TextKind kind) {
    return settings.get(template_key(kind));
}

std::optional<egress::Mail> mail_server(const settings::Snapshot& settings) {
    egress::Mail mail;
    mail.host = settings.get(kMailHost);
    if (mail.host.empty()) {
        return std::nullopt;
    }
    mail.port = static_cast<int>(settings.get(kMailPort));
    mail.security = parse_enum<egress::MailSecurity>(settings.get(kMailSecurity))
                        .value_or(egress::MailSecurity::tls);
    mail.user = settings.get(kMailUser);
    mail.password = Secret(settings.get(kMailPassword));
    mail.from = settings.get(kMailFrom);
    return mail;
}

Result<void> check_settings(const settings::Snapshot& settings) {
    Problem problem = Problem::invalid("settings.invalid");
    const auto complain = [&problem](std::string_view key, std::string_view detail) {
        problem.fields.push_back({std::string(key), "setting.invalid", std::string(detail)});
    };
    const auto sender = parse_enum<TextSender>(settings.get(kTextSender));
    if (!sender) {
        complain(kTextSender.key, "none, aliyun or mailbox");
    }
    if (sender == TextSender::aliyun) {
        for (const auto& key : {kAliyunKeyId, kAliyunKeySecret, kAliyunSignName, kTemplateSignIn}) {
            if (settings.get(key).empty()) {
                complain(key.key, "is needed when notify.text_sender is aliyun");
            }
        }
        const std::string& endpoint = settings.get(kAliyunEndpoint);
        const bool web = endpoint.starts_with("https://") || endpoint.starts_with("http://");
        if (!web || endpoint.find('/', 8) != std::string::npos) {
            complain(kAliyunEndpoint.key, "https:// and a host, without a path");
        }
    }
    if (!parse_enum<egress::MailSecurity>(settings.get(kMailSecurity))) {
        complain(kMailSecurity.key, "tls, starttls or none");
    }
    if (!settings.get(kMailHost).empty() && !Email::parse(settings.get(kMailFrom))) {
        complain(kMailFrom.key, "a mail address is needed when notify.mail_host is set");
    }
    if (problem.fields.empty()) {
        return {};
    }
    return problem;
}

}  // namespace hangu::notify
