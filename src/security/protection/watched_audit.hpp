// The audit sink that the pipeline talks to: records go on to the real one, and every answer is
// told to those who count.
#pragma once

#include "platform/http/request_watch.hpp"
#include "platform/http/scope.hpp"

#include <vector>

namespace hangu::protection {

class WatchedAudit final : public http::AuditSink, public http::RequestWatch {
 public:
    explicit WatchedAudit(http::AuditSink& records) : records_(records) {}
    // Before any request is served.
    void add(http::RequestWatch& watch) { watches_.push_back(&watch); }

    void record(storage::Tx& tx, const http::RequestFacts& request,
                const std::vector<http::AuditFact>& facts) override {
        records_.record(tx, request, facts);
    }
    void visit(TenantId tenant, const http::RequestFacts& request, Time at, int status,
               std::string_view subject_id) override {
        records_.visit(tenant, request, at, status, subject_id);
    }
    void answered(const http::Answered& answered) override {
        for (http::RequestWatch* watch : watches_) {
            watch->answered(answered);
        }
    }

 private:
    http::AuditSink& records_;
    std::vector<http::RequestWatch*> watches_;
};

}  // namespace hangu::protection
