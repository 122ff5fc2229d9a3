#include "security/audit/internal/record_query.hpp"

#include <algorithm>
#include <limits>

namespace hangu::audit {

Result<RecordFilter> filter_of(const http::Caller& caller, const AuditRecordQuery& query) {
    RecordFilter filter;
    filter.actor_kind_self = enum_text(caller.kind);
    filter.actor_id_self = caller.actor_id;
    filter.kind = query.kind ? enum_text(*query.kind) : "";
    filter.action = query.action.value_or(Text<1, 64>()).str();
    filter.subject_id = query.subject_id.value_or(Text<1, 64>()).str();
    filter.subject_kind = query.subject_kind.value_or(Text<1, 32>()).str();
    filter.address = query.address.value_or(Text<1, 64>()).str();
    filter.result = query.result ? enum_text(*query.result) : "";
    filter.text = query.q.value_or(Text<1, 64>()).str();
    if (query.actor_id) {
        const std::optional<std::int64_t> actor = parse_id(query.actor_id->str());
        if (!actor) {
            return Problem::invalid_field("actor_id", "field.not_an_id");
        }
        filter.actor_id = *actor;
    }
    if (query.about) {
        const std::optional<std::int64_t> about = parse_id(query.about->str());
        if (!about) {
            return Problem::invalid_field("about", "field.not_an_id");
        }
        filter.about = query.about->str();
        filter.about_id = *about;
    }
    filter.id_from = query.from ? IdSource::floor_at(query.from->unix_ms()) : 0;
    filter.id_before = query.to ? IdSource::floor_at(query.to->unix_ms())
                                : std::numeric_limits<std::int64_t>::max();
    return filter;
}

Result<void> go_behind(RecordFilter& filter, const std::optional<Text<1, 32>>& cursor) {
    if (cursor) {
        const std::optional<std::int64_t> before = parse_id(cursor->str());
        if (!before) {
            return Problem::invalid_field("cursor", "field.wrong_form");
        }
        filter.id_before = std::min(filter.id_before, *before);
    }
    return {};
}

}  // namespace hangu::audit
