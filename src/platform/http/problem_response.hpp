// Problems as RFC 9457 documents: the only place that knows status numbers.
#pragma once

#include "base/problem.hpp"
#include "platform/http/message.hpp"

#include <span>
#include <string_view>

namespace hangu::http {

int status_of(const Problem& problem);

// Title and detail follow the request's Accept-Language: Chinese unless English is asked for first.
// `incident`: what the log calls it, if it is there.
Response problem_response(const Problem& problem, const Request& request,
                          std::string_view incident = "");

// A fault: 500 with the incident's number and nothing else.
Response fault_response(const Request& request, std::string_view incident);

// Every code with its titles, for the documents.
struct ProblemTitle {
    std::string_view code;
    std::string_view zh;
    std::string_view en;
};
std::span<const ProblemTitle> problem_titles();

}  // namespace hangu::http
