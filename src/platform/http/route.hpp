// Routes are data. A handler is an ordinary function from a described input to a described answer:
//
//     struct CancelOrder { OrderId order_id; Text<2, 200> reason; Number<1, kMax> version; };
//     HANGU_STRUCT(CancelOrder, order_id, reason, version)
//     Result<OrderView> cancel_order(Scope& scope, const CancelOrder& input);
//
//     routes.add({.name = "order.cancel", .method = "POST",
//                 .path = "/api/v1/orders/{order_id}/cancel", .permission = kMayCancel,
//                 .guard = Guard::organisation, .work = Work::write}, cancel_order);
//
// An input member comes from the path if the path names it, else from the query (GET, DELETE) or
// the JSON body (others). Everything wrong is answered at once: 422 "input.invalid" with fields.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "platform/http/caller.hpp"
#include "platform/http/message.hpp"
#include "platform/http/permission.hpp"
#include "platform/http/scope.hpp"
#include "platform/storage/engine.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hangu::http {

using storage::Work;

// Which question a handler must ask before it may succeed.
enum class Guard {
    open,          // public: no session, no tenant transaction of the pipeline
    signed_in,     // any session; concerns the caller's own things
    tenant,        // the route's permission is the whole question
    organisation,  // the handler must call authorize(permission, path), within() or reveal()
};

struct Route {
    std::string_view name;    // "order.cancel"
    std::string_view method;  // "POST"
    std::string_view path;    // "/api/v1/orders/{order_id}/cancel"
    Permission permission{};
    Guard guard = Guard::organisation;
    Realms realms = static_cast<Realms>(Realm::merchant);
    Work work = Work::write;
    bool idempotent = false;            // requires the Idempotency-Key header
    std::int64_t per_minute_max = 600;  // per session or key
    std::size_t body_bytes_max = 65536;
    std::string_view summary = "";  // for the API page, English
    std::string_view tag = "";      // group on the API page
    bool hidden = false;            // not in OpenAPI (console files, health)
};

// Answers with other status than 200.
template <class T>
struct Created {  // 201
    T value;
};
struct NoContent {};  // 204

using PathParameters = std::vector<std::pair<std::string_view, std::string>>;

// What the router and the documents know of a route once its types are forgotten.
struct RouteEntry {
    Route route;
    // Exactly one of the two is set.
    std::function<Result<Response>(Scope&, const Request&, const PathParameters&)> handle;
    std::function<Task<Result<Response>>(Request, PathParameters)> handle_waiting;
    std::function<boost::json::object(json::Schemas&)> input_schema;   // null: none
    std::function<boost::json::object(json::Schemas&)> output_schema;  // null: none
    int success_status = 200;
};

Response json_response(int status, std::string body);

namespace detail {

// Gathers path, query and body members into one JSON object of the right kinds and reads it.
struct InputField {
    std::string_view name;
    bool numeric = false;
    bool boolean = false;
};
Result<boost::json::value> gather(const Request& request, const PathParameters& path,
                                  const std::vector<InputField>& fields);

template <class T>
constexpr bool is_numeric_member() {
    if constexpr (json::IsOptional<T>::value) {
        return is_numeric_member<typename T::value_type>();
    } else {
        return (std::is_integral_v<T> && !std::is_same_v<T, bool>) || std::is_same_v<T, Money> ||
               requires(T t) {
            []<std::int64_t A, std::int64_t B>(Number<A, B>) {}(t);
        };
    }
}
template <class T>
constexpr bool is_boolean_member() {
    if constexpr (json::IsOptional<T>::value) {
        return is_boolean_member<typename T::value_type>();
    } else {
        return std::is_same_v<T, bool>;
    }
}

template <class Input>
Result<Input> read_input(const Request& request, const PathParameters& path) {
    static const std::vector<InputField> fields = [] {
        std::vector<InputField> list;
        boost::mp11::mp_for_each<Members<Input>>([&list](auto member) {
            using Member = std::remove_cvref_t<decltype(std::declval<Input>().*member.pointer)>;
            list.push_back({member.name, is_numeric_member<Member>(), is_boolean_member<Member>()});
        });
        return list;
    }();
    HANGU_TRY(const boost::json::value gathered, gather(request, path, fields));
    Input input{};
    json::Reader reader;
    json::Codec<Input>::read(gathered, input, reader);
    if (!reader.ok()) {
        Problem problem = Problem::invalid("input.invalid");
        problem.fields = reader.take();
        return problem;
    }
    return input;
}

template <class Output>
struct Answer {
    static constexpr int kStatus = 200;
    static Response make(const Output& value) { return json_response(200, json::to_text(value)); }
    static boost::json::object schema(json::Schemas& schemas) {
        return json::Codec<Output>::schema(schemas);
    }
};
template <class T>
struct Answer<Created<T>> {
    static constexpr int kStatus = 201;
    static Response make(const Created<T>& value) {
        return json_response(201, json::to_text(value.value));
    }
    static boost::json::object schema(json::Schemas& schemas) {
        return json::Codec<T>::schema(schemas);
    }
};
template <>
struct Answer<NoContent> {
    static constexpr int kStatus = 204;
    static Response make(const NoContent&) {
        Response response;
        response.status = 204;
        return response;
    }
    static boost::json::object schema(json::Schemas&) { return {}; }
};
template <>
struct Answer<Response> {
    static constexpr int kStatus = 200;
    static Response make(Response value) { return value; }
    static boost::json::object schema(json::Schemas&) { return {}; }
};

}  // namespace detail

class Routes {
 public:
    // With input: handler(Scope&, const Input&) -> Result<Output>.
    template <class Output, class Input>
    void add(const Route& route, Result<Output> (*handler)(Scope&, const Input&)) {
        add_with<Output, Input>(route, handler);
    }
    // Without input: handler(Scope&) -> Result<Output>.
    template <class Output>
    void add(const Route& route, Result<Output> (*handler)(Scope&)) {
        RouteEntry entry = describe<Output>(route);
        entry.handle = [handler](Scope& scope, const Request&,
                                 const PathParameters&) -> Result<Response> {
            HANGU_TRY(Output output, handler(scope));
            return detail::Answer<Output>::make(std::move(output));
        };
        entries_.push_back(std::move(entry));
    }
    // A callable that holds services by reference: (Scope&, const Input&) -> Result<Output>.
    template <class Output, class Input, class F>
    void add_with(const Route& route, F handler) {
        RouteEntry entry = describe<Output>(route);
        entry.input_schema = [](json::Schemas& schemas) {
            return json::Codec<Input>::schema(schemas);
        };
        entry.handle = [handler](Scope& scope, const Request& request,
                                 const PathParameters& path) -> Result<Response> {
            HANGU_TRY(const Input input, detail::read_input<Input>(request, path));
            HANGU_TRY(Output output, handler(scope, input));
            return detail::Answer<Output>::make(std::move(output));
        };
        entries_.push_back(std::move(entry));
    }
    // A handler that waits for the outside or for the hash pool: a coroutine that opens its own
    // transactions. Output is for the documents; the answer may carry cookies.
    template <class Output, class Input, class F>
    void add_waiting(const Route& route, F handler) {
        RouteEntry entry = describe<Output>(route);
        entry.input_schema = [](json::Schemas& schemas) {
            return json::Codec<Input>::schema(schemas);
        };
        entry.handle_waiting = handler;
        entries_.push_back(std::move(entry));
    }
    void add_entry(RouteEntry entry) { entries_.push_back(std::move(entry)); }

    const std::vector<RouteEntry>& entries() const { return entries_; }
    std::vector<RouteEntry> take() { return std::move(entries_); }

 private:
    template <class Output>
    static RouteEntry describe(const Route& route) {
        RouteEntry entry;
        entry.route = route;
        entry.success_status = detail::Answer<Output>::kStatus;
        entry.output_schema = [](json::Schemas& schemas) {
            return detail::Answer<Output>::schema(schemas);
        };
        return entry;
    }

    std::vector<RouteEntry> entries_;
};

}  // namespace hangu::http
