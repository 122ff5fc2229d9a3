// What a database has had of the schema's steps, against what this program knows of them. The same
// for files and shards; each reads its own.
#pragma once

#include "base/result.hpp"
#include "platform/storage/internal/step_text.hpp"
#include "platform/storage/schema.hpp"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::storage {

struct Step {
    std::string_view module;
    std::string_view name;
    std::string_view sql;
    std::string checksum;  // hex SHA-256 of the text
    StepHead head;
    std::int64_t (*fill)(Tx& tx, std::int64_t rows_max) = nullptr;

    std::string full_name() const { return std::string(module) + "/" + std::string(name); }
};

// How this program stands to the schema.
struct ProgramFacts {
    Release release;
    bool blocking_ddl = false;
    std::set<std::string> contracted;  // contract steps that new tenants begin with, by full name
};

// The steps of one kind of database, in module order, and the digest over those that a new one has.
struct Steps {
    std::vector<Step> steps;
    std::string digest;
    ProgramFacts facts;

    // Whether a new database has it: everything but what is done to tenants one by one.
    bool is_of_new(const Step& step) const {
        return step.head.phase == Phase::base || step.head.phase == Phase::expand ||
               (step.head.phase == Phase::contract && facts.contracted.contains(step.full_name()));
    }
    const Step* find(std::string_view module, std::string_view name) const;
};

Steps steps_of(std::span<const Part> parts, bool control, const ProgramFacts& facts = {});

// Steps without a head that can be read, and those that do what their phase must not.
std::vector<std::string> step_faults(std::span<const Part> parts);

// One row of schema_step.
struct HadStep {
    std::string module;
    std::string name;
    std::string checksum;
    Phase phase = Phase::base;
    Release release;
    Release understood_since;
    bool complete = true;
};
// The texts as they stand in the row.
HadStep had_step(std::string module, std::string name, std::string checksum, std::string_view phase,
                 std::string_view release, std::string_view understood);

// Points into the steps that it was made with.
struct SchemaView {
    std::vector<HadStep> had;
    std::vector<const Step*> missing;       // of base and expand, also what was begun
    std::vector<const Step*> uncontracted;  // known contract steps that were not done
    std::vector<std::string> newer;         // full names of steps that this program does not know
    bool under_way = false;  // one of those is not complete: a newer program is at it
    std::string digest;      // of what it had
    // "migration.changed", "migration.newer", "migration.contracted": it is not served.
    std::optional<Problem> refusal;

    bool has(const Step& step) const;
    // Whether a later contract step of its module has begun here: what a migrate step would read
    // may be gone, and everything was filled before.
    bool is_over(const Step& step, const Steps& steps) const;
};
SchemaView view_of(std::vector<HadStep> had, const Steps& steps);
SchemaView view_of(std::vector<HadStep> had, Steps&& steps) = delete;

std::string digest_of_steps(std::span<const HadStep> had);

// Tables as they are, in words that both engines share.
struct LiveColumn {
    std::string name;
    std::string text;       // "label text not null"
    bool optional = false;  // an insert may leave it out
};
using LiveTables = std::map<std::string, std::vector<LiveColumn>>;

// What differs from the declaration, in words. Allowed are what contract steps have not removed yet
// and, if `sealed`, optional columns and tables of newer steps: the schema is as the last one that
// changed it has left it, so they are not another hand's.
std::vector<std::string> differences_of(LiveTables live, std::span<const Part> parts, bool control,
                                        const SchemaView& view, bool sealed);

}  // namespace hangu::storage
