// Where the matrix is played: two merchants, amber and birch, with the same kind of things; and
// callers with exactly these rights at exactly this place.
#pragma once

#include "tests/story/setting_up.hpp"
#include "tests/story/world.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace hangu::matrix {

using story::Answer;
using story::Person;

struct Call {
    std::string method;
    std::string target;
    boost::json::value body;
    std::vector<http::Header> headers;
    std::string origin = "https://hangu.test";  // of the page that sends it
};

class Ground {
 public:
    Ground();

    // A person of amber or birch with these permissions; `place`: "headquarters", "AMB-1" …
    Person& staff(const std::string& tenant, const std::vector<std::string>& permissions,
                  const std::string& place);
    Person& application(const std::string& tenant, const std::vector<std::string>& permissions);
    Person& nobody();
    std::vector<std::string> all_permissions() const;
    std::vector<std::string> all_but(std::string_view permission) const;

    // Things of amber, made anew by its owner so that a call may use them up. Ids unless said.
    boost::json::value fresh_order();  // the whole order, paid, at store AMB-1
    boost::json::value fresh_staff();  // the whole person, without roles, at store AMB-1
    std::string fresh_record();        // of an act at store AMB-1, in the log
    std::string fresh_role();
    std::string fresh_key();    // of store AMB-1
    std::string fresh_grant();  // of a role that may review grants, at store AMB-1
    std::string fresh_group();  // of store AMB-1
    std::string fresh_duty_pair();
    boost::json::object disclosure_wish();    // of one record of the caller's merchant
    std::string fresh_approval();             // of a disclosure, asked by amber's owner
    std::string approval_of(Person& person);  // asked by her, if she may in amber
    std::string fresh_disclosure();           // authorised, approved, not taken
    // Pairs of separated duties, gone: they forbid the people "with every right".
    void clear_duty_pairs();
    std::string fresh_channel();   // that leads nowhere
    std::string fresh_delivery();  // that has failed for good
    std::string fresh_notice(Person& person);
    void clear_channels();            // a merchant has not room for endless ones
    std::string fresh_destination();  // of the events of store AMB-1
    std::string fresh_letter();       // an event that its queue will never take
    void clear_destinations();
    // Asks for a code by text message, for somebody of amber who has just begun.
    boost::json::object text_code_wish();
    std::string fresh_link_token();
    std::string fresh_lock_out();  // of a person whom strangers tried to sign in as
    std::string fresh_name();      // never the same twice
    std::string fresh_phone();
    boost::json::value row(const std::string& target);  // what amber's owner sees there

    std::string value(std::string_view path) const { return story::as_text(values.get(path)); }
    Answer send(Person& person, const Call& call);

    // A thing of birch that a field of this name could name: "store_id", "option_ids" …; "" when
    // nobody said what such a field names.
    std::string thing_of_birch(const std::string& field);
    std::vector<std::string> markers_of_birch() const;

    // Words that only amber's things carry.
    std::vector<std::string> markers() const;

    story::World world;
    story::TablesReader tables{world.data_folder()};
    story::Values values;
    story::Merchant amber;
    story::Merchant birch;

 private:
    Person& keeper(const std::string& tenant);  // of channels; she has just signed in
    std::string make_channel(Person& keeper, const std::string& name);
    std::string make_delivery(Person& keeper, const std::string& channel);
    Person& dispatcher(const std::string& tenant);  // of destinations; she has just signed in
    std::string make_destination(Person& dispatcher, const std::string& name,
                                 const std::string& node);
    std::string make_letter(Person& dispatcher, const std::string& destination,
                            const std::function<void()>& happen);
    boost::json::value birch_order(const std::string& key);
    std::string make_for_birch(const std::string& kind);
    std::string make(Person& owner, const std::string& target, boost::json::object body);

    std::map<std::string, std::string> birch_things_;
    std::map<std::pair<std::string, std::vector<std::string>>, std::string> roles_;
    std::size_t count_ = 0;
};

}  // namespace hangu::matrix
