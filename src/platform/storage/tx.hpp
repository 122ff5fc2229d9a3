// A transaction. Tx belongs to one tenant and binds it; ControlTx is the control database's.
// Neither is made or kept by domain code: the engine lends it for the length of one piece of work
// on a lane.
#pragma once

#include "base/check.hpp"
#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/money.hpp"
#include "base/sealed.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/storage/data_scope.hpp"
#include "platform/storage/schema.hpp"
#include "platform/storage/statement.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace hangu::storage {

// Bytes as they are: hashes, ciphertext made elsewhere, canonical records.
struct Blob {
    std::string bytes;
    friend bool operator==(const Blob&, const Blob&) = default;
};

// A look-up value for a blind index column: probe("member.phone_blind", phone).
struct BlindProbe {
    std::string_view field;  // a literal
    std::string plain;
    bool full = true;
};
template <class T>
BlindProbe probe(std::string_view field, const T& value) {
    return {field, value.plain(), true};
}

// The database refused: disk full, I/O, corruption. A fault, not an outcome.
class StorageFault : public std::runtime_error {
 public:
    using std::runtime_error::runtime_error;
};

// One execution of a prepared statement. Engines implement it; parameters and columns count from 1
// and from 0 as SQL libraries do.
class Cursor {
 public:
    virtual ~Cursor() = default;
    virtual void bind_integer(int at, std::int64_t value) = 0;
    virtual void bind_text(int at, std::string_view value) = 0;  // copied
    virtual void bind_blob(int at, std::string_view value) = 0;  // copied
    virtual void bind_null(int at) = 0;
    virtual bool step() = 0;  // true: there is a row. Throws StorageFault, Conflict
    virtual std::int64_t changed() = 0;
    virtual bool is_null(int column) = 0;
    virtual std::int64_t integer(int column) = 0;
    virtual std::string_view text(int column) = 0;  // valid until the next step
    virtual std::string_view blob(int column) = 0;
    virtual void finish() = 0;  // resets and clears bindings
};

// A unique key was violated; try_insert turns it into false.
class UniqueViolation : public StorageFault {
 public:
    using StorageFault::StorageFault;
};

class Session {
 public:
    virtual ~Session() = default;
    // `key` is the address of the statement constant: prepared once per connection.
    virtual Cursor& prepare(const void* key, std::string_view name, std::string_view sql) = 0;
    // Rows worth inserting with one statement: several where a statement is a way to a server. At
    // most kRowsAtOnceMax.
    virtual std::size_t rows_at_once() const { return 1; }
};

struct SealAccess {
    template <class T>
    static const T& value(const Sealed<T>& sealed) {
        return sealed.value_;
    }
    template <class T, bool Full>
    static std::string_view plain(const Blind<T, Full>& blind) {
        return blind.plain_;
    }
    template <class T, bool Full>
    static void set_stored(Blind<T, Full>& blind, std::string_view stored) {
        blind.stored_ = stored;
    }
    template <class T, bool Full>
    static std::string_view stored(const Blind<T, Full>& blind) {
        return blind.stored_;
    }
};

namespace detail {

template <class T>
struct IsSealed : std::false_type {};
template <class T>
struct IsSealed<Sealed<T>> : std::true_type {};
template <class T>
struct IsBlind : std::false_type {};
template <class T, bool Full>
struct IsBlind<Blind<T, Full>> : std::true_type {};
template <class T>
struct IsId : std::false_type {};
template <class Tag>
struct IsId<Id<Tag>> : std::true_type {};
template <class T>
struct IsOpt : std::false_type {};
template <class T>
struct IsOpt<std::optional<T>> : std::true_type {};
template <class T>
struct IsText : std::false_type {};
template <std::size_t Min, std::size_t Max>
struct IsText<Text<Min, Max>> : std::true_type {};

struct KeyContext {
    TenantId tenant;
    crypto::TenantKeys* keys = nullptr;  // null in the control database
};

// field_id of "table.column", computed once per place in the code.
template <class Row, std::size_t Index>
std::uint64_t member_field(std::string_view column) {
    static const std::uint64_t field =
        crypto::field_id(std::string(Row::kTable) + "." + std::string(column));
    return field;
}

template <class T>
void bind_scalar(Cursor& cursor, int& at, const T& value, const KeyContext& context) {
    if constexpr (IsOpt<T>::value) {
        if (value) {
            bind_scalar(cursor, at, *value, context);
        } else {
            cursor.bind_null(at++);
        }
    } else if constexpr (std::is_same_v<T, bool>) {
        cursor.bind_integer(at++, value ? 1 : 0);
    } else if constexpr (DescribedEnum<T>) {
        cursor.bind_text(at++, enum_text(value));
    } else if constexpr (std::is_integral_v<T>) {
        cursor.bind_integer(at++, static_cast<std::int64_t>(value));
    } else if constexpr (IsId<T>::value) {
        cursor.bind_integer(at++, value.value());
    } else if constexpr (std::is_same_v<T, Money>) {
        cursor.bind_integer(at++, value.fen());
    } else if constexpr (std::is_same_v<T, Time>) {
        cursor.bind_integer(at++, value.unix_ms());
    } else if constexpr (std::is_same_v<T, Day>) {
        cursor.bind_integer(at++, value.number());
    } else if constexpr (std::is_same_v<T, Blob>) {
        cursor.bind_blob(at++, value.bytes);
    } else if constexpr (std::is_same_v<T, BlindProbe>) {
        const std::string blind =
            context.keys->blind(crypto::field_id(value.field), value.plain, value.full);
        cursor.bind_blob(at++, blind);
    } else if constexpr (std::is_same_v<T, DataScope>) {
        for (const PathRange& range : value.ranges()) {
            cursor.bind_text(at++, range.from);
            cursor.bind_text(at++, range.to);
        }
    } else if constexpr (IsText<T>::value) {
        cursor.bind_text(at++, value.str());
    } else {
        static_assert(std::is_convertible_v<const T&, std::string_view>,
                      "this type cannot be bound");
        cursor.bind_text(at++, std::string_view(value));
    }
}

template <class Row>
std::int64_t row_id(const Row& row) {
    if constexpr (requires { row.id.value(); }) {
        return row.id.value();
    } else {
        return 0;
    }
}

template <class Row>
void bind_row(Cursor& cursor, int& at, const Row& row, const KeyContext& context) {
    boost::mp11::mp_for_each<boost::mp11::mp_iota_c<member_count<Row>()>>([&](auto index) {
        using Described = boost::mp11::mp_at<Members<Row>, decltype(index)>;
        const auto& member = row.*Described::pointer;
        using Member = std::remove_cvref_t<decltype(member)>;
        if constexpr (IsSealed<Member>::value) {
            if (member.empty()) {
                cursor.bind_null(at++);
                return;
            }
            const std::uint64_t field = member_field<Row, index>(Described::name);
            const crypto::Place place{context.tenant, field, row_id(row)};
            cursor.bind_blob(at++, context.keys->seal(Member::Value::kKeyClass, place,
                                                      SealAccess::value(member).plain()));
        } else if constexpr (IsBlind<Member>::value) {
            if (!SealAccess::stored(member).empty()) {
                cursor.bind_blob(at++, SealAccess::stored(member));
            } else if (member.empty()) {
                cursor.bind_null(at++);
            } else {
                const std::uint64_t field = member_field<Row, index>(Described::name);
                cursor.bind_blob(
                    at++, context.keys->blind(field, SealAccess::plain(member), Member::kFull));
            }
        } else {
            bind_scalar(cursor, at, member, context);
        }
    });
}

template <class T>
void bind_argument(Cursor& cursor, int& at, const T& value, const KeyContext& context) {
    if constexpr (DescribedStruct<T>) {
        bind_row(cursor, at, value, context);
    } else {
        bind_scalar(cursor, at, value, context);
    }
}

template <class T>
T read_scalar(Cursor& cursor, int column) {
    if constexpr (IsOpt<T>::value) {
        return cursor.is_null(column) ? T{}
                                      : T{read_scalar<typename T::value_type>(cursor, column)};
    } else if constexpr (std::is_same_v<T, bool>) {
        return cursor.integer(column) != 0;
    } else if constexpr (DescribedEnum<T>) {
        const std::optional<T> value = parse_enum<T>(cursor.text(column));
        if (!value) {
            throw StorageFault("unknown value of an enumeration in a row");
        }
        return *value;
    } else if constexpr (std::is_integral_v<T>) {
        return static_cast<T>(cursor.integer(column));
    } else if constexpr (IsId<T>::value) {
        return T(cursor.integer(column));
    } else if constexpr (std::is_same_v<T, Money>) {
        return Money(cursor.integer(column));
    } else if constexpr (std::is_same_v<T, Time>) {
        return Time(cursor.integer(column));
    } else if constexpr (std::is_same_v<T, Day>) {
        return Day::from_number(cursor.integer(column)).value_or(Day{});
    } else if constexpr (std::is_same_v<T, Blob>) {
        return Blob{std::string(cursor.blob(column))};
    } else {
        return T(std::string(cursor.text(column)));
    }
}

template <class Row>
Row read_row(Cursor& cursor, const KeyContext& context) {
    if constexpr (DescribedStruct<Row>) {
        Row row{};
        boost::mp11::mp_for_each<boost::mp11::mp_iota_c<member_count<Row>()>>([&](auto index) {
            using Described = boost::mp11::mp_at<Members<Row>, decltype(index)>;
            auto& member = row.*Described::pointer;
            using Member = std::remove_cvref_t<decltype(member)>;
            constexpr int column = static_cast<int>(decltype(index)::value);
            if constexpr (IsSealed<Member>::value) {
                if (!cursor.is_null(column)) {
                    const std::uint64_t field = member_field<Row, index>(Described::name);
                    const crypto::Place place{context.tenant, field, row_id(row)};
                    member = Member(
                        Member::Value::from_plain(context.keys->open(place, cursor.blob(column))));
                }
            } else if constexpr (IsBlind<Member>::value) {
                if (!cursor.is_null(column)) {
                    SealAccess::set_stored(member, cursor.blob(column));
                }
            } else {
                member = read_scalar<Member>(cursor, column);
            }
        });
        return row;
    } else {
        return read_scalar<Row>(cursor, 0);
    }
}

template <class T>
constexpr std::size_t parameters_of() {
    if constexpr (DescribedStruct<T>) {
        return member_count<T>();
    } else if constexpr (std::is_same_v<T, DataScope>) {
        return DataScope::kRangesCountMax * 2;
    } else {
        return 1;
    }
}

template <class Row>
std::vector<std::string_view> columns_of() {
    std::vector<std::string_view> names;
    boost::mp11::mp_for_each<Members<Row>>([&names](auto member) { names.push_back(member.name); });
    return names;
}

// Resets the cursor when the use of it ends, however it ends.
class Using {
 public:
    explicit Using(Cursor& cursor) : cursor_(cursor) {}
    ~Using() { cursor_.finish(); }
    Using(const Using&) = delete;
    Using& operator=(const Using&) = delete;

 private:
    Cursor& cursor_;
};

}  // namespace detail

template <class Row, class... Args>
StatementInfo info(const Statement<Row(Args...)>& statement) {
    StatementInfo result{statement.name,
                         statement.sql,
                         false,
                         statement.scan.allowed_because,
                         1 + (std::size_t{0} + ... + detail::parameters_of<Args>()),
                         nullptr};
    if constexpr (DescribedStruct<Row>) {
        result.columns = &detail::columns_of<Row>;
    }
    return result;
}

template <class Row, class... Args>
StatementInfo info(const ControlStatement<Row(Args...)>& statement) {
    StatementInfo result{statement.name,
                         statement.sql,
                         true,
                         statement.scan.allowed_because,
                         (std::size_t{0} + ... + detail::parameters_of<Args>()),
                         nullptr};
    if constexpr (DescribedStruct<Row>) {
        result.columns = &detail::columns_of<Row>;
    }
    return result;
}

// The generated insert of a row struct with `static constexpr std::string_view kTable`.
template <class Row>
StatementInfo insert_info(bool control = false) {
    const auto columns = detail::columns_of<Row>();
    return {Row::kTable, insert_sql(Row::kTable, columns, control), control,
            "",          (control ? 0 : 1) + columns.size(),        nullptr};
}

// What Tx and ControlTx share. Not used by name.
class BasicTx {
 public:
    BasicTx(Session& session, detail::KeyContext context, Time now)
        : session_(session), context_(context), now_(now) {}
    BasicTx(const BasicTx&) = delete;
    BasicTx& operator=(const BasicTx&) = delete;

    Time now() const { return now_; }

 protected:
    template <class Row, class... Args, class... Given>
    std::optional<Row> find_at(int first, const void* key, std::string_view name,
                               std::string_view sql, const Given&... given) {
        Cursor& cursor = session_.prepare(key, name, sql);
        const detail::Using use(cursor);
        bind_all<Args...>(cursor, first, given...);
        if (!cursor.step()) {
            return std::nullopt;
        }
        return detail::read_row<Row>(cursor, context_);
    }
    template <class Row, class... Args, class Visit, class... Given>
    void each_at(int first, const void* key, std::string_view name, std::string_view sql,
                 Visit&& visit, const Given&... given) {
        Cursor& cursor = session_.prepare(key, name, sql);
        const detail::Using use(cursor);
        bind_all<Args...>(cursor, first, given...);
        while (cursor.step()) {
            visit(detail::read_row<Row>(cursor, context_));
        }
    }
    template <class... Args, class... Given>
    std::int64_t run_at(int first, const void* key, std::string_view name, std::string_view sql,
                        const Given&... given) {
        Cursor& cursor = session_.prepare(key, name, sql);
        const detail::Using use(cursor);
        bind_all<Args...>(cursor, first, given...);
        cursor.step();
        return cursor.changed();
    }
    template <class Row>
    void insert_at(int first, const Row& row, bool control) {
        static const std::string& sql = insert_sql(Row::kTable, detail::columns_of<Row>(), control);
        run_at<Row>(first, &sql, Row::kTable, sql, row);
    }

    template <class Row>
    void insert_rows(const std::string& sql, std::span<const Row> rows) {
        Cursor& cursor = session_.prepare(&sql, Row::kTable, sql);
        const detail::Using use(cursor);
        cursor.bind_integer(1, context_.tenant.value());
        int at = 2;
        for (const Row& row : rows) {
            detail::bind_argument(cursor, at, row, context_);
        }
        cursor.step();
    }

    Session& session_;
    detail::KeyContext context_;
    Time now_;

 private:
    friend struct TxSession;  // the engine's own work on rows of any table

    // Given values convert to the declared argument types here, so a wrong type does not compile.
    template <class... Args, class... Given>
    void bind_all(Cursor& cursor, int first, const Given&... given) {
        static_assert(sizeof...(Args) == sizeof...(Given), "wrong number of arguments");
        [[maybe_unused]] int at = first;
        if (first == 2) {
            cursor.bind_integer(1, context_.tenant.value());
        }
        (bind_one<Args>(cursor, at, given), ...);
    }
    template <class Arg, class Value>
    void bind_one(Cursor& cursor, int& at, const Value& value) {
        if constexpr (std::is_same_v<Arg, Value>) {
            detail::bind_argument(cursor, at, value, context_);
        } else {
            const Arg converted(value);
            detail::bind_argument(cursor, at, converted, context_);
        }
    }
};

class Tx final : public BasicTx {
 public:
    using BasicTx::BasicTx;

    TenantId tenant() const { return context_.tenant; }
    crypto::TenantKeys& keys() { return *context_.keys; }

    // The first row, or none.
    template <class Row, class... Args, class... Given>
    std::optional<Row> find(const Statement<Row(Args...)>& s, const Given&... given) {
        return find_at<Row, Args...>(2, &s, s.name, s.sql, given...);
    }
    // All rows: the statement has a limit.
    template <class Row, class... Args, class... Given>
    std::vector<Row> list(const Statement<Row(Args...)>& s, const Given&... given) {
        std::vector<Row> rows;
        each_at<Row, Args...>(
            2, &s, s.name, s.sql, [&rows](Row row) { rows.push_back(std::move(row)); }, given...);
        return rows;
    }
    // Calls visit(row) for each row; for sums over many.
    template <class Row, class... Args, class Visit, class... Given>
    void each(const Statement<Row(Args...)>& s, Visit&& visit, const Given&... given) {
        each_at<Row, Args...>(2, &s, s.name, s.sql, std::forward<Visit>(visit), given...);
    }
    // Changes rows; answers how many.
    template <class... Args, class... Given>
    std::int64_t run(const Statement<void(Args...)>& s, const Given&... given) {
        return run_at<Args...>(2, &s, s.name, s.sql, given...);
    }
    // Inserts a described row into Row::kTable. Throws UniqueViolation.
    template <class Row>
    void insert(const Row& row) {
        insert_at(2, row, false);
    }
    // The same for several, with fewer statements where those are dear. Throws UniqueViolation:
    // then some may be there.
    template <class Row>
    void insert_all(std::span<const Row> rows) {
        static const InsertTexts texts = insert_texts(Row::kTable, detail::columns_of<Row>());
        while (!rows.empty()) {
            const std::size_t count = std::min(rows.size(), session_.rows_at_once());
            insert_rows(*texts[count - 1], rows.first(count));
            rows = rows.subspan(count);
        }
    }
    // False when a unique key stood against it; nothing was written then.
    template <class Row>
    bool try_insert(const Row& row) {
        try {
            insert_at(2, row, false);
            return true;
        } catch (const UniqueViolation&) {
            return false;
        }
    }
};

class ControlTx final : public BasicTx {
 public:
    using BasicTx::BasicTx;

    template <class Row, class... Args, class... Given>
    std::optional<Row> find(const ControlStatement<Row(Args...)>& s, const Given&... given) {
        return find_at<Row, Args...>(1, &s, s.name, s.sql, given...);
    }
    template <class Row, class... Args, class... Given>
    std::vector<Row> list(const ControlStatement<Row(Args...)>& s, const Given&... given) {
        std::vector<Row> rows;
        each_at<Row, Args...>(
            1, &s, s.name, s.sql, [&rows](Row row) { rows.push_back(std::move(row)); }, given...);
        return rows;
    }
    template <class... Args, class... Given>
    std::int64_t run(const ControlStatement<void(Args...)>& s, const Given&... given) {
        return run_at<Args...>(1, &s, s.name, s.sql, given...);
    }
    template <class Row>
    void insert(const Row& row) {
        insert_at(1, row, true);
    }
    template <class Row>
    bool try_insert(const Row& row) {
        try {
            insert_at(1, row, true);
            return true;
        } catch (const UniqueViolation&) {
            return false;
        }
    }
};

}  // namespace hangu::storage
