// What the source's files say, record by record, each checked by itself. Whether what a record
// refers to exists is asked of References.
#pragma once

#include "commerce/importing/internal/key_lines.hpp"
#include "commerce/importing/internal/source_file.hpp"

#include "base/describe.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hangu::importing {

inline constexpr std::size_t kRefCharactersMax = 64;

// Where the pieces of one run stand.
struct Source {
    const Mapping& mapping;
    std::string folder;
    int utc_offset_minutes;  // of the source's clocks
    BadRows& bad;
};

enum class StoreKind { store, place, skip };
HANGU_ENUM(StoreKind, store, place, skip)

// `canonical` of a record is everything the import uses of it, in one text: two readings of it are
// the same record if their canonicals are.
struct SourceStore {
    std::int64_t line = 0;
    StoreKind kind = StoreKind::store;
    std::string ref;
    std::string code;
    std::string name;
    std::string address;
    std::string phone;
    std::string canonical() const;
};

inline constexpr std::string_view kHeadquartersWord = "@headquarters";

struct SourceStaff {
    std::int64_t line = 0;
    std::string ref;
    std::string name;
    std::string login_name;
    std::string place;
    std::string role;
    std::optional<Phone> phone;
    std::string canonical() const;
};

struct SourceSpec {
    std::int64_t line = 0;
    std::string ref;
    std::string code;
    std::string name;
    Money price;
};
struct SourceProduct {
    std::int64_t line = 0;
    std::string code;
    std::string name;
    std::string category;
    std::string description;
    catalogue::ProductState state = catalogue::ProductState::on;
    std::vector<SourceSpec> specs;
    std::string canonical() const;
};

struct SourceMember {
    std::int64_t line = 0;
    std::string ref;
    std::optional<Phone> phone;
    std::string name;
    std::optional<Email> email;
    std::optional<Day> birthday;
    member::Gender gender = member::Gender::unknown;
    std::string store;
    std::optional<Day> joined;
    std::string level;
    std::string canonical() const;
};

struct SourceLine {
    std::string product;
    std::int64_t quantity = 1;
    Money unit;
    Money discount;
    Money net() const { return unit * quantity - discount; }
};
struct SourceReceipt {
    std::int64_t line = 0;  // of its first row
    std::int64_t last_line = 0;
    std::string key;
    std::string store;
    std::string staff;
    std::string member;  // "" : nobody
    Time placed_at;
    order::OrderMode mode = order::OrderMode::retail;
    order::Tender tender = order::Tender::external;
    std::string remark;
    std::vector<SourceLine> lines;
    std::string canonical() const;
};

// Are the things known that a record refers to? By reference in the source.
class References {
 public:
    virtual ~References() = default;
    virtual bool has_place(std::string_view ref) const = 0;  // store or place
    virtual bool has_store(std::string_view ref) const = 0;
    virtual bool has_role(std::string_view name) const = 0;
    virtual bool has_staff(std::string_view ref) const = 0;
    virtual bool has_product(std::string_view ref) const = 0;
};

inline constexpr std::size_t kStaffCountMax = 100'000;
inline constexpr std::size_t kSpecRowsCountMax = 200'000;

// Small files come as a whole; "import.too_many_rows". A bad row is told, counted and left out.
Result<std::vector<SourceStore>> read_stores(const Source& source, ImportCounts& counts);
Result<std::vector<SourceStaff>> read_staff(const Source& source, const References& known,
                                            ImportCounts& counts);
Result<std::vector<SourceProduct>> read_products(const Source& source, ImportCounts& counts);

// Large files are read record by record.
class MemberReader {
 public:
    static Result<MemberReader> open(const Source& source, const References& known);
    // The next good member; counts.read and counts.bad grow on the way.
    bool next(SourceMember& member, ImportCounts& counts);
    std::int64_t bytes_read() const { return file_.bytes_read(); }
    // References of the good members read so far.
    KeyLines take_good() { return std::move(good_); }
    bool ended_without_line_break() const { return file_.ended_without_line_break(); }

 private:
    explicit MemberReader(SourceFile file) : file_(std::move(file)) {}
    void read(SourceMember& member);

    SourceFile file_;
    const References* known_ = nullptr;
    BoundField ref_, phone_, name_, email_, birthday_, gender_, store_, joined_, level_;
    KeyLines refs_;
    KeyLines phones_;
    KeyLines good_;
};

}  // namespace hangu::importing
