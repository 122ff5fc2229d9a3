#include "commerce/importing/internal/desks.hpp"

namespace hangu::importing {

void Learned::tell(Known& known) const {
    for (const auto& [ref, store] : stores) {
        known.learn(ref, store);
    }
    for (const auto& [ref, node] : places) {
        known.learn_place(ref, node);
    }
    for (const auto& [ref, id] : staff) {
        known.learn_staff(ref, id);
    }
    for (const auto& [ref, id] : specs) {
        known.learn_spec(ref, id);
    }
    for (const auto& [name, id] : roles) {
        known.learn_role(name, id);
    }
}

namespace {

// The common part: was it imported before, and is it the same? Nothing: it was not.
std::optional<Judgement> imported_before(ImportStore& refs, RefKind kind, std::string_view ref,
                                         std::string_view canonical, Verdict if_changed) {
    std::optional<RefRow> row = refs.find(kind, ref);
    if (!row) {
        return std::nullopt;
    }
    Judgement judgement;
    judgement.target_id = row->target_id;
    judgement.verdict = row->digest == refs.digest_of(canonical) ? Verdict::unchanged : if_changed;
    judgement.ref = std::move(row);
    return judgement;
}

Judgement linked(std::int64_t target_id) {
    Judgement judgement;
    judgement.verdict = Verdict::link;
    judgement.target_id = target_id;
    return judgement;
}

Judgement to_create() {
    Judgement judgement;
    judgement.verdict = Verdict::create;
    return judgement;
}

RefKind ref_kind(StoreKind kind) {
    return kind == StoreKind::store ? RefKind::store : RefKind::place;
}

}  // namespace

// ---- stores

Judgement StoreDesk::judge(storage::Tx& tx, const SourceStore& store) const {
    ImportStore refs(tx, context_.mapping.source);
    if (auto before = imported_before(refs, ref_kind(store.kind), store.ref, store.canonical(),
                                      Verdict::keep)) {
        return *std::move(before);
    }
    if (store.kind == StoreKind::store) {
        const auto found = context_.services.organisation.find_store_by_code(tx, store.code);
        if (found) {
            return linked(found->id.value());
        }
    }
    return to_create();
}

Result<Verdict> StoreDesk::act(http::Scope& scope, const SourceStore& store,
                               Learned& learned) const {
    const organisation::Organisation& organisation = context_.services.organisation;
    const Judgement judgement = judge(scope.tx(), store);
    ImportStore refs(scope.tx(), context_.mapping.source);
    const RefKind kind = ref_kind(store.kind);
    if (judgement.verdict == Verdict::link) {
        HANGU_TRY(const organisation::StorePlace place,
                  organisation.store(scope.tx(), organisation::StoreId(judgement.target_id)));
        refs.add(kind, store.ref, judgement.target_id, store.canonical());
        learned.stores.emplace_back(store.ref, place);
    } else if (judgement.verdict == Verdict::create && store.kind == StoreKind::place) {
        HANGU_TRY(const organisation::NodePlace node,
                  organisation.create_region(scope, context_.known.headquarters(),
                                             Text<1, 60>(store.name)));
        refs.add(kind, store.ref, node.id.value(), store.canonical());
        learned.places.emplace_back(store.ref, node.id);
    } else if (judgement.verdict == Verdict::create) {
        organisation::NewStore made;
        made.parent_id = context_.known.headquarters();
        made.code = Text<1, 16>(store.code);
        made.name = Text<1, 60>(store.name);
        made.address = Text<0, 200>(store.address);
        made.phone = Text<0, 24>(store.phone);
        HANGU_TRY(const organisation::StorePlace place, organisation.create_store(scope, made));
        refs.add(kind, store.ref, place.id.value(), store.canonical());
        learned.stores.emplace_back(store.ref, place);
    }
    return judgement.verdict;
}

// ---- staff

Judgement StaffDesk::judge(storage::Tx& tx, const SourceStaff& person) const {
    ImportStore refs(tx, context_.mapping.source);
    if (auto before =
            imported_before(refs, RefKind::staff, person.ref, person.canonical(), Verdict::keep)) {
        return *std::move(before);
    }
    identity::Identity& identity = context_.services.staff.identity();
    if (const auto account = identity.find_by_login(tx, person.login_name)) {
        return linked(account->id.value());
    }
    return to_create();
}

Result<Verdict> StaffDesk::act(http::Scope& scope, const SourceStaff& person,
                               Learned& learned) const {
    const Judgement judgement = judge(scope.tx(), person);
    ImportStore refs(scope.tx(), context_.mapping.source);
    std::int64_t id = judgement.target_id;
    if (judgement.verdict == Verdict::create) {
        staff::NewStaff made;
        made.name = Text<1, 40>(person.name);
        made.login_name = person.login_name;
        made.phone = person.phone;
        made.node_id = context_.known.node(person.place);
        if (const auto role = context_.known.role(person.role)) {
            made.role_ids.push_back(*role);
        }
        HANGU_TRY(const staff::StaffMade person_made, context_.services.staff.create(scope, made));
        id = person_made.id.value();
    }
    if (judgement.verdict == Verdict::create || judgement.verdict == Verdict::link) {
        refs.add(RefKind::staff, person.ref, id, person.canonical());
        learned.staff.emplace_back(person.ref, id);
    }
    return judgement.verdict;
}

Result<Learned> StaffDesk::make_roles(http::Scope& scope) const {
    authorization::Authorization& authorization = context_.services.staff.authorization();
    Learned learned;
    for (const RoleMapping& role : context_.mapping.roles) {
        const std::optional<authorization::RoleId> known = context_.known.role(role.name);
        if (known && known->is_set()) {
            continue;
        }
        HANGU_TRY(const authorization::Role made,
                  authorization.create_role(scope, role.name, role.permissions));
        std::string codes;
        for (const std::string& code : role.permissions) {
            codes += codes.empty() ? code : " " + code;
        }
        scope.audit({"role.created",
                     "role",
                     made.id.text(),
                     made.name,
                     {{"name", "", made.name}, {"permissions", "", codes}},
                     ""});
        learned.roles.emplace_back(made.name, made.id);
    }
    return learned;
}

// ---- products

Judgement ProductDesk::judge(storage::Tx& tx, const SourceProduct& product) const {
    ImportStore refs(tx, context_.mapping.source);
    if (auto before = imported_before(refs, RefKind::product, product.code, product.canonical(),
                                      Verdict::change)) {
        return *std::move(before);
    }
    const catalogue::Catalogue& catalogue = context_.services.catalogue;
    const auto found = catalogue.find_product_by_code(tx, product.code);
    for (const SourceSpec& spec : product.specs) {
        const auto holder = catalogue.find_spec_by_code(tx, spec.code);
        const bool fits = found ? holder && holder->product_id == found->id : !holder;
        if (!fits) {
            Judgement judgement;
            judgement.verdict = Verdict::bad;
            judgement.code = "product.code_taken";
            judgement.detail = "the code of the product or of its spec \"" + spec.code +
                               "\" is used here for something else";
            return judgement;
        }
    }
    return found ? linked(found->id.value()) : to_create();
}

namespace {

catalogue::SpecInputs spec_inputs(const SourceProduct& product) {
    catalogue::SpecInputs inputs;
    for (const SourceSpec& spec : product.specs) {
        catalogue::SpecInput input;
        input.code = Text<1, 40>(spec.code);
        input.name = Text<1, 40>(spec.name);
        input.price_fen = catalogue::Price(spec.price.fen());
        inputs.push_back(std::move(input));
    }
    return inputs;
}

}  // namespace

Result<catalogue::ProductId> ProductDesk::put(http::Scope& scope, const SourceProduct& product,
                                              const Judgement& judgement) const {
    const catalogue::Catalogue& catalogue = context_.services.catalogue;
    HANGU_TRY(const catalogue::CategoryId category,
              catalogue.ensure_category(scope, Text<1, 40>(product.category)));
    if (judgement.verdict == Verdict::create) {
        catalogue::ProductDraft draft;
        draft.code = Text<1, 40>(product.code);
        draft.name = Text<1, 80>(product.name);
        draft.category_id = category;
        draft.description = Text<0, 1000>(product.description);
        draft.state = product.state;
        draft.specs = spec_inputs(product);
        return catalogue.create_product(scope, draft);
    }
    const auto known = catalogue.find_product_by_code(scope.tx(), product.code);
    if (!known || known->id.value() != judgement.target_id) {
        return Problem::conflict("product.code_taken", product.code);
    }
    catalogue::ProductChange change;
    change.name = Text<1, 80>(product.name);
    change.category_id = category;
    change.description = Text<0, 1000>(product.description);
    change.state = product.state;
    change.specs = spec_inputs(product);
    HANGU_CHECK(catalogue.change_product(scope, known->id, known->version, change));
    return known->id;
}

Result<Verdict> ProductDesk::act(http::Scope& scope, const SourceProduct& product,
                                 Learned& learned) const {
    const Judgement judgement = judge(scope.tx(), product);
    if (judgement.verdict == Verdict::unchanged || judgement.verdict == Verdict::bad) {
        return judgement.verdict;
    }
    ImportStore refs(scope.tx(), context_.mapping.source);
    catalogue::ProductId id(judgement.target_id);
    if (judgement.verdict != Verdict::link) {
        HANGU_TRY(id, put(scope, product, judgement));
    }
    if (judgement.ref) {
        refs.change(*judgement.ref, product.canonical());
    } else {
        refs.add(RefKind::product, product.code, id.value(), product.canonical());
    }
    for (const SourceSpec& spec : product.specs) {
        const auto made = context_.services.catalogue.find_spec_by_code(scope.tx(), spec.code);
        HANGU_ASSERT(made.has_value() && made->product_id == id);
        const std::optional<RefRow> before = refs.find(RefKind::spec, spec.ref);
        if (!before) {
            refs.add(RefKind::spec, spec.ref, made->id.value(), spec.code);
        }
        learned.specs.emplace_back(spec.ref, made->id);
    }
    return judgement.verdict;
}

// ---- members

Judgement MemberDesk::judge(storage::Tx& tx, const SourceMember& member) const {
    ImportStore refs(tx, context_.mapping.source);
    if (auto before =
            imported_before(refs, RefKind::member, member.ref, member.canonical(), Verdict::keep)) {
        return *std::move(before);
    }
    if (const auto found = context_.services.members.find_by_phone(tx, *member.phone)) {
        return linked(found->id.value());
    }
    return to_create();
}

Result<Verdict> MemberDesk::act(http::Scope& scope, const SourceMember& member, Learned&) const {
    const Judgement judgement = judge(scope.tx(), member);
    std::int64_t id = judgement.target_id;
    if (judgement.verdict == Verdict::create) {
        member::NewMember made;
        made.phone = member.phone;
        made.name = member.name;
        made.email = member.email;
        made.birthday = member.birthday;
        made.gender = member.gender;
        if (!member.level.empty()) {
            made.level = member.level;
        }
        if (!member.store.empty()) {
            made.home_store_id = context_.known.store(member.store).id;
        }
        if (member.joined) {
            made.joined_at = member.joined->start(utc_offset_minutes_);
        }
        HANGU_TRY(const member::MemberRecord record, context_.services.members.create(scope, made));
        id = record.id.value();
    }
    if (judgement.verdict == Verdict::create || judgement.verdict == Verdict::link) {
        ImportStore(scope.tx(), context_.mapping.source)
            .add(RefKind::member, member.ref, id, member.canonical());
    }
    return judgement.verdict;
}

// ---- receipts

void ReceiptDesk::load_menu(storage::Tx& tx) {
    const std::optional<organisation::StoreId> store = context_.known.any_store();
    if (!store) {
        return;
    }
    const std::vector<catalogue::SpecId> specs = context_.known.specs();
    catalogue::Menu menu = context_.services.catalogue.menu(tx, *store, specs, {});
    for (catalogue::SaleSpec& spec : menu.specs) {
        menu_.emplace(spec.id, std::move(spec));
    }
}

Judgement ReceiptDesk::judge(storage::Tx& tx, const SourceReceipt& receipt) const {
    ImportStore refs(tx, context_.mapping.source);
    if (auto before = imported_before(refs, RefKind::receipt, receipt.key, receipt.canonical(),
                                      Verdict::bad)) {
        before->code = "order.differs";
        before->detail = "receipt " + receipt.key +
                         " was imported with other content; orders of the past are not changed";
        return *std::move(before);
    }
    if (!receipt.member.empty()) {
        const bool planned = planned_members_ != nullptr && planned_members_->holds(receipt.member);
        if (!planned && !refs.find(RefKind::member, receipt.member)) {
            Judgement judgement;
            judgement.verdict = Verdict::bad;
            judgement.code = "order.member_unknown";
            judgement.detail = "no such member; if it stands for nobody, map it to \"\"";
            return judgement;
        }
    }
    return to_create();
}

Result<Verdict> ReceiptDesk::act(http::Scope& scope, const SourceReceipt& receipt, Learned&) const {
    const Judgement judgement = judge(scope.tx(), receipt);
    if (judgement.verdict != Verdict::create) {
        return judgement.verdict;
    }
    ImportStore refs(scope.tx(), context_.mapping.source);
    order::PastOrder past;
    past.external_ref = context_.mapping.source + ":" + receipt.key;
    past.store = context_.known.store(receipt.store);
    past.mode = receipt.mode;
    past.placed_at = receipt.placed_at;
    past.tender = receipt.tender;
    past.remark = receipt.remark;
    if (!receipt.member.empty()) {
        const std::optional<RefRow> member = refs.find(RefKind::member, receipt.member);
        if (!member) {
            return Verdict::bad;  // left out with --skip-bad, as its member was
        }
        past.member_id = member::MemberId(member->target_id);
    }
    for (const SourceLine& line : receipt.lines) {
        const auto spec = menu_.find(context_.known.spec(line.product));
        HANGU_ASSERT(spec != menu_.end());
        order::PastLine made;
        made.product_id = spec->second.product_id;
        made.spec_id = spec->second.id;
        made.product_name = spec->second.product_name;
        made.spec_name = spec->second.spec_name;
        made.quantity = line.quantity;
        made.unit = line.unit;
        made.discount = line.discount;
        past.lines.push_back(std::move(made));
    }
    HANGU_TRY(const order::Recorded recorded, context_.services.orders.record_past(scope, past));
    refs.add(RefKind::receipt, receipt.key, 0, receipt.canonical());
    return recorded == order::Recorded::added ? Verdict::create : Verdict::link;
}

}  // namespace hangu::importing
