// The second pass: batches, each in one transaction with its cursor and its audit fact.
#include "commerce/importing/internal/run.hpp"

#include "commerce/importing/internal/run_counts.hpp"

#include <fmt/format.h>

namespace hangu::importing {

namespace {

constexpr std::size_t kBatchRecordsMax = 200;

bool wants_writing(Verdict verdict) {
    return verdict == Verdict::create || verdict == Verdict::change || verdict == Verdict::link;
}

// What the plan counted of records that this pass counts anew.
ImportCounts restarted(const ImportCounts& planned) {
    ImportCounts counts;
    counts.read = planned.read;
    counts.skipped = planned.skipped;
    counts.bad = planned.bad;
    return counts;
}

void add(ImportCounts& to, const ImportCounts& from) {
    to.created += from.created;
    to.changed += from.changed;
    to.unchanged += from.unchanged;
    to.linked += from.linked;
    to.kept += from.kept;
}

bool anything_to_write(const ImportCounts& planned) {
    return planned.created + planned.changed + planned.linked > 0;
}

}  // namespace

// The database refusing (a full disk) is a fault everywhere else; for an import it is an outcome
// with a mend: the batch is gone, what was committed before stays, and the cursor knows how far
// that is.
template <class F>
auto Run::stored(const std::string& file, F&& work) -> decltype(work()) {
    try {
        return work();
    } catch (const storage::StorageFault& fault) {
        const std::string_view what = fault.what();
        const bool full = what.find("full") != std::string_view::npos;
        return Problem::unavailable(
                   "import.storage_failed",
                   fmt::format(
                       "{} while importing {}: this batch was not stored, the batches before "
                       "it are. {} and run the same command again; it goes on from there",
                       full ? "the disk is full" : "the database refused", file,
                       full ? "Make room on the disk" : "See the log"))
            .with_note(std::string(what));
    }
}

void Run::record(http::Scope& scope, const std::string& file, const ImportCounts& counts) const {
    std::vector<http::AuditField> fields{{"file", "", file}};
    const auto say = [&fields](std::string name, std::int64_t number) {
        if (number != 0) {
            fields.push_back({std::move(name), "", std::to_string(number)});
        }
    };
    say("created", counts.created);
    say("changed", counts.changed);
    say("unchanged", counts.unchanged);
    say("linked", counts.linked);
    say("kept", counts.kept);
    scope.audit(
        {"import.applied", "import", mapping_digest_, mapping_->source, std::move(fields), ""});
}

CursorRow Run::cursor_at(const Streamed& streamed, std::int64_t line, bool finished,
                         Time now) const {
    return {mapping_digest_, streamed.file, streamed.digest, line, finished, now};
}

// What the batch would do; none: it has news and must be written.
template <class Desk>
std::optional<ImportCounts> Run::counts_without_news(const Desk& desk,
                                                     std::span<const typename Desk::Record> batch) {
    std::optional<ImportCounts> counts;
    const Result<void> looked = services_.engine.run(
        caller_.tenant, storage::Work::read, [&](storage::Tx& tx) -> Result<void> {
            counts.emplace();
            for (const auto& record : batch) {
                count(desk.judge(tx, record).verdict, weight_of(record), *counts);
            }
            return {};
        });
    HANGU_ASSERT(looked.ok());
    return anything_to_write(*counts) ? std::nullopt : counts;
}

// One transaction. A batch without news is not written at all, so that a repeated import leaves no
// trace.
template <class Desk>
Result<void> Run::apply_batch(const Desk& desk, std::span<const typename Desk::Record> batch,
                              const std::string& file, const Streamed* streamed, bool look_first,
                              ImportCounts& counts) {
    if (batch.empty()) {
        return {};
    }
    if (look_first) {
        if (const auto same = counts_without_news(desk, batch)) {
            add(counts, *same);
            return {};
        }
    }
    const auto body = [&](http::Scope& scope) -> Result<BatchDone> {
        BatchDone done;
        bool wrote = false;
        for (const auto& record : batch) {
            HANGU_TRY(const Verdict verdict, desk.act(scope, record, done.learned));
            wrote = wrote || wants_writing(verdict);
            count(verdict, weight_of(record), done.counts);
        }
        if (wrote) {
            record(scope, file, done.counts);
            if (streamed != nullptr) {
                ImportStore(scope.tx(), mapping_->source)
                    .save(cursor_at(*streamed, last_line_of(batch.back()), false, scope.now()));
            }
        }
        return done;
    };
    HANGU_TRY(const BatchDone done, stored(file, [&] {
                  return http::run_use_case(services_.engine, services_.world, caller_,
                                            storage::Work::write, body);
              }));
    done.learned.tell(known_);
    add(counts, done.counts);
    return {};
}

template <class Desk>
Result<void> Run::apply_all(const Desk& desk, const std::vector<typename Desk::Record>& records,
                            const std::string& file, std::string_view what, ImportCounts& counts) {
    if (!anything_to_write(counts)) {
        return {};
    }
    const bool look_first = counts.unchanged > 0;
    counts = restarted(counts);
    const std::span<const typename Desk::Record> all(records);
    for (std::size_t at = 0; at < all.size() && !stopped_; at += kBatchRecordsMax) {
        const auto batch = all.subspan(at, std::min(kBatchRecordsMax, all.size() - at));
        HANGU_CHECK(apply_batch(desk, batch, file, nullptr, look_first, counts));
        progress(what, static_cast<std::int64_t>(at + batch.size()),
                 static_cast<std::int64_t>(all.size()));
        stopped_ = stop_asked();
    }
    return {};
}

Result<void> Run::check_unchanged(const Streamed& streamed) const {
    HANGU_TRY(const Content content,
              content_of(options_.folder + "/" + streamed.file, streamed.file));
    if (content.digest != streamed.digest) {
        return Problem::conflict("import.file_changed",
                                 streamed.file + " was changed while it was being checked");
    }
    return {};
}

template <class Desk, class Reader, class Next>
Result<void> Run::apply_streamed(const Desk& desk, Reader& reader, Next next,
                                 const Streamed& streamed, std::string_view what,
                                 ImportCounts& counts) {
    const std::int64_t total = counts.read;
    const bool look_first = counts.unchanged > 0;
    counts = restarted(counts);
    ImportCounts ignored;  // the plan counted and told what is bad
    std::vector<typename Desk::Record> batch;
    typename Desk::Record record_read;
    bool more = true;
    while (more && !stopped_) {
        more = next(reader, record_read, ignored);
        if (more && last_line_of(record_read) <= streamed.done_line) {
            ++counts.unchanged;
        } else if (more) {
            batch.push_back(std::move(record_read));
        }
        if (batch.size() == kBatchRecordsMax || !more) {
            HANGU_CHECK(apply_batch(desk, std::span<const typename Desk::Record>(batch),
                                    streamed.file, &streamed, look_first, counts));
            batch.clear();
            progress(what, ignored.read, total);
            stopped_ = more && stop_asked();
        }
    }
    return stopped_ ? Result<void>() : finish_cursor(streamed);
}

Result<void> Run::finish_cursor(const Streamed& streamed) {
    const auto body = [&](http::Scope& scope) -> Result<void> {
        ImportStore(scope.tx(), mapping_->source).save(cursor_at(streamed, 0, true, scope.now()));
        return {};
    };
    return stored(streamed.file, [&] {
        return http::run_use_case(services_.engine, services_.world, caller_, storage::Work::write,
                                  body);
    });
}

Result<void> Run::apply_members() {
    if (!anything_to_write(report_.members)) {
        return {};
    }
    HANGU_CHECK(check_unchanged(members_));
    ImportReport told;  // what is bad was told by the plan
    BadRows muted({}, told);
    HANGU_TRY(MemberReader reader, MemberReader::open(source(muted), known_));
    const MemberDesk desk(desk_context(), caller_.utc_offset_minutes);
    const auto next = [](MemberReader& from, SourceMember& member, ImportCounts& counts) {
        return from.next(member, counts);
    };
    return apply_streamed(desk, reader, next, members_, "importing members", report_.members);
}

Result<void> Run::apply_orders() {
    if (!anything_to_write(report_.receipts)) {
        return {};
    }
    HANGU_CHECK(check_unchanged(orders_));
    ImportReport told;
    BadRows muted({}, told);
    HANGU_TRY(ReceiptReader reader,
              ReceiptReader::open(source(muted), known_, services_.world.clock->now(), &apart_));
    ReceiptDesk desk(desk_context(), nullptr);
    HANGU_CHECK(services_.engine.run(caller_.tenant, storage::Work::read,
                                     [&desk](storage::Tx& tx) -> Result<void> {
                                         desk.load_menu(tx);
                                         return {};
                                     }));
    const auto next = [](ReceiptReader& from, SourceReceipt& receipt, ImportCounts& counts) {
        std::int64_t lines = 0;
        return from.next(receipt, counts, lines);
    };
    return apply_streamed(desk, reader, next, orders_, "importing orders", report_.receipts);
}

Result<void> Run::make_roles() {
    const StaffDesk desk(desk_context());
    const auto body = [&desk](http::Scope& scope) { return desk.make_roles(scope); };
    HANGU_TRY(const Learned learned, stored("roles", [&] {
                  return http::run_use_case(services_.engine, services_.world, caller_,
                                            storage::Work::write, body);
              }));
    learned.tell(known_);
    return {};
}

Result<void> Run::apply() {
    if (mapping_->stores) {
        HANGU_CHECK(apply_all(StoreDesk(desk_context()), stores_, mapping_->stores->form.file,
                              "importing stores", report_.stores));
    }
    if (mapping_->staff && !stopped_ && anything_to_write(report_.staff)) {
        HANGU_CHECK(make_roles());
        HANGU_CHECK(apply_all(StaffDesk(desk_context()), staff_, mapping_->staff->form.file,
                              "importing staff", report_.staff));
    }
    if (mapping_->products && !stopped_) {
        HANGU_CHECK(apply_all(ProductDesk(desk_context()), products_, mapping_->products->form.file,
                              "importing products", report_.products));
    }
    if (mapping_->members && !stopped_) {
        HANGU_CHECK(apply_members());
    }
    if (mapping_->orders && !stopped_) {
        HANGU_CHECK(apply_orders());
    }
    return {};
}

}  // namespace hangu::importing
