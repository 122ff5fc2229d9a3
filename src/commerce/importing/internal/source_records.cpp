#include "commerce/importing/internal/source_records.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace hangu::importing {

namespace {

// Texts one after the other so that no two lists of texts read the same.
class Canonical {
 public:
    Canonical& add(std::string_view text) {
        out_ += std::to_string(text.size());
        out_ += ':';
        out_ += text;
        return *this;
    }
    Canonical& add(std::int64_t number) { return add(std::to_string(number)); }
    std::string take() { return std::move(out_); }

 private:
    std::string out_;
};

std::string words_of_repeat(std::int64_t line) {
    return fmt::format("stands in line {} already", line);
}

// A column whose values must differ from row to row.
void expect_new(SourceFile& file, KeyLines& seen, const BoundField& field, std::string_view value) {
    if (value.empty()) {
        return;
    }
    if (const auto before = seen.seen_before(value, file.line())) {
        file.complain(field, "value.repeated", words_of_repeat(*before));
    }
}

bool is_code(std::string_view text) {
    return text.find_first_not_of(
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") ==
           std::string_view::npos;
}

// Letters of a login name; identity has the last word.
bool is_login(std::string_view text) {
    return text.size() >= 2 && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-@") ==
                                   std::string_view::npos;
}

Problem too_many(const SourceFile& file, std::size_t max) {
    return Problem::invalid("import.too_many_rows",
                            fmt::format("{}: {} rows at most", file.name(), max));
}

}  // namespace

std::string SourceStore::canonical() const {
    return Canonical().add(enum_text(kind)).add(code).add(name).add(address).add(phone).take();
}

std::string SourceStaff::canonical() const {
    return Canonical()
        .add(name)
        .add(login_name)
        .add(place)
        .add(role)
        .add(phone ? phone->plain() : "")
        .take();
}

std::string SourceProduct::canonical() const {
    Canonical out;
    out.add(name).add(category).add(description).add(enum_text(state));
    for (const SourceSpec& spec : specs) {
        out.add(spec.ref).add(spec.code).add(spec.name).add(spec.price.fen());
    }
    return out.take();
}

std::string SourceMember::canonical() const {
    return Canonical()
        .add(phone ? phone->plain() : "")
        .add(name)
        .add(email ? email->plain() : "")
        .add(birthday ? birthday->number() : 0)
        .add(enum_text(gender))
        .add(store)
        .add(joined ? joined->number() : 0)
        .add(level)
        .take();
}

std::string SourceReceipt::canonical() const {
    Canonical out;
    out.add(store)
        .add(staff)
        .add(member)
        .add(placed_at.unix_ms())
        .add(enum_text(mode))
        .add(enum_text(tender));
    out.add(remark);
    for (const SourceLine& one : lines) {
        out.add(one.product).add(one.quantity).add(one.unit.fen()).add(one.discount.fen());
    }
    return out.take();
}

Result<std::vector<SourceStore>> read_stores(const Source& source, ImportCounts& counts) {
    const StoresMapping& mapping = *source.mapping.stores;
    HANGU_TRY(SourceFile file, SourceFile::open(source.folder, mapping.form, source.mapping,
                                                Echo::values, source.bad));
    HANGU_TRY(const BoundField ref, file.bind(mapping.ref));
    HANGU_TRY(const BoundField kind, file.bind(mapping.kind));
    HANGU_TRY(const BoundField code, file.bind(mapping.code));
    HANGU_TRY(const BoundField name, file.bind(mapping.name));
    HANGU_TRY(const BoundField address, file.bind(mapping.address));
    HANGU_TRY(const BoundField phone, file.bind(mapping.phone));
    std::vector<SourceStore> stores;
    KeyLines refs;
    KeyLines codes;
    while (file.next()) {
        ++counts.read;
        SourceStore store;
        store.line = file.line();
        store.kind = file.choice(kind, StoreKind::store);
        store.ref = file.text(ref, kRefCharactersMax, true);
        expect_new(file, refs, ref, store.ref);
        if (store.kind == StoreKind::skip && file.good()) {
            ++counts.skipped;
            continue;
        }
        store.name = file.text(name, 60, true);
        if (store.kind == StoreKind::store) {
            const BoundField& code_field = code.is_set() ? code : ref;
            store.code = file.text(code_field, 16, true);
            if (!is_code(store.code)) {
                file.complain(code_field, "store.code_malformed", "letters, digits, - and _");
            }
            if (code.is_set()) {
                expect_new(file, codes, code, store.code);
            }
            store.address = file.text(address, 200, false);
            store.phone = file.text(phone, 24, false);
        }
        if (!file.good()) {
            ++counts.bad;
        } else if (stores.size() == organisation::kStoresCountMax) {
            return too_many(file, organisation::kStoresCountMax);
        } else {
            stores.push_back(std::move(store));
        }
    }
    counts.read += file.broken_count();
    counts.bad += file.broken_count();
    return stores;
}

Result<std::vector<SourceStaff>> read_staff(const Source& source, const References& known,
                                            ImportCounts& counts) {
    const StaffMapping& mapping = *source.mapping.staff;
    HANGU_TRY(SourceFile file, SourceFile::open(source.folder, mapping.form, source.mapping,
                                                Echo::nothing, source.bad));
    HANGU_TRY(const BoundField ref, file.bind(mapping.ref));
    HANGU_TRY(const BoundField name, file.bind(mapping.name));
    HANGU_TRY(const BoundField login, file.bind(mapping.login_name));
    HANGU_TRY(const BoundField place, file.bind(mapping.place));
    HANGU_TRY(const BoundField role, file.bind(mapping.role));
    HANGU_TRY(const BoundField phone, file.bind(mapping.phone));
    std::vector<SourceStaff> staff;
    KeyLines refs;
    KeyLines logins;
    while (file.next()) {
        ++counts.read;
        SourceStaff person;
        person.line = file.line();
        person.ref = file.text(ref, kRefCharactersMax, true);
        expect_new(file, refs, ref, person.ref);
        person.name = file.text(name, 40, true);
        person.login_name = lower_ascii(file.text(login, 40, true));
        if (!is_login(person.login_name)) {
            file.complain(login, "staff.login_malformed", "a-z, 0-9, \".\", \"_\", \"-\"");
        }
        expect_new(file, logins, login, person.login_name);
        person.place = file.text(place, kRefCharactersMax, true);
        if (!person.place.empty() && person.place != kHeadquartersWord &&
            !known.has_place(person.place)) {
            file.complain(place, "staff.place_unknown",
                          "no such store or place; map it to one or to @headquarters");
        }
        person.role = file.text(role, 40, false);
        if (!person.role.empty() && !known.has_role(person.role)) {
            file.complain(role, "staff.role_unknown", "no such role; add it under [roles]");
        }
        person.phone = phone.is_set() ? file.phone(phone, false) : std::nullopt;
        if (!file.good()) {
            ++counts.bad;
        } else if (staff.size() == kStaffCountMax) {
            return too_many(file, kStaffCountMax);
        } else {
            staff.push_back(std::move(person));
        }
    }
    counts.read += file.broken_count();
    counts.bad += file.broken_count();
    return staff;
}

namespace {

struct ProductFields {
    BoundField ref, code, name, category, description, state, spec_code, spec_name, price;
};

Result<ProductFields> bind_products(const SourceFile& file, const ProductsMapping& mapping) {
    ProductFields fields;
    HANGU_TRY(fields.ref, file.bind(mapping.ref));
    HANGU_TRY(fields.code, file.bind(mapping.code));
    HANGU_TRY(fields.name, file.bind(mapping.name));
    HANGU_TRY(fields.category, file.bind(mapping.category));
    HANGU_TRY(fields.description, file.bind(mapping.description));
    HANGU_TRY(fields.state, file.bind(mapping.state));
    HANGU_TRY(fields.spec_code, file.bind(mapping.spec_code));
    HANGU_TRY(fields.spec_name, file.bind(mapping.spec_name));
    HANGU_TRY(fields.price, file.bind(mapping.price));
    return fields;
}

// One row: a product with the one spec that it names.
SourceProduct read_product(SourceFile& file, const ProductFields& fields) {
    SourceProduct product;
    SourceSpec spec;
    product.line = spec.line = file.line();
    spec.ref = file.text(fields.ref, kRefCharactersMax, true);
    product.code = file.text(fields.code.is_set() ? fields.code : fields.ref, 40, true);
    product.name = file.text(fields.name, 80, true);
    product.category = file.text(fields.category, 40, true);
    product.description = file.text(fields.description, 1000, false);
    product.state = file.choice(fields.state, catalogue::ProductState::on);
    spec.code = file.text(fields.spec_code.is_set() ? fields.spec_code : fields.ref, 40, true);
    spec.name = fields.spec_name.is_set() ? file.text(fields.spec_name, 40, true)
                                          : file.text(fields.name, 40, true);
    spec.price = file.money(fields.price);
    if (spec.price.fen() > catalogue::kPriceFenMax) {
        file.complain(fields.price, "money.too_large", "100,000.00 at most");
    }
    product.specs.push_back(std::move(spec));
    return product;
}

}  // namespace

Result<std::vector<SourceProduct>> read_products(const Source& source, ImportCounts& counts) {
    const ProductsMapping& mapping = *source.mapping.products;
    HANGU_TRY(SourceFile file, SourceFile::open(source.folder, mapping.form, source.mapping,
                                                Echo::values, source.bad));
    HANGU_TRY(const ProductFields fields, bind_products(file, mapping));
    std::vector<SourceProduct> products;
    std::unordered_map<std::string, std::size_t> by_code;
    KeyLines refs;
    KeyLines spec_codes;
    std::size_t rows = 0;
    while (file.next()) {
        ++counts.read;
        if (++rows > kSpecRowsCountMax) {
            return too_many(file, kSpecRowsCountMax);
        }
        SourceProduct row = read_product(file, fields);
        expect_new(file, refs, fields.ref, row.specs.front().ref);
        if (fields.spec_code.is_set()) {
            expect_new(file, spec_codes, fields.spec_code, row.specs.front().code);
        }
        const auto same = by_code.find(row.code);
        if (same != by_code.end() && file.good()) {
            SourceProduct& product = products[same->second];
            if (product.name != row.name || product.category != row.category) {
                file.complain(
                    fields.name, "product.rows_disagree",
                    fmt::format("another name or category than in line {}", product.line));
            } else if (product.specs.size() == catalogue::kSpecsCountMax) {
                file.complain(fields.ref, "product.too_many_specs",
                              fmt::format("{} at most", catalogue::kSpecsCountMax));
            }
        }
        if (!file.good()) {
            ++counts.bad;
        } else if (same != by_code.end()) {
            products[same->second].specs.push_back(std::move(row.specs.front()));
        } else {
            by_code.emplace(row.code, products.size());
            products.push_back(std::move(row));
        }
    }
    counts.read += file.broken_count();
    counts.bad += file.broken_count();
    return products;
}

Result<MemberReader> MemberReader::open(const Source& source, const References& known) {
    const MembersMapping& mapping = *source.mapping.members;
    HANGU_TRY(SourceFile file, SourceFile::open(source.folder, mapping.form, source.mapping,
                                                Echo::nothing, source.bad));
    MemberReader reader(std::move(file));
    reader.known_ = &known;
    HANGU_TRY(reader.ref_, reader.file_.bind(mapping.ref));
    HANGU_TRY(reader.phone_, reader.file_.bind(mapping.phone));
    HANGU_TRY(reader.name_, reader.file_.bind(mapping.name));
    HANGU_TRY(reader.email_, reader.file_.bind(mapping.email));
    HANGU_TRY(reader.birthday_, reader.file_.bind(mapping.birthday));
    HANGU_TRY(reader.gender_, reader.file_.bind(mapping.gender));
    HANGU_TRY(reader.store_, reader.file_.bind(mapping.store));
    HANGU_TRY(reader.joined_, reader.file_.bind(mapping.joined));
    HANGU_TRY(reader.level_, reader.file_.bind(mapping.level));
    return reader;
}

void MemberReader::read(SourceMember& member) {
    member = SourceMember{};
    member.line = file_.line();
    member.ref = file_.text(ref_, kRefCharactersMax, true);
    expect_new(file_, refs_, ref_, member.ref);
    member.phone = file_.phone(phone_, true);
    if (member.phone) {
        expect_new(file_, phones_, phone_, member.phone->plain());
    }
    member.name = file_.text(name_, 40, false);
    if (const std::string email = file_.raw(email_); !email.empty()) {
        member.email = Email::parse(email);
        if (!member.email) {
            file_.complain(email_, "email.malformed", "such as name@example.com");
        }
    }
    if (birthday_.is_set()) {
        member.birthday = file_.day(birthday_, false);
    }
    member.gender = file_.choice(gender_, member::Gender::unknown);
    member.store = file_.text(store_, kRefCharactersMax, false);
    if (!member.store.empty() && !known_->has_store(member.store)) {
        file_.complain(store_, "member.store_unknown", "no such store");
    }
    if (joined_.is_set()) {
        member.joined = file_.day(joined_, false);
    }
    member.level = file_.text(level_, 20, false);
}

bool MemberReader::next(SourceMember& member, ImportCounts& counts) {
    while (true) {
        const std::int64_t broken = file_.broken_count();
        const bool found = file_.next();
        counts.read += file_.broken_count() - broken;
        counts.bad += file_.broken_count() - broken;
        if (!found) {
            return false;
        }
        ++counts.read;
        read(member);
        if (file_.good()) {
            good_.seen_before(member.ref, member.line);
            return true;
        }
        ++counts.bad;
    }
}

}  // namespace hangu::importing
