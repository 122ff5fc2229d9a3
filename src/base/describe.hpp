// One description of a struct serves JSON in and out, OpenAPI and rows:
//
//     struct Draft { StoreId store_id; List<Line, 1, 50> lines; };
//     HANGU_STRUCT(Draft, store_id, lines)
//     enum class Mode { dine_in, pick_up };
//     HANGU_ENUM(Mode, dine_in, pick_up)
//
// Both stand in the namespace of the type, right after it.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11.hpp>

#include <array>
#include <optional>
#include <string_view>
#include <type_traits>

#define HANGU_STRUCT(Type, ...)                                                \
    BOOST_DESCRIBE_STRUCT(Type, (), (__VA_ARGS__))                             \
    [[maybe_unused]] constexpr std::string_view hangu_type_name(const Type*) { \
        return #Type;                                                          \
    }
#define HANGU_ENUM(Type, ...)                                                  \
    BOOST_DESCRIBE_ENUM(Type, __VA_ARGS__)                                     \
    [[maybe_unused]] constexpr std::string_view hangu_type_name(const Type*) { \
        return #Type;                                                          \
    }

namespace hangu {

template <class T>
concept DescribedStruct =
    boost::describe::has_describe_members<std::remove_const_t<T>>::value && std::is_class_v<T>;
template <class T>
concept DescribedEnum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;

template <class T>
using Members = boost::describe::describe_members<T, boost::describe::mod_public>;

template <class T>
constexpr std::string_view type_name() {
    return hangu_type_name(static_cast<const T*>(nullptr));
}

// Calls visit(name, member_reference) for each member, in order.
template <DescribedStruct T, class Visit>
constexpr void for_each_member(T& object, Visit&& visit) {
    boost::mp11::mp_for_each<Members<std::remove_const_t<T>>>(
        [&](auto member) { visit(std::string_view(member.name), object.*member.pointer); });
}

template <DescribedStruct T>
constexpr std::size_t member_count() {
    return boost::mp11::mp_size<Members<T>>::value;
}

template <DescribedEnum E>
constexpr std::string_view enum_text(E value) {
    std::string_view text;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto entry) {
        if (entry.value == value) {
            text = entry.name;
        }
    });
    return text;
}

template <DescribedEnum E>
constexpr std::optional<E> parse_enum(std::string_view text) {
    std::optional<E> found;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto entry) {
        if (text == entry.name) {
            found = entry.value;
        }
    });
    return found;
}

}  // namespace hangu
