// What is told, in both languages. A code never changes its meaning.
#include "security/notify/internal/notice_rules.hpp"

#include <algorithm>

namespace hangu::notify {

namespace {

constexpr std::string_view kStaffView = "staff.view";
constexpr std::string_view kAuditView = "audit.view";
constexpr std::string_view kChannelView = "channel.view";
constexpr std::string_view kDestinationView = "destination.view";
constexpr std::string_view kTextView = "text.view";
constexpr std::string_view kPlatformNotices = "platform.notices";

constexpr NoticeKind kKinds[] = {
    {kUnusualSignIn, Severity::warning, "", "/my-safety", "账号在不常用的地点登录",
     "A sign-in from an unusual place",
     "您的账号刚刚在 {place} 登录，网络地址 "
     "{network}。如非本人操作，请立即修改密码并结束其他会话。",
     "Your account was signed in to from {place}, address {network}. If it was not you, change "
     "your "
     "password and end the other sessions at once."},
    {kAccountLocked, Severity::warning, kStaffView, "/my-safety", "账号因多次密码错误被暂时锁定",
     "An account is locked after wrong passwords",
     "账号 {name} 连续多次登录失败，陌生设备 {minutes} 分钟内无法登录。",
     "Account {name} failed to sign in too often; unknown browsers are kept out for {minutes} "
     "minutes."},
    {kAccountStopped, Severity::critical, kStaffView, "/lock-outs", "账号因多次越权操作被停用",
     "An account was stopped after refused requests",
     "账号 {name} 在短时间内 {count} 次尝试没有权限的操作，已被停用。",
     "Account {name} tried {count} times in a short while to do what it may not and was stopped."},
    {kAccountUnlocked, Severity::info, "", "/my-safety", "账号锁定已解除",
     "Your account is unlocked", "您账号的锁定已由 {by} 解除。",
     "{by} ended the lock of your account."},
    {kFactorRemoved, Severity::warning, "", "/my-safety", "第二验证方式已被移除",
     "A second factor was removed",
     "您账号的第二验证方式已被 {by} 移除。如非您所知，请立即联系管理员。",
     "A second factor of your account was removed by {by}. If you did not expect this, speak to an "
     "administrator at once."},
    {kFactorAdded, Severity::info, "", "/my-safety", "已添加第二验证方式",
     "A second factor was added",
     "您的账号已添加第二验证方式：{factor}。如非本人操作，请立即联系管理员。",
     "A second factor was added to your account: {factor}. If it was not you, speak to an "
     "administrator at once."},
    {kPasswordChanged, Severity::info, "", "/my-safety", "密码已修改", "The password was changed",
     "您的登录密码刚刚被修改，网络地址 {network}。如非本人操作，请立即联系管理员。",
     "Your password was changed from address {network}. If it was not you, speak to an "
     "administrator at once."},
    {kSessionMoved, Severity::critical, "", "/my-safety", "您的登录会话出现在另一个浏览器中",
     "Your session turned up in another browser",
     "有人从 {network} "
     "在另一个浏览器中使用了您的登录会话，该会话已被结束。如果您没有更换或升级浏览器，"
     "请立即修改密码。",
     "Your session was used in another browser from address {network} and was ended. If you have "
     "not changed or updated your browser, change your password at once."},
    {kRecoveryBegun, Severity::warning, "", "/my-safety", "有人正在找回您的账号",
     "Someone began to recover your account",
     "有人从 {network} 申请找回您的账号。如非本人操作，请勿将验证码告诉任何人。",
     "Recovery of your account was begun from {network}. If it was not you, give the code to "
     "nobody."},
    {kViolations, Severity::warning, kStaffView, "/audit", "员工多次越权操作",
     "Someone tries what she may not", "员工 {name} 在短时间内 {count} 次尝试没有权限的操作。",
     "{name} tried {count} times in a short while to do what she may not."},
    {kAuditDamaged, Severity::critical, kAuditView, "/audit", "操作记录校验失败",
     "The audit log does not verify",
     "操作记录与已签名的检查点不一致：{finding}。请保留现场并联系平台。",
     "The audit log differs from its signed checkpoints: {finding}. Keep everything as it is and "
     "speak to the platform."},
    {kSignInAttack, Severity::critical, kStaffView, "/lock-outs", "检测到登录攻击",
     "An attack on sign-in is in progress",
     "{network} 正在尝试大量登录，已失败 {count} 次，已自动限制。",
     "{network} is trying many sign-ins: {count} failures so far; it is being held back."},
    {kOfMerchant, Severity::critical, kPlatformNotices, "/going-on", "商家安全事件",
     "Something is going on at a merchant", "商家 {merchant}：{text}",
     "Merchant {merchant}: {text}"},
    {kExportMade, Severity::info, kAuditView, "/audit", "操作记录被导出",
     "Audit records were exported", "{name} 导出了 {count} 条操作记录。",
     "{name} exported {count} audit records."},
    {kTextsFailing, Severity::critical, kTextView, "/texts", "短信发送失败",
     "Text messages are not being delivered", "短信无法送达：{reason}。",
     "Text messages cannot be delivered: {reason}."},
    {kChannelFailing, Severity::warning, kChannelView, "/channels", "通知渠道发送失败",
     "A notice channel is failing", "渠道「{channel}」多次发送失败：{reason}。",
     "The channel \"{channel}\" failed again and again: {reason}."},
    {"destination.failing", Severity::warning, kDestinationView, "/destinations", "事件投递失败",
     "Events are not being delivered", "事件无法投递到「{destination}」：{reason}。",
     "Events do not arrive at \"{destination}\": {reason}."},
    {kChannelTest, Severity::info, "", "/channels", "测试消息", "Test message",
     "这是一条测试消息，由 {name} 发出。收到即表示渠道工作正常。",
     "This is a test message, sent by {name}. If you can read it, the channel works."},
};

}  // namespace

std::span<const NoticeKind> notice_kinds() {
    return kKinds;
}

const NoticeKind* find_notice_kind(std::string_view code) {
    const auto* found = std::find_if(std::begin(kKinds), std::end(kKinds),
                                     [code](const NoticeKind& kind) { return kind.code == code; });
    return found == std::end(kKinds) ? nullptr : found;
}

std::string filled(std::string_view pattern, const std::vector<Parameter>& parameters) {
    std::string text;
    while (!pattern.empty()) {
        const std::size_t open = pattern.find('{');
        text += pattern.substr(0, open);
        if (open == std::string_view::npos) {
            break;
        }
        const std::size_t close = pattern.find('}', open);
        const std::string_view name = pattern.substr(open + 1, close - open - 1);
        const auto value = std::find_if(parameters.begin(), parameters.end(),
                                        [name](const Parameter& one) { return one.name == name; });
        text += value == parameters.end() ? std::string("–") : value->value;
        pattern.remove_prefix(close == std::string_view::npos ? pattern.size() : close + 1);
    }
    return text;
}

NoticeText text_of(const NoticeKind& kind, const std::vector<Parameter>& parameters,
                   Locale locale) {
    const bool zh = locale == Locale::zh;
    std::vector<Parameter> spoken = parameters;
    for (Parameter& parameter : spoken) {
        const std::string_view suffix = zh ? "_zh" : "_en";
        if (parameter.name.ends_with(suffix)) {
            parameter.name.resize(parameter.name.size() - suffix.size());
        }
    }
    return {std::string(zh ? kind.title_zh : kind.title_en),
            filled(zh ? kind.text_zh : kind.text_en, spoken)};
}

bool wants(Severity severity_min, std::string_view kinds, const NoticeKind& kind) {
    if (kind.severity < severity_min) {
        return false;
    }
    if (kinds.empty()) {
        return true;
    }
    while (!kinds.empty()) {
        const std::size_t blank = kinds.find(' ');
        if (kinds.substr(0, blank) == kind.code) {
            return true;
        }
        kinds.remove_prefix(blank == std::string_view::npos ? kinds.size() : blank + 1);
    }
    return false;
}

}  // namespace hangu::notify
