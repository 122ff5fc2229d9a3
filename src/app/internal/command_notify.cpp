// A test text message, and what the platform's own people were told.
#include "app/commands.hpp"
#include "base/json.hpp"

#include <fmt/format.h>

namespace hangu::app {

namespace {

constexpr std::int64_t kNoticesShownMax = 100;

}  // namespace

Result<void> text_test(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const std::string code, arguments.required("tenant"));
    HANGU_TRY(const std::string number, arguments.required("phone"));
    HANGU_TRY(const auto tenant, house.tenant_by_code(code));
    const std::optional<Phone> phone = Phone::parse(number);
    if (!phone) {
        return Problem::invalid("usage", "--phone is a phone number: 13812345678, +85291234567");
    }
    notify::Text text;
    text.to = *phone;
    text.code_or_link = Secret("000000");
    const http::Caller caller = house.system_of(*tenant, "command line");
    HANGU_CHECK(http::run_use_case(*house.engine, house.world, caller, storage::Work::write,
                                   [&](http::Scope& scope) -> Result<void> {
                                       http::AuditFact fact;
                                       fact.action = "text.tested";
                                       fact.subject_kind = "tenant";
                                       fact.subject_id = tenant->id.text();
                                       fact.subject_label = tenant->code;
                                       scope.audit(std::move(fact));
                                       house.notify->send_text(scope, text);
                                       return {};
                                   }));
    house.notify->settle_and_wait();
    output.line(
        "the code 000000 is on its way; the console's page of text messages says what "
        "became of it");
    return {};
}

Result<void> notice_list(House& house, const Arguments& arguments, Output& output) {
    const std::vector<notify::PlatformNotice> notices =
        house.notify->platform_notices(kNoticesShownMax);
    if (arguments.json()) {
        output.line(json::to_text(notices));
        return {};
    }
    for (const notify::PlatformNotice& one : notices) {
        output.line(fmt::format("{}  {:<8} {:>4}x  {:<18} {:<16} {}", time_text(one.last_at),
                                enum_text(one.severity), one.count, one.kind, one.merchant,
                                one.text_en));
    }
    if (notices.empty()) {
        output.note("nothing was told to the platform yet");
    }
    return {};
}

}  // namespace hangu::app
