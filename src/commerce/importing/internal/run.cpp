// The mapping and the first pass: read, check, compare with what is stored, count.
#include "commerce/importing/internal/run.hpp"

#include "commerce/importing/internal/run_counts.hpp"

#include "base/text.hpp"
#include "platform/crypto/crypto.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::importing {

namespace {

constexpr std::size_t kJudgedAtOnce = 500;

}  // namespace

Result<Content> content_of(const std::string& path, const std::string& name) {
    FileSource file(path);
    if (!file.is_open()) {
        return Problem::not_found("import.file_missing", name + " cannot be opened");
    }
    std::string chunk(std::size_t{64} << 10U, '\0');
    crypto::Digest digest;
    while (const std::size_t count = file.read(chunk)) {
        digest = crypto::sha256({digest.view(), std::string_view(chunk.data(), count)});
    }
    if (file.failed()) {
        return Problem::invalid("import.file_unreadable", name + " cannot be read");
    }
    return Content{to_hex(digest.view().substr(0, 16)), file.bytes_read()};
}

Result<void> Run::read_mapping() {
    FileSource file(options_.mapping_file);
    if (!file.is_open()) {
        return Problem::not_found("import.mapping_unreadable",
                                  options_.mapping_file + " cannot be opened");
    }
    std::string text(kMappingBytesMax + 1, '\0');
    text.resize(file.read(text));
    if (file.failed()) {
        return Problem::invalid("import.mapping_unreadable",
                                options_.mapping_file + " cannot be read");
    }
    HANGU_TRY(mapping_, parse_mapping(text));
    mapping_digest_ = to_hex(crypto::sha256(text).view().substr(0, 16));
    report_.source = mapping_->source;
    return check_roles();
}

Result<void> Run::check_roles() const {
    Problem problem = Problem::invalid("import.mapping_invalid");
    for (const RoleMapping& role : mapping_->roles) {
        for (const std::string& code : role.permissions) {
            if (!services_.world.permissions->bit(code)) {
                problem.fields.push_back(
                    {"roles." + role.name, "mapping.wrong_value", "no such permission: " + code});
            }
        }
    }
    if (!problem.fields.empty()) {
        problem.detail = problem.fields.front().field + ": " + problem.fields.front().detail;
        return problem;
    }
    return {};
}

Source Run::source(BadRows& bad) const {
    return {*mapping_, options_.folder,
            mapping_->utc_offset_minutes.value_or(caller_.utc_offset_minutes), bad};
}

Result<ImportReport> Run::go() {
    HANGU_CHECK(read_mapping());
    HANGU_CHECK(services_.engine.run(caller_.tenant, storage::Work::read,
                                     [this](storage::Tx& tx) -> Result<void> {
                                         known_.load(tx, *mapping_);
                                         return {};
                                     }));
    HANGU_CHECK(plan());
    if (stopped_) {
        report_.outcome = ImportOutcome::stopped;
    } else if (options_.dry_run) {
        report_.outcome = ImportOutcome::planned;
    } else if (report_.faults_count > 0 && !options_.skip_bad) {
        report_.outcome = ImportOutcome::refused;
    } else {
        HANGU_CHECK(apply());
        report_.outcome = stopped_ ? ImportOutcome::stopped : ImportOutcome::applied;
    }
    write_notes();
    return std::move(report_);
}

Result<void> Run::plan() {
    if (mapping_->stores) {
        HANGU_CHECK(plan_stores());
    }
    if (mapping_->staff) {
        HANGU_CHECK(plan_staff());
    }
    if (mapping_->products) {
        HANGU_CHECK(plan_products());
    }
    if (mapping_->members && !stopped_) {
        HANGU_CHECK(plan_members());
    }
    if (mapping_->orders && !stopped_) {
        HANGU_CHECK(plan_orders());
    }
    return {};
}

// Compares records with what is stored, in one read transaction; bad ones are told and taken out.
template <class Desk>
void Run::judge_batch(const Desk& desk, std::vector<typename Desk::Record>& records,
                      const std::string& file, ImportCounts& counts) {
    std::vector<Judgement> judgements;
    const Result<void> judged = services_.engine.run(
        caller_.tenant, storage::Work::read, [&](storage::Tx& tx) -> Result<void> {
            judgements.clear();
            for (const auto& record : records) {
                judgements.push_back(desk.judge(tx, record));
            }
            return {};
        });
    HANGU_ASSERT(judged.ok());
    std::size_t kept = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
        Judgement& judgement = judgements[i];
        count(judgement.verdict, weight_of(records[i]), counts);
        if (judgement.verdict == Verdict::bad) {
            bad_.add({file, records[i].line, std::string(judgement.column),
                      std::string(judgement.code), std::move(judgement.detail)});
        } else {
            if (kept != i) {
                records[kept] = std::move(records[i]);
            }
            ++kept;
        }
    }
    records.resize(kept);
}

template <class Desk>
void Run::judge_all(const Desk& desk, std::vector<typename Desk::Record>& records,
                    const std::string& file, ImportCounts& counts) {
    std::vector<typename Desk::Record> good;
    for (std::size_t at = 0; at < records.size(); at += kJudgedAtOnce) {
        const std::size_t end = std::min(records.size(), at + kJudgedAtOnce);
        std::vector<typename Desk::Record> batch(
            std::make_move_iterator(records.begin() + static_cast<std::ptrdiff_t>(at)),
            std::make_move_iterator(records.begin() + static_cast<std::ptrdiff_t>(end)));
        judge_batch(desk, batch, file, counts);
        std::move(batch.begin(), batch.end(), std::back_inserter(good));
    }
    records = std::move(good);
}

Result<void> Run::plan_stores() {
    progress("checking stores", 0, 1);
    HANGU_TRY(stores_, read_stores(source(bad_), report_.stores));
    judge_all(StoreDesk(desk_context()), stores_, mapping_->stores->form.file, report_.stores);
    for (const SourceStore& store : stores_) {
        known_.plan(store);
    }
    progress("checking stores", 1, 1);
    return {};
}

Result<void> Run::plan_staff() {
    progress("checking staff", 0, 1);
    HANGU_TRY(staff_, read_staff(source(bad_), known_, report_.staff));
    judge_all(StaffDesk(desk_context()), staff_, mapping_->staff->form.file, report_.staff);
    for (const SourceStaff& person : staff_) {
        known_.plan_staff(person.ref);
    }
    progress("checking staff", 1, 1);
    return {};
}

Result<void> Run::plan_products() {
    progress("checking products", 0, 1);
    HANGU_TRY(products_, read_products(source(bad_), report_.products));
    judge_all(ProductDesk(desk_context()), products_, mapping_->products->form.file,
              report_.products);
    for (const SourceProduct& product : products_) {
        for (const SourceSpec& spec : product.specs) {
            known_.plan_spec(spec.ref);
        }
    }
    progress("checking products", 1, 1);
    return {};
}

// Size and digest of a large file, and how far an earlier run came with exactly this content.
Result<Run::Streamed> Run::look_at(const std::string& file) {
    Streamed streamed;
    streamed.file = file;
    HANGU_TRY(const Content content, content_of(options_.folder + "/" + file, file));
    streamed.digest = content.digest;
    streamed.bytes = content.bytes;
    const auto find = [&](storage::Tx& tx) -> Result<std::optional<CursorRow>> {
        return ImportStore(tx, mapping_->source).cursor(mapping_digest_, file);
    };
    HANGU_TRY(const std::optional<CursorRow> cursor,
              services_.engine.run(caller_.tenant, storage::Work::read, find));
    if (cursor && !cursor->finished && cursor->content_digest == streamed.digest) {
        streamed.done_line = cursor->line;
        streamed.unfinished = true;
    }
    return streamed;
}

Result<void> Run::plan_members() {
    HANGU_TRY(members_, look_at(mapping_->members->form.file));
    HANGU_TRY(MemberReader reader, MemberReader::open(source(bad_), known_));
    const MemberDesk desk(desk_context(), caller_.utc_offset_minutes);
    std::vector<SourceMember> batch;
    SourceMember member;
    bool more = true;
    while (more && !stopped_) {
        more = reader.next(member, report_.members);
        if (more && member.line <= members_.done_line) {
            ++report_.members.unchanged;
        } else if (more) {
            batch.push_back(std::move(member));
        }
        if (batch.size() == kJudgedAtOnce || !more) {
            judge_batch(desk, batch, members_.file, report_.members);
            batch.clear();
            progress("checking members", reader.bytes_read(), members_.bytes);
            stopped_ = stop_asked();
        }
    }
    planned_members_ = reader.take_good();
    if (reader.ended_without_line_break()) {
        report_.notes.push_back(members_.file + std::string(kNoLineBreak));
    }
    return {};
}

void Run::add_sales(const SourceReceipt& receipt) {
    auto& sales = report_.sales;
    auto found = std::find_if(sales.begin(), sales.end(), [&receipt](const ImportSales& row) {
        return row.store == receipt.store;
    });
    if (found == sales.end()) {
        ImportSales row;
        row.store = receipt.store;
        found = sales.insert(sales.end(), std::move(row));
    }
    ++found->receipts_count;
    found->lines_count += static_cast<std::int64_t>(receipt.lines.size());
    for (const SourceLine& line : receipt.lines) {
        found->gross_fen += line.unit * line.quantity;
        found->discount_fen += line.discount;
        found->net_fen += line.net();
    }
}

Result<void> Run::plan_orders() {
    HANGU_TRY(orders_, look_at(mapping_->orders->form.file));
    HANGU_TRY(ReceiptReader reader,
              ReceiptReader::open(source(bad_), known_, services_.world.clock->now(), nullptr));
    const ReceiptDesk desk(desk_context(), &planned_members_);
    std::vector<SourceReceipt> batch;
    SourceReceipt receipt;
    bool more = true;
    while (more && !stopped_) {
        more = reader.next(receipt, report_.receipts, report_.lines_count);
        if (more && receipt.last_line <= orders_.done_line) {
            ++report_.receipts.unchanged;
            add_sales(receipt);
        } else if (more) {
            batch.push_back(std::move(receipt));
        }
        if (batch.size() == kJudgedAtOnce || !more) {
            judge_batch(desk, batch, orders_.file, report_.receipts);
            for (const SourceReceipt& good : batch) {
                add_sales(good);
            }
            batch.clear();
            progress("checking orders", reader.bytes_read(), orders_.bytes);
            stopped_ = stop_asked();
        }
    }
    apart_ = reader.take_apart();
    if (reader.ended_without_line_break()) {
        report_.notes.push_back(orders_.file + std::string(kNoLineBreak));
    }
    std::sort(report_.sales.begin(), report_.sales.end(),
              [](const ImportSales& a, const ImportSales& b) { return a.store < b.store; });
    return {};
}

void Run::write_notes() {
    const auto say = [this](std::string_view kind, const ImportCounts& counts) {
        if (counts.kept > 0) {
            report_.notes.push_back(fmt::format(
                "{} {} changed in the source since they were imported, and stay as they are here",
                counts.kept, kind));
        }
        if (counts.linked > 0) {
            report_.notes.push_back(fmt::format("{} {} were here already and stay as they are here",
                                                counts.linked, kind));
        }
    };
    say("stores", report_.stores);
    say("staff", report_.staff);
    say("products", report_.products);
    say("members", report_.members);
    say("receipts", report_.receipts);
    if (mapping_->utc_offset_minutes &&
        *mapping_->utc_offset_minutes != caller_.utc_offset_minutes) {
        report_.notes.push_back(
            "the source's clocks and the tenant's differ: business days are the tenant's");
    }
}

Result<ImportReport> Importer::run(const http::Caller& system, const ImportOptions& options) const {
    return Run(services_, system, options).go();
}

}  // namespace hangu::importing
