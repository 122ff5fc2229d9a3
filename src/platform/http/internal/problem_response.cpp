#include "platform/http/problem_response.hpp"

#include "base/json.hpp"

#include <algorithm>

namespace hangu::http {

namespace {

constexpr ProblemTitle kTitles[] = {
    {"app_key.not_found", "应用密钥不存在", "No such application key"},
    {"approval.closed", "审批已结束", "This request is closed"},
    {"approval.expired", "审批已过期", "This request has run out"},
    {"approval.not_asker", "只有申请人可以撤回", "Only who asked can take it back"},
    {"approval.not_found", "审批不存在", "No such request for approval"},
    {"approval.own_request", "不能审批自己的申请", "Nobody decides on her own request"},
    {"approval.stale", "审批状态已变化，请刷新后重试", "The request was changed meanwhile"},
    {"approval.too_many", "待处理的审批过多", "Too many requests are open"},
    {"approval.voted_already", "您已处理过此审批", "You have decided on this request already"},
    {"audit.selection_too_wide", "所选时间段内记录过多，请缩短", "Too many records in this period"},
    {"body.not_an_object", "请求体必须是 JSON 对象", "The body must be a JSON object"},
    {"body.not_json", "请求体必须是 JSON", "The body must be JSON"},
    {"category.name_taken", "分类名称已被使用", "This category name is taken"},
    {"category.not_found", "分类不存在", "No such category"},
    {"category.stale", "分类已被他人修改，请刷新后重试", "The category was changed meanwhile"},
    {"channel.no_mail_server", "平台尚未配置邮件服务器", "No mail server is set up"},
    {"channel.not_found", "通知渠道不存在", "No such channel"},
    {"channel.stale", "通知渠道已被他人修改，请刷新后重试", "The channel was changed meanwhile"},
    {"channel.too_many", "通知渠道数量已达上限", "There are as many channels as there may be"},
    {"dead_letter.not_dead", "该事件尚未被放弃", "This event has not been given up"},
    {"dead_letter.not_found", "未送达事件不存在", "No such undelivered event"},
    {"delivery.not_dead", "该消息无需重发", "This message has not failed for good"},
    {"delivery.not_found", "消息不存在", "No such message"},
    {"destination.no_broker", "平台尚未配置消息服务器", "No message broker is set up"},
    {"destination.not_found", "投递目标不存在", "No such destination"},
    {"destination.replay_ahead", "只能重新投递已处理过的事件",
     "Only what was dealt with can be delivered again"},
    {"destination.stale", "投递目标已被他人修改，请刷新后重试",
     "The destination was changed meanwhile"},
    {"destination.too_many", "投递目标数量已达上限",
     "There are as many destinations as there may be"},
    {"device.not_found", "设备不存在", "No such device"},
    {"disclosure.lapsed", "下载期限已过", "The time to take it is over"},
    {"disclosure.no_records", "没有符合条件的记录", "No record is like that"},
    {"disclosure.not_approved", "披露尚未获批准", "The disclosure is not approved"},
    {"disclosure.not_found", "披露不存在", "No such disclosure"},
    {"disclosure.selection_changed", "记录与申请时不一致，请核验操作记录",
     "The records are not those that were asked for; verify the audit log"},
    {"disclosure.taken_already", "披露内容只能下载一次", "A disclosure can be taken once"},
    {"disclosure.too_many_records", "一次披露的记录过多", "Too many records for one disclosure"},
    {"duty_pair.exists", "这两项权限已设为互斥", "These two are kept apart already"},
    {"duty_pair.not_found", "互斥职责不存在", "No such pair of duties"},
    {"files.damaged", "文件已损坏，无法打开", "The file is damaged and does not open"},
    {"files.link_over", "链接已过期", "This link is over"},
    {"files.name_invalid", "文件名无效", "This is no name of a file"},
    {"files.no_room", "文件存储空间不足", "There is no room for more files"},
    {"files.not_found", "文件不存在", "No such file"},
    {"files.too_large", "文件过大", "The file is too large"},
    {"files.unavailable", "文件存储暂不可用，请稍后再试",
     "Files cannot be reached; try again later"},
    {"grant.duties_conflict", "同一地点不能同时拥有互斥的权限",
     "Two duties that are kept apart would meet in one person"},
    {"grant.not_found", "授权不存在", "No such grant"},
    {"grant.outlasts_giver", "授权期限不能超过您自己的期限",
     "Nobody can grant for longer than she holds it herself"},
    {"grants.too_many", "授权数量过多", "Too many grants for one person"},
    {"grants.too_many_places", "分散的地点过多，请改授上级区域",
     "Too many separate places; grant the region above"},
    {"habit.not_found", "该习惯记录不存在", "No such habit"},
    {"idempotency.mismatch", "同一幂等键对应的请求内容不同",
     "The same idempotency key came with another request"},
    {"idempotency.required", "缺少 Idempotency-Key 请求头",
     "The Idempotency-Key header is missing"},
    {"input.invalid", "提交的内容有误", "Some fields are not right"},
    {"json.duplicate_key", "JSON 中有重复的键", "A key stands twice in the JSON"},
    {"json.malformed", "JSON 格式错误", "The JSON is malformed"},
    {"json.too_deep", "JSON 层级过深", "The JSON is nested too deeply"},
    {"json.too_large", "JSON 内容过多", "The JSON holds too many values"},
    {"lock_out.not_found", "该账号未被锁定", "This account is not locked"},
    {"mailbox.off", "未启用开发信箱", "The development mailbox is not in use"},
    {"member.not_found", "会员不存在", "No such member"},
    {"member.phone_taken", "该手机号已是会员", "This phone number belongs to a member already"},
    {"member.stale", "会员资料已被他人修改，请刷新后重试", "The member was changed meanwhile"},
    {"method.not_allowed", "不支持该请求方法", "This method is not allowed here"},
    {"node.elsewhere", "该商户由另一节点服务", "Another node serves this merchant"},
    {"node.moving", "该商户正在切换节点，请稍后重试",
     "This merchant is changing nodes; try again in a moment"},
    {"notice.not_found", "通知不存在", "No such notice"},
    {"order.not_found", "订单不存在", "No such order"},
    {"order.price_changed", "价格已变动，请重新确认", "The price has changed; confirm it again"},
    {"order.sold_out", "商品已售罄", "Sold out"},
    {"order.stale", "订单状态已变化，请刷新后重试", "The order was changed meanwhile"},
    {"order.unavailable", "商品在该门店不可售", "Not available at this store"},
    {"order.wrong_state", "订单当前状态不允许此操作", "The order's state does not allow this"},
    {"org_node.not_found", "组织节点不存在", "No such organisation node"},
    {"org_node.stale", "组织节点已被他人修改，请刷新后重试",
     "The organisation node was changed meanwhile"},
    {"origin.refused", "请求来源不被允许", "The request came from another site"},
    {"passkey.exists", "该通行密钥已添加过", "This passkey is there already"},
    {"passkey.needs_host_name", "请用域名访问控制台后再使用通行密钥",
     "Passkeys need the console to be called by its host name, not by an address"},
    {"passkey.not_found", "通行密钥不存在", "No such passkey"},
    {"passkey.refused", "通行密钥未通过验证", "The passkey was refused"},
    {"passkey.too_many", "通行密钥数量已达上限", "There are too many passkeys"},
    {"permission.denied", "没有权限执行此操作", "You may not do this"},
    {"permission.outside_scope", "不在您的数据范围内", "This is outside your data scope"},
    {"product.code_taken", "商品编码已被使用", "This product code is taken"},
    {"product.not_found", "商品不存在", "No such product"},
    {"product.stale", "商品已被他人修改，请刷新后重试", "The product was changed meanwhile"},
    {"rate.limited", "请求过于频繁，请稍后再试", "Too many requests; try again later"},
    {"realm.wrong", "此凭证不能用于该接口", "This kind of credential is not accepted here"},
    {"report.too_long", "报表耗时过长，请缩小范围", "The report took too long; narrow it"},
    {"role.built_in", "内置角色不能修改或删除", "A built-in role cannot be changed or removed"},
    {"role.ceiling", "不能授予自己没有的权限", "Nobody can grant what she does not hold"},
    {"role.duties_conflict", "角色中包含互斥的权限",
     "The role would hold duties that are kept apart"},
    {"role.in_use", "角色仍在使用", "The role is still in use"},
    {"role.last_owner", "至少需要保留一位所有者", "The last owner has to stay"},
    {"role.name_taken", "角色名称已存在", "This role name is taken"},
    {"role.not_found", "角色不存在", "No such role"},
    {"role.stale", "角色已被他人修改，请刷新后重试", "The role was changed meanwhile"},
    {"route.not_found", "接口不存在", "No such address"},
    {"second_factor.exists", "已启用身份验证器", "An authenticator app is set up already"},
    {"second_factor.expired", "登录已超时，请重新登录", "This sign-in has run out; begin again"},
    {"second_factor.missing", "此次登录需要第二验证方式，请联系管理员获取一次性登录链接",
     "This sign-in needs a second factor; ask an administrator for a sign-in link"},
    {"second_factor.not_begun", "请先开始设置身份验证器", "Begin setting the authenticator app up"},
    {"second_factor.not_found", "尚未启用身份验证器", "No authenticator app is set up"},
    {"second_factor.required", "请输入第二验证码", "A second factor is needed"},
    {"second_factor.wrong", "验证码错误", "The code is wrong"},
    {"server.busy", "系统繁忙，请稍后再试", "Busy; try again in a moment"},
    {"session.link_refused", "登录链接已用过、已过期或不存在",
     "The sign-in link was used, has expired or does not exist"},
    {"session.moved", "登录会话出现在另一个浏览器中，已被结束，请重新登录",
     "The session turned up in another browser and was ended; sign in again"},
    {"session.not_found", "会话不存在或已结束", "No such session, or it has ended"},
    {"session.refused", "商家编码、账号或密码错误", "Tenant code, account or password is wrong"},
    {"session.required", "请先登录", "Sign in first"},
    {"session.step_up_required", "请再次验证身份", "Prove once more who you are"},
    {"session.throttled", "尝试次数过多，请稍后再试", "Too many attempts; try again later"},
    {"session.unusual", "登录环境异常，已拒绝", "This sign-in is too unusual and was refused"},
    {"sign_in.busy", "登录繁忙，请稍后再试", "Sign-in is busy; try again in a moment"},
    {"staff.login_name_taken", "登录账号已被使用", "This login name is taken"},
    {"staff.not_found", "员工不存在", "No such person"},
    {"staff.not_yourself", "不能对自己执行此操作", "This cannot be done to oneself"},
    {"staff.stale", "员工资料已被他人修改，请刷新后重试", "The person was changed meanwhile"},
    {"storage.unavailable", "存储暂不可用，请稍后再试", "Storage is unavailable; try again later"},
    {"store.code_taken", "门店编码已被使用", "This store code is taken"},
    {"store.not_found", "门店不存在", "No such store"},
    {"store.stale", "门店已被他人修改，请刷新后重试", "The store was changed meanwhile"},
    {"store_group.in_use", "门店分组仍在使用", "The store group is still in use"},
    {"store_group.name_taken", "门店分组名称已存在", "This group name is taken"},
    {"store_group.not_found", "门店分组不存在", "No such store group"},
    {"store_group.stale", "门店分组已被他人修改，请刷新后重试",
     "The store group was changed meanwhile"},
    {"tenant.already_frozen", "商家已处于冻结状态", "The merchant is frozen already"},
    {"tenant.frozen", "商家已被冻结", "The merchant is frozen"},
    {"tenant.not_found", "商家不存在", "No such merchant"},
    {"tenant.not_frozen", "商家未被冻结", "The merchant is not frozen"},
    {"text_code.expired", "验证码已失效，请重新获取", "This code has ended; ask for a new one"},
    {"text_code.off", "此系统未开通短信验证码", "No codes are sent by text message here"},
    {"text_code.too_many", "今天发送的短信验证码过多，请使用其他方式登录",
     "Too many codes were sent today; sign in another way"},
    {"text_code.too_soon", "获取验证码过于频繁，请稍后再试",
     "A code was asked for too often; try again later"},
    {"text_code.wrong", "验证码错误", "Wrong code"},
};
// They are looked up by halving.
static_assert(std::is_sorted(std::begin(kTitles), std::end(kTitles),
                             [](const ProblemTitle& left, const ProblemTitle& right) {
                                 return left.code < right.code;
                             }));

struct KindText {
    int status;
    std::string_view zh;
    std::string_view en;
};

KindText kind_text(Kind kind) {
    switch (kind) {
        case Kind::invalid:
            return {422, "请求有误", "The request is not right"};
        case Kind::unauthenticated:
            return {401, "请先登录", "Sign in first"};
        case Kind::forbidden:
            return {403, "没有权限", "Not allowed"};
        case Kind::not_found:
            return {404, "不存在", "Not found"};
        case Kind::conflict:
            return {409, "与当前状态冲突", "Conflicts with the present state"};
        case Kind::limited:
            return {429, "请求过于频繁", "Too many requests"};
        case Kind::unavailable:
            return {503, "暂不可用", "Unavailable"};
    }
    return {500, "系统错误", "Internal fault"};
}

bool wants_english(const Request& request) {
    const std::string language = lower_ascii(request.header("accept-language").substr(0, 64));
    const std::size_t en = language.find("en");
    const std::size_t zh = language.find("zh");
    return en != std::string::npos && (zh == std::string::npos || en < zh);
}

std::string_view title_of(const Problem& problem, bool english) {
    const auto* found = std::lower_bound(
        std::begin(kTitles), std::end(kTitles), std::string_view(problem.code),
        [](const ProblemTitle& title, std::string_view code) { return title.code < code; });
    if (found != std::end(kTitles) && found->code == problem.code) {
        return english ? found->en : found->zh;
    }
    const KindText text = kind_text(problem.kind);
    return english ? text.en : text.zh;
}

void write_fields(std::string& out, const std::vector<FieldProblem>& fields) {
    out += ",\"fields\":[";
    bool first = true;
    for (const FieldProblem& field : fields) {
        out += first ? "{\"field\":" : ",{\"field\":";
        first = false;
        json::write_text(out, field.field);
        out += ",\"code\":";
        json::write_text(out, field.code);
        out += ",\"detail\":";
        json::write_text(out, field.detail);
        out += '}';
    }
    out += ']';
}

Response problem_document(int status, std::string body) {
    Response response;
    response.status = status;
    response.set("content-type", "application/problem+json");
    response.body = std::move(body);
    return response;
}

}  // namespace

int status_of(const Problem& problem) {
    if (problem.code.starts_with("json.") || problem.code == "body.not_json") {
        return 400;
    }
    if (problem.code == "method.not_allowed") {
        return 405;
    }
    if (problem.code == "node.elsewhere") {
        return 421;
    }
    return kind_text(problem.kind).status;
}

Response problem_response(const Problem& problem, const Request& request,
                          std::string_view incident) {
    const int status = status_of(problem);
    std::string body = "{\"type\":";
    json::write_text(body, "urn:hangu:problem:" + problem.code);
    body += ",\"title\":";
    json::write_text(body, title_of(problem, wants_english(request)));
    body += ",\"status\":";
    json::write_integer(body, status);
    body += ",\"code\":";
    json::write_text(body, problem.code);
    if (!problem.detail.empty()) {
        body += ",\"detail\":";
        json::write_text(body, problem.detail);
    }
    if (!problem.fields.empty()) {
        write_fields(body, problem.fields);
    }
    if (!incident.empty()) {
        body += ",\"incident\":";
        json::write_text(body, incident);
    }
    body += '}';
    Response response = problem_document(status, std::move(body));
    if (status == 429 || status == 503) {
        response.set("retry-after", status == 429 ? "10" : "1");
    }
    return response;
}

Response fault_response(const Request& request, std::string_view incident) {
    std::string body = "{\"type\":\"urn:hangu:problem:server.fault\",\"title\":";
    json::write_text(body, wants_english(request) ? "Something broke on our side" : "系统内部错误");
    body += ",\"status\":500,\"code\":\"server.fault\",\"incident\":";
    json::write_text(body, incident);
    body += '}';
    return problem_document(500, std::move(body));
}

std::span<const ProblemTitle> problem_titles() {
    return kTitles;
}

}  // namespace hangu::http
