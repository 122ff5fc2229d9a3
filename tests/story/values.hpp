// What a story remembers: one tree of JSON values. "$order.lines[0].id" names a place in it.
#pragma once

#include <boost/json.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace hangu::story {

// A story that cannot go on: a step nobody understands, a name nobody gave. Says where and why.
class StoryFault : public std::runtime_error {
 public:
    using std::runtime_error::runtime_error;
};

class Values {
 public:
    // "store.S1" or "order": makes what is missing on the way. Only names, no numbers.
    void set(std::string_view path, boost::json::value value);
    // Null when there is nothing of that name.
    const boost::json::value* find(std::string_view path) const;
    const boost::json::value& get(std::string_view path) const;  // StoryFault when it is not there

    // Replaces every $name in a text.
    std::string fill(std::string_view text) const;
    // Replaces every $name in the texts of a JSON value; a text that is one $name alone becomes
    // that value with its kind, so that "version": "$order.version" sends a number.
    boost::json::value fill(const boost::json::value& value) const;
    // A value as a story writes it: $name, a JSON value, or else a plain text.
    boost::json::value read(std::string_view text) const;

 private:
    boost::json::object root_;
};

// A place below a value: ".items[0].id"; null when it is not there.
const boost::json::value* at_path(const boost::json::value& value, std::string_view path);

std::string as_text(const boost::json::value& value);  // texts bare, others as JSON

}  // namespace hangu::story
