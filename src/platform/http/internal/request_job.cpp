#include "platform/http/request_job.hpp"

namespace hangu::http {

Result<void> check_route(const Route& route, const Caller& caller,
                         const PermissionCatalogue& permissions) {
    if (route.permission.code.empty()) {
        return {};
    }
    const std::optional<std::size_t> bit = permissions.bit(route.permission.code);
    HANGU_ASSERT(bit.has_value());
    if (!caller.rights.holds(*bit)) {
        return Problem::forbidden("permission.denied");
    }
    return {};
}

storage::Decision RequestJob::body(storage::Tx& tx) {
    replayed_ = false;
    result_ = serve(tx);
    return result_->ok() && !replayed_ ? storage::Decision::commit : storage::Decision::roll_back;
}

Result<Response> RequestJob::serve(storage::Tx& tx) {
    caller_ = work_.caller;
    if (!caller_) {
        HANGU_TRY(caller_, work_.gate->recognise(tx, *work_.credential));
    }
    HANGU_CHECK(check_route(work_.entry->route, *caller_, *work_.world->permissions));
    return handle(tx);
}

Result<Response> RequestJob::handle(storage::Tx& tx) {
    const Route& route = work_.entry->route;
    std::optional<IdempotencyPlace> place;
    if (route.idempotent) {
        place = idempotency_place(*caller_, route.name, *work_.request);
        HANGU_TRY(std::optional<Response> before, kept_answer(tx, *place));
        if (before) {
            replayed_ = true;
            return std::move(*before);
        }
    }
    RequestFacts facts;
    facts.caller = caller_.get();
    facts.route = route.name;
    facts.remote_address = work_.request->remote_address;
    facts.trace = work_.request->trace.trace;
    scope_ = std::make_unique<Scope>(*work_.world, tx, *caller_, work_.world->settings->snapshot(),
                                     facts);
    if (route.guard == Guard::tenant) {
        HANGU_CHECK(scope_->authorize(route.permission));
    }
    HANGU_TRY(Response response, work_.entry->handle(*scope_, *work_.request, *work_.path));
    if (route.guard == Guard::organisation && !scope_->was_guarded()) {
        throw Bug("the handler of " + std::string(route.name) + " never asked who may");
    }
    scope_->finish();
    if (place) {
        keep_answer(tx, *place, response, tx.now());
    }
    return response;
}

void RequestJob::done(const storage::Outcome& outcome) {
    LaneAnswer answer;
    answer.caller = caller_;
    answer.fault = outcome.fault;
    if (!outcome.fault && result_) {
        if (outcome.committed && scope_ && result_->ok()) {
            answer.recorded = scope_->wrote_facts() && outcome.commit_number > 0;
            if (!scope_->wrote_facts() && !scope_->asked_for_the_moment()) {
                answer.seen = outcome.seen;
            }
            scope_->committed();
        }
        answer.result = std::move(result_);
    }
    answer_(std::move(answer));
}

}  // namespace hangu::http
