// The face: storing what is told, ringing the bell, and the thread that sends.
#include "security/notify/notify.hpp"

#include "security/notify/internal/notify_state.hpp"
#include "security/notify/module.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::notify {

namespace {

constexpr std::size_t kQueueCountMax = 8192;
constexpr std::int64_t kSameMs = kHourMs;
constexpr std::int64_t kForgetRows = 1000;

std::string content_of(const Text& text) {
    return text.kind == TextKind::told ? std::string(text.about)
                                       : std::string(text.code_or_link.expose());
}

events::Event bell(Notify::State& state, storage::Tx& tx, const NoticeRow& row) {
    events::Event event;
    event.id = state.new_id<events::EventId>(tx.now());
    event.name = "notice.told";
    event.payload = fmt::format(R"({{"id":"{}","kind":"{}","severity":"{}"}})", row.id.text(),
                                row.kind, enum_text(row.severity));
    event.at = tx.now();
    event.subject = "notice:" + row.id.text();
    return event;
}

// One for the person and one for the holders: each is heard by whom it is for.
std::vector<events::Event> bells(Notify::State& state, storage::Tx& tx, const NoticeRow& row) {
    std::vector<events::Event> events;
    if (row.account_id != 0) {
        events.push_back(bell(state, tx, row));
        events.back().permission = "staff:" + id_text(row.account_id);
    }
    if (!row.permission.empty()) {
        events.push_back(bell(state, tx, row));
        events.back().permission = row.permission;
        events.back().org_path = row.org_path;
    }
    for (events::Event& event : events) {
        events::append(tx, event);
    }
    return events;
}

// True: something is to be sent. That a channel fails is not told over that very channel.
bool add_deliveries(Notify::State& state, storage::Tx& tx, const NoticeRow& row,
                    const NoticeKind& kind) {
    ChannelStore store(tx);
    bool any = false;
    for (const ChannelRow& channel : store.all()) {
        const bool fails = kind.code == kChannelFailing && row.same_key == channel.id.text();
        if (channel.active && !fails && wants(channel.severity_min, channel.kinds, kind)) {
            store.add(DeliveryRow{state.new_id<DeliveryId>(tx.now()), channel.id, row.id,
                                  SendState::waiting, 0, tx.now(), tx.now(), std::nullopt, ""});
            any = true;
        }
    }
    return any;
}

}  // namespace

Notify::State::State(Notify& given_notify, storage::Engine& given_engine,
                     tenant::Tenants& given_tenants, http::World& given_world,
                     egress::Egress& given_egress)
    : notify(given_notify),
      engine(given_engine),
      tenants(given_tenants),
      world(given_world),
      egress(given_egress),
      lane(std::make_unique<runtime::Lane<std::function<void()>>>(
          "notify", kQueueCountMax, 64, [this](std::vector<std::function<void()>>& jobs) {
              for (const std::function<void()>& job : jobs) {
                  try {
                      job();
                  } catch (const std::exception& fault) {
                      world.log->error("notify.failed", {{"why", fault.what()}});
                  }
                  ended();
              }
          })) {}

Notify::State::~State() = default;

std::string Notify::State::tenant_name(TenantId tenant) const {
    const auto found = tenants.find(tenant);
    return found ? found->name : "";
}

void Notify::State::push(std::function<void()> work) {
    begun();
    if (!lane->push(std::move(work))) {
        ended();  // the sweep finds it again
    }
}

void Notify::State::begun() {
    const std::lock_guard lock(mutex);
    ++outstanding;
}

void Notify::State::ended() {
    const std::lock_guard lock(mutex);
    if (--outstanding == 0) {
        settled.notify_all();
    }
}

void Notify::State::wake(TenantId tenant) {
    {
        const std::lock_guard lock(mutex);
        if (stopping) {
            return;
        }
    }
    push([this, tenant] { look(tenant); });
}

void Notify::State::due_at(TenantId tenant, Time at) {
    const std::lock_guard lock(mutex);
    const auto [it, fresh] = due.try_emplace(tenant, at);
    if (!fresh) {
        it->second = std::min(it->second, at);
    }
}

void Notify::State::look(TenantId tenant) {
    {
        const std::lock_guard lock(mutex);
        due.erase(tenant);
        if (stopping) {
            return;
        }
    }
    const bool more_texts = send_due_texts(*this, tenant);
    const bool more_deliveries = send_due_deliveries(*this, tenant);
    if (more_texts || more_deliveries) {
        wake(tenant);
    }
}

AfterCommit Notify::State::ring(TenantId tenant, std::vector<events::Event> events, bool send_now) {
    return [this, tenant, events = std::move(events), send_now] {
        if (!events.empty()) {
            world.hub->publish(tenant, events);
        }
        if (send_now) {
            wake(tenant);
        }
    };
}

Notify::Notify(storage::Engine& engine, tenant::Tenants& tenants, http::World& world,
               egress::Egress& egress)
    : state_(std::make_unique<State>(*this, engine, tenants, world, egress)) {}

Notify::~Notify() {
    stop();
}

void Notify::set_freshness(Freshness& freshness) {
    state_->freshness = &freshness;
}

AfterCommit Notify::send_text(storage::Tx& tx, const Text& text) {
    HANGU_ASSERT(text.kind != TextKind::told || find_notice_kind(text.about) != nullptr);
    TextRow row;
    row.id = state_->new_id<TextId>(tx.now());
    row.kind = text.kind;
    row.recipient = Sealed<PersonalText>(PersonalText(text.to.plain()));
    row.content = Sealed<SecretText>(SecretText(content_of(text)));
    row.locale = text.locale;
    row.about = text.about;
    row.decoy = text.decoy;
    row.next_at = tx.now();
    row.expires_at = tx.now().plus_ms(text.lifetime_ms);
    row.created_at = tx.now();
    TextStore(tx).add(row);
    state_->due_at(tx.tenant(), tx.now());
    return state_->ring(tx.tenant(), {}, true);
}

AfterCommit Notify::tell(storage::Tx& tx, const Notice& notice) {
    const NoticeKind* kind = find_notice_kind(notice.kind);
    HANGU_ASSERT(kind != nullptr);
    NoticeRow row;
    row.id = state_->new_id<NoticeId>(tx.now());
    row.kind = kind->code;
    row.severity = kind->severity;
    row.parameters = Sealed<PersonalText>(PersonalText(json::to_text(notice.parameters)));
    row.account_id = notice.account;
    row.permission = notice.permission.empty() ? std::string(kind->permission) : notice.permission;
    row.org_path = notice.org_path;
    row.link = notice.link.empty() ? std::string(kind->link) : notice.link;
    row.same_key = notice.key;
    row.created_at = tx.now();
    row.last_at = tx.now();
    NoticeStore store(tx);
    const std::optional<NoticeRow> before =
        row.same_key.empty() ? std::nullopt : store.same(row, tx.now().plus_ms(-kSameMs));
    if (before) {
        store.tell_again(*before);
        return state_->ring(tx.tenant(), bells(*state_, tx, *before), false);
    }
    store.add(row);
    const bool send = add_deliveries(*state_, tx, row, *kind);
    if (send) {
        state_->due_at(tx.tenant(), tx.now());
    }
    return state_->ring(tx.tenant(), bells(*state_, tx, row), send);
}

void Notify::send_text(http::Scope& scope, const Text& text) {
    scope.after_commit(send_text(scope.tx(), text));
}

void Notify::tell(http::Scope& scope, const Notice& notice) {
    scope.after_commit(tell(scope.tx(), notice));
}

bool Notify::tell_soon(TenantId tenant, Notice notice) {
    class Telling final : public storage::Job {
     public:
        Telling(Notify& notify, Notice notice) : notify_(notify), notice_(std::move(notice)) {}
        storage::Decision body(storage::Tx& tx) override {
            after_ = notify_.tell(tx, notice_);
            return storage::Decision::commit;
        }
        void done(const storage::Outcome& outcome) override {
            if (outcome.committed) {
                after_();
            }
        }

     private:
        Notify& notify_;
        Notice notice_;
        AfterCommit after_;
    };
    return state_->engine.submit(tenant, storage::Work::write,
                                 std::make_unique<Telling>(*this, std::move(notice)));
}

void Notify::tell_platform(TenantId merchant, Notice notice) {
    const NoticeKind* kind = find_notice_kind(notice.kind);
    HANGU_ASSERT(kind != nullptr);
    const auto found = state_->tenants.find(merchant);
    notice.account = 0;  // numbers of accounts say nothing outside the merchant
    notice.parameters.push_back({"merchant", found ? found->code : merchant.text()});
    notice.key = merchant.text() + " " + notice.key;
    // A locked account somewhere is no alarm; or nobody runs the platform from a console.
    const bool rings =
        kind->severity >= Severity::critical && state_->tenants.is_active(tenant::kPlatformTenant);
    const bool here = state_->engine.works_for(tenant::kPlatformTenant);
    keep_platform_notice(*state_, notice, !rings || here);
    if (rings && here) {
        ring_for_merchant(*state_, *kind, found ? found->code : merchant.text(), notice.parameters,
                          notice.key);
    }
}

void ring_for_merchant(Notify::State& state, const NoticeKind& kind, const std::string& merchant,
                       const std::vector<Parameter>& parameters, const std::string& key) {
    Notice bell;
    bell.kind = kOfMerchant;
    bell.parameters = {{"merchant", merchant},
                       {"text_zh", text_of(kind, parameters, Locale::zh).text},
                       {"text_en", text_of(kind, parameters, Locale::en).text}};
    bell.key = key;
    if (!state.notify.tell_soon(tenant::kPlatformTenant, std::move(bell))) {
        state.world.log->warning("notice.dropped", {{"kind", kOfMerchant}});
    }
}

void Notify::look_at(TenantId tenant) {
    state_->wake(tenant);
}

void Notify::sweep() {
    const Time now = state_->world.clock->now();
    std::vector<TenantId> ready;
    {
        const std::lock_guard lock(state_->mutex);
        for (const auto& [tenant, at] : state_->due) {
            if (at <= now) {
                ready.push_back(tenant);
            }
        }
    }
    for (const TenantId tenant : ready) {
        state_->wake(tenant);
    }
}

void Notify::settle_and_wait() {
    std::unique_lock lock(state_->mutex);
    state_->settled.wait(lock, [this] { return state_->outstanding == 0; });
}

std::int64_t Notify::forget_old(storage::Tx& tx) {
    const auto settings = state_->settings();
    const Time notices = tx.now().plus_ms(-settings->get(kNoticesKeptDays) * kDayMs);
    const Time texts = tx.now().plus_ms(-settings->get(kTextsKeptDays) * kDayMs);
    return NoticeStore(tx).forget_before(notices, kForgetRows) +
           ChannelStore(tx).forget_before(notices, kForgetRows) +
           TextStore(tx).forget_before(texts, kForgetRows);
}

void Notify::stop() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->stopping = true;
    }
    state_->egress.stop();
    settle_and_wait();
    state_->lane->stop();
}

}  // namespace hangu::notify
