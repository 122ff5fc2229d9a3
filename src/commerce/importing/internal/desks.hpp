// One desk per kind of record: what a record of the source means for what is stored (judge), and
// doing it (act) within a batch's transaction. act judges again, because time has passed since the
// plan.
#pragma once

#include "commerce/importing/internal/known.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hangu::importing {

// link: it is here already under its code, phone or login name; only the reference is stored. keep:
// it differs from what was imported, and stays as it is here.
enum class Verdict { create, change, link, keep, unchanged, bad };

struct Judgement {
    Verdict verdict = Verdict::unchanged;
    std::int64_t target_id = 0;  // where the record is here already
    std::optional<RefRow> ref;
    std::string_view column = "";  // of a bad one
    std::string_view code = "";
    std::string detail;
};

// What a batch made; told to Known when the batch is committed, for a body may run twice.
struct Learned {
    std::vector<std::pair<std::string, organisation::StorePlace>> stores;
    std::vector<std::pair<std::string, organisation::NodeId>> places;
    std::vector<std::pair<std::string, std::int64_t>> staff;
    std::vector<std::pair<std::string, catalogue::SpecId>> specs;
    std::vector<std::pair<std::string, authorization::RoleId>> roles;
    void tell(Known& known) const;
};

struct DeskContext {
    const Importer::Services& services;
    const Mapping& mapping;
    Known& known;
};

class StoreDesk {
 public:
    using Record = SourceStore;
    explicit StoreDesk(DeskContext context) : context_(context) {}
    Judgement judge(storage::Tx& tx, const SourceStore& store) const;
    Result<Verdict> act(http::Scope& scope, const SourceStore& store, Learned& learned) const;

 private:
    DeskContext context_;
};

class StaffDesk {
 public:
    using Record = SourceStaff;
    explicit StaffDesk(DeskContext context) : context_(context) {}
    Judgement judge(storage::Tx& tx, const SourceStaff& person) const;
    Result<Verdict> act(http::Scope& scope, const SourceStaff& person, Learned& learned) const;
    // The mapping's roles that do not exist yet; before the first person.
    Result<Learned> make_roles(http::Scope& scope) const;

 private:
    DeskContext context_;
};

class ProductDesk {
 public:
    using Record = SourceProduct;
    explicit ProductDesk(DeskContext context) : context_(context) {}
    Judgement judge(storage::Tx& tx, const SourceProduct& product) const;
    Result<Verdict> act(http::Scope& scope, const SourceProduct& product, Learned& learned) const;

 private:
    Result<catalogue::ProductId> put(http::Scope& scope, const SourceProduct& product,
                                     const Judgement& judgement) const;
    DeskContext context_;
};

class MemberDesk {
 public:
    using Record = SourceMember;
    explicit MemberDesk(DeskContext context, int utc_offset_minutes)
        : context_(context), utc_offset_minutes_(utc_offset_minutes) {}
    Judgement judge(storage::Tx& tx, const SourceMember& member) const;
    Result<Verdict> act(http::Scope& scope, const SourceMember& member, Learned& learned) const;

 private:
    DeskContext context_;
    int utc_offset_minutes_;
};

class ReceiptDesk {
 public:
    using Record = SourceReceipt;
    // `planned_members` are those of the members' file, which the plan has not stored yet; may be
    // null.
    ReceiptDesk(DeskContext context, const KeyLines* planned_members)
        : context_(context), planned_members_(planned_members) {}
    // What the specs are called today; before the first act.
    void load_menu(storage::Tx& tx);
    Judgement judge(storage::Tx& tx, const SourceReceipt& receipt) const;
    Result<Verdict> act(http::Scope& scope, const SourceReceipt& receipt, Learned& learned) const;

 private:
    DeskContext context_;
    const KeyLines* planned_members_;
    std::unordered_map<catalogue::SpecId, catalogue::SaleSpec> menu_;
};

}  // namespace hangu::importing
